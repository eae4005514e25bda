/** The tools that look: which workflows there are, which runs, how one stands, what a task said. They change nothing. */
import { parseQuery } from "../../run/history/query.ts";
import type { JsonObject } from "../../util/json.ts";
import { QUESTION_SCHEMA } from "../../views/agent/questionFacts.ts";
import { RUN_PROPERTIES } from "../../views/agent/runFacts.ts";
import { printable } from "../../views/printable.ts";
import { type RunRow, runRows } from "../../views/runList.ts";
import type { App, TemplateInfo } from "../app.ts";
import { comesToRest } from "../runs/rest.ts";
import { type AgentTool, gives, no, RUN_ID, type ToolPorts, takes } from "./agentTool.ts";
import { numberOf, textOf, withWatch } from "./readCall.ts";
import { tellRun } from "./tellRun.ts";

/** The tools that look; the app is asked for anew at every call. */
export function lookTools(ports: ToolPorts): readonly AgentTool[] {
  const { app } = ports;
  return [listWorkflows(app), listRuns(app), getRun(ports), waitForRun(ports), readOutput(app)];
}

/** JSON Schema of how a run stands, with what it asks. */
const RUN_SCHEMA = gives(
  { ...RUN_PROPERTIES, questions: { type: "array", items: QUESTION_SCHEMA } },
  ["run", "workflow", "status", "over", "driven", "tasks", "questions"],
);

function listWorkflows(app: () => App): AgentTool {
  return {
    name: "list_workflows",
    title: "List workflows",
    description:
      "The workflows that can be started in this folder, with the inputs of each. One with a `problem` cannot run.",
    inputSchema: takes({}),
    outputSchema: gives({ workflows: { type: "array", items: { type: "object" } } }, ["workflows"]),
    effect: "reads",
    call: async () => {
      const workflows = (await app().listTemplates()).map(workflowFacts);
      const lines = workflows.map(({ name, description, problem }) =>
        problem === undefined ? `${name}: ${description}` : `${name} cannot run: ${problem}`,
      );
      const text = lines.length > 0 ? lines.join("\n") : "There are no workflows in this folder.";
      return { ok: true, text: printable(text), facts: { workflows } };
    },
  };
}

function workflowFacts({ name, version, description, source, inputs, problem }: TemplateInfo) {
  const asked: JsonObject = JSON.parse(JSON.stringify(inputs));
  const broken = problem === undefined ? {} : { problem };
  return { name, version, description, source, inputs: asked, ...broken };
}

function listRuns(app: () => App): AgentTool {
  return {
    name: "list_runs",
    title: "List runs",
    description:
      "The runs of this folder, latest first. `query` takes words and fields such as `status:failed`, `workflow:NAME`, `since:7d`.",
    inputSchema: takes({
      query: { type: "string" },
      limit: { type: "integer", minimum: 1, maximum: 100, description: "20 when left out." },
    }),
    outputSchema: gives({ runs: { type: "array", items: { type: "object" } } }, ["runs"]),
    effect: "reads",
    call: async (input) => {
      const now = Date.now();
      const read = parseQuery(textOf(input.query) ?? "", now);
      if (!read.ok) return no(read.message);
      const found = await app().listRuns({
        query: read.query,
        limit: numberOf(input.limit) ?? 20,
      });
      const rows = runRows(found, now);
      const text = rows.length > 0 ? rows.map(rowLine).join("\n") : "No run fits.";
      return { ok: true, text: printable(text), facts: { runs: rows.map(rowFacts) } };
    },
  };
}

function rowLine({ run, title, subject, word, elapsed, detail }: RunRow): string {
  const said = [word, elapsed, title, subject, detail];
  return `${run}  ${said.filter((part) => part !== undefined && part !== "").join(" · ")}`;
}

function rowFacts({ run, title, subject, word, elapsed, age, detail }: RunRow): JsonObject {
  return {
    ...{ run, workflow: title, subject, status: word, age },
    ...(elapsed === undefined ? {} : { elapsed }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function getRun({ app, allowed }: ToolPorts): AgentTool {
  return {
    name: "get_run",
    title: "Look at a run",
    description:
      'How a run stands: its status as people see it ("you" is the person), its tasks, what it gave, and the questions that are open.',
    inputSchema: takes(
      {
        run: RUN_ID,
        path: { type: "string", description: "Only the tasks under this one, by its path." },
      },
      ["run"],
    ),
    outputSchema: RUN_SCHEMA,
    effect: "reads",
    call: (input) =>
      withWatch(app(), textOf(input.run) ?? "", async (watch) =>
        tellRun(app().workspace, watch, await allowed(), textOf(input.path)),
      ),
  };
}

/** Longest time that a call waits, in seconds. */
const LONGEST_WAIT = 600;

function waitForRun({ app, allowed }: ToolPorts): AgentTool {
  return {
    name: "wait_for_run",
    title: "Wait for a run",
    description:
      "Waits until the run is over, waits for somebody's answer, is paused or is driven by nobody, and tells how it stands; after `timeout_seconds` in any case. `rests` is false when it still goes on.",
    inputSchema: takes(
      {
        run: RUN_ID,
        timeout_seconds: {
          type: "integer",
          minimum: 1,
          maximum: LONGEST_WAIT,
          description: "30 when left out.",
        },
      },
      ["run"],
    ),
    outputSchema: { ...RUN_SCHEMA, properties: restProperties() },
    effect: "reads",
    call: async (input, { signal }) => {
      const wait = AbortSignal.timeout((numberOf(input.timeout_seconds) ?? 30) * 1000);
      const run = textOf(input.run) ?? "";
      return withWatch(app(), run, async (watch) => {
        const rests = await comesToRest(watch, AbortSignal.any([signal, wait]));
        const told = tellRun(app().workspace, watch, await allowed());
        return told.ok ? { ...told, facts: { ...told.facts, rests } } : told;
      });
    },
  };
}

function restProperties(): JsonObject {
  const run = RUN_PROPERTIES;
  const questions = { type: "array", items: QUESTION_SCHEMA };
  return { ...run, questions, rests: { type: "boolean" } };
}

function readOutput(app: () => App): AgentTool {
  return {
    name: "read_output",
    title: "Read a task's output",
    description: "What one task of a run said: the last lines of its transcript.",
    inputSchema: takes(
      {
        run: RUN_ID,
        path: { type: "string", description: "The task's path, as get_run gives it." },
        lines: { type: "integer", minimum: 1, maximum: 500, description: "100 when left out." },
      },
      ["run", "path"],
    ),
    outputSchema: gives({ lines: { type: "array", items: { type: "object" } } }, ["lines"]),
    effect: "reads",
    call: async (input) => {
      const run = textOf(input.run) ?? "";
      const path = textOf(input.path) ?? "";
      return withWatch(app(), run, async ({ state }) => {
        if (!state.tasks.has(path))
          return no(`${run} has no task ${path} yet. get_run names its tasks.`);
        const all = await app().readOutput(run, path);
        const lines = all.slice(-(numberOf(input.lines) ?? 100));
        const text = lines.map(({ text: said }) => said).join("\n");
        return {
          ok: true,
          text: text === "" ? `${path} has said nothing.` : printable(text),
          facts: {
            lines: lines.map(({ attempt, kind, text: said }) => ({ attempt, kind, text: said })),
          },
        };
      });
    },
  };
}
