/** The tools that steer: start a workflow, answer, go on, cancel. Owns what each refuses, and in which words. */
import { findBreakpoint } from "../../run/admit.ts";
import type { Signal } from "../../run/signal.ts";
import { isObject } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import { formatDiagnostic } from "../../workflow/diagnostic.ts";
import type { App, Started, TemplateInfo } from "../app.ts";
import { mayAnswer } from "./agentAnswers.ts";
import {
  type AgentTool,
  gives,
  no,
  RUN_ID,
  type ToolAnswer,
  type ToolPorts,
  takes,
} from "./agentTool.ts";
import { textOf, withWatch } from "./readCall.ts";

/** The tools that steer; the app is asked for anew at every call. */
export function steerTools(ports: ToolPorts): readonly AgentTool[] {
  const { app } = ports;
  return [startWorkflow(app), answerQuestion(ports), resumeRun(app), cancelRun(app)];
}

function startWorkflow(app: () => App): AgentTool {
  return {
    name: "start_workflow",
    title: "Start a workflow",
    description:
      "Starts a workflow of list_workflows with its inputs, and answers the run's id at once. Then wait_for_run tells what came of it.",
    inputSchema: takes(
      {
        workflow: { type: "string", description: "Its name, as list_workflows gives it." },
        inputs: { type: "object", description: "By name. None when left out." },
      },
      ["workflow"],
    ),
    outputSchema: gives({ run: { type: "string" }, workflow: { type: "string" } }, ["run"]),
    effect: "adds",
    call: async (input, { name: startedBy }) => {
      const wanted = textOf(input.workflow) ?? "";
      const templates = await app().listTemplates();
      const template = templates.find(({ name }) => name === wanted);
      if (!template) return no(unknownWorkflow(wanted, templates));
      const inputs = isObject(input.inputs) ? input.inputs : {};
      const started = await app().startRun({
        ...{ template: template.file, inputs, startedBy, coerce: true },
      });
      if (!started.ok) return no(refusal(started));
      return {
        ok: true,
        text: `Started ${wanted} as ${started.run}. Wait for it with wait_for_run.`,
        facts: { run: started.run, workflow: wanted },
      };
    },
  };
}

/** What is said of a workflow that is not there. */
export function unknownWorkflow(wanted: string, templates: readonly TemplateInfo[]): string {
  const names = templates.map(({ name }) => name);
  const meant = closest(wanted, names);
  const next = meant === undefined ? "list_workflows names them." : `Did you mean \`${meant}\`?`;
  return `There is no workflow ${JSON.stringify(wanted)} in this folder. ${next}`;
}

function refusal({ failure, diagnostics }: Extract<Started, { ok: false }>): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return [failure.message, ...errors.map(formatDiagnostic), "Nothing was started."].join("\n");
}

function answerQuestion({ app, allowed }: ToolPorts): AgentTool {
  return {
    name: "answer_question",
    title: "Answer a question",
    description:
      "Answers an open question of a run. `shown` is the hash that get_run gave with it: an answer to something that changed meanwhile is refused. Questions that are not `answerable` wait for a person.",
    inputSchema: takes(
      {
        run: RUN_ID,
        question: { type: "string", description: "The question's id, as get_run gives it." },
        answer: { description: "As the question's `answer` says." },
        shown: { type: "string", minLength: 1, description: "The question's hash." },
      },
      ["run", "question", "answer", "shown"],
    ),
    outputSchema: gives({ run: { type: "string" }, answered: { type: "string" } }, ["run"]),
    effect: "decides",
    call: async (input, { name }) => {
      const run = textOf(input.run) ?? "";
      const question = textOf(input.question) ?? "";
      const answers = await allowed();
      return withWatch(app(), run, async ({ state }) => {
        const open = findBreakpoint(state, question);
        if (open && !mayAnswer(answers, open.form)) return forPeople(run, open.id);
        return steer(app(), run, {
          type: "answer",
          breakpoint: open?.id ?? question,
          answer: input.answer ?? null,
          by: name,
          shown: textOf(input.shown) ?? "",
        });
      });
    },
  };
}

/** What is said of a question that an agent may not answer. */
export function forPeople(run: string, question: string): ToolAnswer {
  const message =
    `${question} waits for a person. Ask them to answer it: under Approvals in the editor, or with \`fermata answer ${run} ${question}\`. ` +
    'Whether agents may answer is `agentAnswers` in their own settings ("questions" or "all").';
  return { ok: false, message, forPerson: { run, breakpoint: question } };
}

function resumeRun(app: () => App): AgentTool {
  return {
    name: "resume_run",
    title: "Go on with a run",
    description: "Goes on with a run that is paused, or that nobody drives any more.",
    inputSchema: takes({ run: RUN_ID }, ["run"]),
    outputSchema: gives({ run: { type: "string" } }, ["run"]),
    effect: "adds",
    call: (input, { name }) => {
      const run = textOf(input.run) ?? "";
      return withWatch(app(), run, ({ state }) =>
        state.status === "paused"
          ? steer(app(), run, { type: "resume", by: name })
          : goOn(app(), run),
      );
    },
  };
}

function cancelRun(app: () => App): AgentTool {
  return {
    name: "cancel_run",
    title: "Cancel a run",
    description:
      "Stops a run and everything that it started, then undoes what its workflow says. A cancelled run is never taken up again.",
    inputSchema: takes(
      { run: RUN_ID, reason: { type: "string", description: "Recorded with it." } },
      ["run"],
    ),
    outputSchema: gives({ run: { type: "string" } }, ["run"]),
    effect: "decides",
    call: async (input, { name: by }) => {
      const run = textOf(input.run) ?? "";
      const reason = textOf(input.reason);
      const signal = { type: "cancel", by, ...(reason === undefined ? {} : { reason }) } as const;
      return steer(app(), run, signal);
    },
  };
}

/** Sends a request; with nobody there the run is taken up from here afterwards. */
export async function steer(app: App, run: string, signal: Signal): Promise<ToolAnswer> {
  const admission = await app.signal(run, signal);
  if (!admission.ok) return no(admission.reason);
  const answered = signal.type === "answer" ? { answered: signal.breakpoint } : {};
  const done = DONE[signal.type] ?? "Done.";
  const opened = await app.openRun(run);
  const text = opened.ok ? done : `${done} Nothing drives the run: ${opened.failure.message}`;
  return { ok: true, text, facts: { run, ...answered } };
}

const DONE: Readonly<Partial<Record<Signal["type"], string>>> = {
  answer: "Answered.",
  cancel: "The cancel is recorded; the run stops.",
  resume: "It goes on.",
  stop_task: "The stop is recorded; the task ends.",
  guide: "Recorded; its agent is told in another attempt.",
  retry: "What failed is at work again.",
};

async function goOn(app: App, run: string): Promise<ToolAnswer> {
  const opened = await app.openRun(run);
  return opened.ok ? { ok: true, text: "It goes on.", facts: { run } } : no(opened.failure.message);
}
