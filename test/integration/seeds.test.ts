/** Both YAML documents of the seed, unchanged, run to their ends by the offline agent and the built-in tools. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import { isList, isObject, type Json, type JsonObject } from "../../src/util/json.ts";
import { seedFiles } from "../workflow/seeds.ts";
import { jsonLines, play, reaches, resultOf, scene, start } from "./harness/product.ts";

const TASK = { task_description: "Add rate limiting to the public API" };
const REPOSITORY = {
  "src/server.ts": "import { limits } from './limits';\nexport function serve() {}\n",
  "src/limits.ts":
    "// rate limiting: 100 requests per minute per key\nexport const limits = 100;\n",
  "docs/api.md": "# Public API\n\nThe public API has no rate limiting yet.\n",
};

async function product(t: TestContext): Promise<App> {
  const files = [...seedFiles()].map(([name, text]) => [`workflows/${name}`, text] as const);
  assert.deepEqual(
    files.map(([name]) => name),
    ["workflows/interactive-planning.yaml", "workflows/research_task.yaml"],
  );
  return (await scene(t, { ...REPOSITORY, ...Object.fromEntries(files) })).open();
}

const FILE = "workflows/interactive-planning.yaml";
const REQUIREMENTS = { "gather-requirements": "Keep it simple; by Friday" };

/** What the memory keeps: values by key, items by category. */
async function remembered(app: App): Promise<{ plans: JsonObject[]; research: JsonObject[] }> {
  const lines = await jsonLines(`${app.stateFolder}/memory.jsonl`);
  const entries = lines.flatMap(({ entry }) => (isObject(entry) ? [entry] : []));
  return {
    plans: entries.filter(({ kind }) => kind === "value"),
    research: entries.filter(({ kind }) => kind === "item"),
  };
}

function list(value: Json | undefined): readonly Json[] {
  return isList(value ?? null)
    ? (value as readonly Json[])
    : assert.fail(`${JSON.stringify(value)}`);
}

test("the seeds are found by their names and may run", async (t) => {
  const app = await product(t);
  const names = (await app.listTemplates()).filter(({ source }) => source === "workspace");
  assert.deepEqual(
    names.map(({ name, problem }) => [name, problem]),
    [
      ["planning:interactive", undefined],
      ["planning:research_task", undefined],
    ],
  );
  const checked = await app.validate(FILE);
  assert.equal(checked.ok, true, JSON.stringify(checked.diagnostics));
});

test("approved: the plan is returned and saved under its key, each question's findings beside it", async (t) => {
  const app = await product(t);
  const state = await play(app, FILE, TASK, { ...REQUIREMENTS, "request-approval": true });
  const value = resultOf(state);
  assert.deepEqual(Object.keys(value), ["success", "plan", "approved", "saved"]);
  assert.deepEqual([value.success, value.approved, value.saved], [true, true, true]);
  const { plan } = value;
  assert.ok(typeof plan === "string" && plan.includes("#"), "the plan is text with headings");
  assert.match(plan, /src\/limits\.ts:1\b/);
  const { plans, research } = await remembered(app);
  assert.equal(plans.length, 1);
  assert.equal(plans[0]?.key, "plan_37ed9d6b751ebb99");
  const saved = plans[0]?.value;
  assert.ok(isObject(saved ?? null));
  assert.deepEqual(Object.keys(Object(saved)), ["plan", "approved", "timestamp"]);
  assert.equal(Object(saved).approved, true);
  assert.match(String(Object(saved).timestamp), /^\d{4}-\d\d-\d\dT/);
  const results = list(state.root.body.state.research_results);
  assert.equal(research.length, results.length);
});

test("research comes back in item order, each as the task returns it", async (t) => {
  const app = await product(t);
  const state = await play(app, FILE, TASK, { ...REQUIREMENTS, "request-approval": true });
  const { research_tasks: tasks, research_results: results } = state.root.body.state;
  assert.equal(list(results).length, Math.min(5, list(tasks).length));
  assert.ok(list(results).length > 1);
  list(results).forEach((result, index) => {
    assert.ok(isObject(result));
    assert.deepEqual(Object.keys(result), ["query", "findings", "sources"]);
    assert.deepEqual(result.query, list(tasks)[index]);
    assert.ok(isList(result.sources ?? null), "sources is a list");
  });
});

test("max_research_tasks is honoured, and 1 is one", async (t) => {
  const app = await product(t);
  for (const most of [1, 2]) {
    const inputs = { ...TASK, max_research_tasks: most };
    const state = await play(app, FILE, inputs, { ...REQUIREMENTS, "request-approval": true });
    assert.equal(list(state.root.body.state.research_results).length, most);
  }
});

test("rejected: approved is false, a boolean, and the seed saves anyway", async (t) => {
  const app = await product(t);
  const state = await play(app, FILE, TASK, { ...REQUIREMENTS, "request-approval": false });
  const value = resultOf(state);
  assert.strictEqual(value.approved, false);
  assert.strictEqual(value.saved, true);
  const { plans } = await remembered(app);
  assert.strictEqual(Object(plans[0]?.value).approved, false);
});

test("require_approval: false asks once, for the requirements, and approves by itself", async (t) => {
  const app = await product(t);
  const inputs = { ...TASK, require_approval: false };
  const state = await play(app, FILE, inputs, REQUIREMENTS);
  assert.deepEqual([resultOf(state).approved, resultOf(state).saved], [true, true]);
  assert.ok(!state.tasks.has("approval-check/request-approval"), [...state.tasks.keys()].join());
});

test("inputs as texts of a command line become what the seed asks for", async (t) => {
  const app = await product(t);
  const inputs = { ...TASK, max_research_tasks: "2", require_approval: "false" };
  const answers = { id: "test", answers: REQUIREMENTS };
  const state = await app.settled(await start(app, FILE, { inputs, coerce: true, answers }));
  assert.equal(list(state.root.body.state.research_results).length, 2);
  assert.strictEqual(resultOf(state).approved, true);
});

test("the question shows the task, and the plan's question shows the plan", async (t) => {
  const app = await product(t);
  const run = await start(app, FILE, { inputs: TASK });
  const asked = await app.settled(run);
  const [first] = asked.breakpoints.values();
  assert.ok(first?.form.kind === "prompt");
  assert.equal(first.form.input, "text");
  assert.match(first.form.message, /I'll help you with: Add rate limiting to the public API\n/);
  await app.signal(run, { type: "answer", breakpoint: first.id, answer: "Simple", by: "t" });
  const state = await reaches(app, run, "the plan", (now) =>
    [...now.breakpoints.values()].some(({ path }) => path.endsWith("request-approval")),
  );
  const [second] = state.breakpoints.values();
  assert.ok(second?.form.kind === "prompt");
  assert.equal(second.form.input, "confirm");
  const plan = state.root.body.state.final_plan;
  assert.ok(typeof plan === "string" && second.form.message.includes(plan.trim().slice(0, 200)));
});
