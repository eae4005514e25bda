/** The templates that come with the product, run to their end in a scripted world. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Effect } from "../../src/run/command.ts";
import type { ActivityOutcome } from "../../src/run/request.ts";
import { isList, isObject, type Json, type JsonObject } from "../../src/util/json.ts";
import { formatDiagnostic } from "../../src/workflow/diagnostic.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { begin, createProgram, type Simulation, simulate } from "../run/simulate.ts";
import { loadFrom } from "./seeds.ts";

const FOLDER = new URL("../../workflows/", import.meta.url);
const files = new Map(
  readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")] as const),
);
const TASK = "Add rate limiting to the public API";
const KEY = "plan_37ed9d6b751ebb99";

function bundleOf(fileName: string) {
  const { bundle, diagnostics } = validateWorkflow({
    fileName,
    text: files.get(fileName) ?? "",
    load: loadFrom(files),
    lookups: {
      agents: ["@task", "@code-standards-reviewer"],
      servers: ["memory", "web", "workspace"],
      tools: ["memory.save", "memory.add", "web.search", "workspace.search"],
    },
  });
  assert.deepEqual(diagnostics.map(formatDiagnostic), []);
  return bundle ?? assert.fail(`${fileName} may not run`);
}

type Perform = Extract<Effect, { type: "perform" }>;

/** An agent that answers every kind of request, and tools that always work. */
function answer({ request, path }: Perform): ActivityOutcome {
  const completed = (result: Json): ActivityOutcome => ({ type: "completed", result });
  if (request.activity === "tool") {
    const { tool, parameters } = request;
    if (tool === "memory.save") return completed({ success: true, key: String(parameters.key) });
    if (tool === "web.search") return completed({ query: "q", results: [], sources: [] });
    return completed({ success: true, id: "1", results: [] });
  }
  assert.equal(request.activity, "agent");
  const base = {
    response: `answer of ${path}`,
    agent_used: "scripted",
    tokens_used: 1,
    cost_usd: 0,
    files_changed: [],
  };
  if (path.includes("ask-agent"))
    return completed({ ...base, data: { questions: ["What is there?", "What is missing?"] } });
  if (path.includes("find-answer"))
    return completed({ ...base, data: { summary: "s", findings: [{ text: "src/a.ts:1" }] } });
  return completed(base);
}

function fail(): ActivityOutcome {
  return { type: "failed", failure: { code: "agent_error", message: "No agent answers." } };
}

function plan(input: {
  readonly inputs?: JsonObject;
  readonly approval?: Json;
  readonly outcome?: (effect: Perform) => ActivityOutcome;
}): Simulation {
  const program = createProgram();
  const bundle = bundleOf("interactive-planning.workflow.yaml");
  const first = begin(program, bundle, { task_description: TASK, ...input.inputs });
  return simulate(program, [first], {
    outcome: input.outcome ?? answer,
    answer: ({ path }) => (path === "gather-requirements" ? "Per client" : input.approval),
  });
}

function resultOf({ state }: Simulation): JsonObject {
  assert.equal(state.status, "done", JSON.stringify(state.failure));
  return isObject(state.value)
    ? state.value
    : assert.fail(`no value: ${JSON.stringify(state.value)}`);
}

test("every shipped template may run, without a warning", () => {
  assert.ok(files.size >= 2);
  for (const name of files.keys()) bundleOf(name);
});

test("interactive planning ends with the approved plan saved", () => {
  const run = plan({ approval: { approved: true } });
  assert.deepEqual(resultOf(run), {
    success: true,
    plan: "answer of update-plan/revise",
    approved: true,
    saved: true,
    key: KEY,
    questions: ["What is there?", "What is missing?"],
  });
  const saved = run.performed.find(({ path }) => path === "save-to-memory")?.request;
  assert.ok(saved?.activity === "tool");
  assert.equal(saved.parameters.key, KEY);
});

test("a rejected plan ends the run as rejected, unsaved, unless the person asked to keep it", () => {
  const rejection = { approved: false, reason: "no" };
  const dropped = plan({ approval: rejection });
  assert.equal(dropped.state.status, "rejected");
  assert.ok(!dropped.performed.some(({ path }) => path === "save-to-memory"));
  const kept = resultOf(plan({ approval: rejection, inputs: { save_rejected: true } }));
  assert.deepEqual([kept.approved, kept.saved], [false, true]);
});

test("without approval nobody is asked twice", () => {
  const value = resultOf(plan({ inputs: { require_approval: false } }));
  assert.deepEqual([value.approved, value.saved], [true, true]);
});

test("where an agent fails to help, the task's own words and the bare feedback do", () => {
  const run = plan({
    approval: { approved: true },
    inputs: { max_research_tasks: 2 },
    outcome: (effect) =>
      /ask-agent|include|revise|\[0\]\/find-answer|search-web/.test(effect.path)
        ? fail()
        : answer(effect),
  });
  const value = resultOf(run);
  assert.equal(isList(value.questions) && value.questions.length, 2);
  assert.match(String(value.plan), /answer of create-plan/);
});
