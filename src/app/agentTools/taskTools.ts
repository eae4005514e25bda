/** The tools about one task: stopped, told something, put back to work, done again in a new run, its gates run alone. */
import { movesFor } from "../../run/gate/gateNeeds.ts";
import type { GateResult } from "../../run/gate/judge.ts";
import type { JsonObject } from "../../util/json.ts";
import { isObject } from "../../util/json.ts";
import { formatDiagnostic } from "../../workflow/diagnostic.ts";
import type { App, GatesOf, TemplateInfo } from "../app.ts";
import {
  type AgentTool,
  gives,
  no,
  RUN_ID,
  type ToolAnswer,
  type ToolPorts,
  takes,
} from "./agentTool.ts";
import { textOf } from "./readCall.ts";
import { steer, unknownWorkflow } from "./steerTools.ts";

/** The tools about one task; the app is asked for anew at every call. */
export function taskTools({ app }: Pick<ToolPorts, "app">): readonly AgentTool[] {
  return [stopTask(app), guideTask(app), retryRun(app), forkRun(app), runGates(app)];
}

const TASK: JsonObject = {
  type: "string",
  minLength: 1,
  description: "Its path, as get_run gives it.",
};
const OF_RUN = gives({ run: { type: "string" } }, ["run"]);

function stopTask(app: () => App): AgentTool {
  return {
    name: "stop_task",
    title: "Stop a task",
    description:
      "Stops what one running task does now; the rest of the run goes on as its workflow says. retry_run puts it back to work.",
    inputSchema: takes({ run: RUN_ID, task: TASK }, ["run", "task"]),
    outputSchema: OF_RUN,
    effect: "decides",
    call: (input, { name: by }) => {
      const path = textOf(input.task) ?? "";
      return steer(app(), textOf(input.run) ?? "", { type: "stop_task", path, by });
    },
  };
}

function guideTask(app: () => App): AgentTool {
  return {
    name: "guide_task",
    title: "Tell a task's agent something",
    description:
      "Ends the attempt of a task whose agent is at work or has failed, and makes another one in which that agent is told this.",
    inputSchema: takes(
      {
        run: RUN_ID,
        task: TASK,
        text: { type: "string", minLength: 1, description: "What it is told." },
      },
      ["run", "task", "text"],
    ),
    outputSchema: OF_RUN,
    effect: "decides",
    call: (input, { name: by }) => {
      const path = textOf(input.task) ?? "";
      const text = textOf(input.text) ?? "";
      return steer(app(), textOf(input.run) ?? "", { type: "guide", path, text, by });
    },
  };
}

function retryRun(app: () => App): AgentTool {
  return {
    name: "retry_run",
    title: "Put what failed back to work",
    description:
      "Goes on with a run that failed, from what failed: one task, or all that did. What is finished is not done again; fork_run does that.",
    inputSchema: takes({ run: RUN_ID, task: TASK }, ["run"]),
    outputSchema: OF_RUN,
    effect: "decides",
    call: (input, { name: by }) => {
      const path = textOf(input.task);
      const one = path === undefined ? {} : { path };
      return steer(app(), textOf(input.run) ?? "", { type: "retry", by, ...one });
    },
  };
}

function forkRun(app: () => App): AgentTool {
  return {
    name: "fork_run",
    title: "Do it again from a task, as a new run",
    description:
      "Starts a new run with all that a run did before one of its tasks, and goes on from that task. The run itself stays as it is.",
    inputSchema: takes(
      {
        run: RUN_ID,
        task: TASK,
        set: {
          type: "object",
          description: "State fields that this task reads, written before it begins.",
        },
      },
      ["run", "task"],
    ),
    outputSchema: OF_RUN,
    effect: "decides",
    call: async (input, { name: startedBy }) => {
      const from = textOf(input.task) ?? "";
      const set = isObject(input.set) ? { set: input.set } : {};
      const forked = await app().forkRun({ run: textOf(input.run) ?? "", from, startedBy, ...set });
      if (!forked.ok) return no(forked.failure.message);
      const text = `Started ${forked.run} from ${from}. Wait for it with wait_for_run.`;
      return { ok: true, text, facts: { run: forked.run } };
    },
  };
}

function runGates(app: () => App): AgentTool {
  return {
    name: "run_gates",
    title: "Run gates alone",
    description:
      "Runs the gates of a step and tells what each came to, with its evidence: those of a run's task over what it gave (`run`, `task`), or those of a workflow's step with no run (`workflow`, `step`). It changes no run.",
    inputSchema: takes({
      run: RUN_ID,
      task: TASK,
      workflow: { type: "string", description: "Its name, as list_workflows gives it." },
      step: {
        type: "string",
        description:
          "Its id, wherever in the file it stands; not needed where only one step has gates.",
      },
      inputs: { type: "object", description: "Of the workflow, by name." },
      output: { description: "What the workflow's step is taken to have given." },
    }),
    outputSchema: gives(
      {
        path: { type: "string" },
        gates: { type: "array" },
        unjudged: { type: "array", description: "Those that need values of a run, or `output`." },
      },
      ["path", "gates", "unjudged"],
    ),
    // The commands of gates may write, whatever they are meant to do.
    effect: "adds",
    call: async (input, { signal }) => {
      const of = gatesOf(input, await app().listTemplates());
      return typeof of === "string" ? no(of) : told(app(), of, signal);
    },
  };
}

/** Which gates are meant, or what is wrong with how they are named. */
function gatesOf(input: JsonObject, templates: readonly TemplateInfo[]): GatesOf | string {
  const [run, path, name] = [textOf(input.run), textOf(input.task), textOf(input.workflow)];
  if ((run === undefined) === (name === undefined))
    return "Name either a `run` with its `task`, or a `workflow` with its `step`.";
  if (run !== undefined)
    return path === undefined ? "Name the `task` of the run whose gates are meant." : { run, path };
  const template = templates.find((one) => one.name === name);
  if (!template) return unknownWorkflow(name ?? "", templates);
  const step = textOf(input.step);
  return {
    template: template.file,
    inputs: isObject(input.inputs) ? input.inputs : {},
    ...(step === undefined ? {} : { step }),
    ...(input.output === undefined ? {} : { output: input.output }),
  };
}

async function told(app: App, of: GatesOf, signal: AbortSignal): Promise<ToolAnswer> {
  const ran = await app.runGates(of, signal);
  if (!ran.ok) {
    const errors = (ran.diagnostics ?? []).filter(({ severity }) => severity === "error");
    return no([ran.failure.message, ...errors.map(formatDiagnostic)].join("\n"));
  }
  const { path, results, unjudged } = ran;
  const lines = [
    ...results.map(({ name, status, reason }) => `${status} ${name}: ${reason}`),
    ...unjudged.map(({ name, reason }) => `NOT JUDGED ${name}: ${reason}`),
    ...movesFor(unjudged),
  ];
  const facts = {
    path,
    gates: results.map(asFacts),
    unjudged: unjudged.map((gate) => ({ ...gate })),
  };
  return { ok: true, text: lines.join("\n"), facts };
}

function asFacts({ name, category, status, reason, evidence }: GateResult): JsonObject {
  return { name, category, status, reason, evidence: evidence ?? null };
}
