/** The shipped planning workflow over real folders: what it finds, what it says when it finds nothing, what it saves. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import type { Breakpoint } from "../../src/run/ask/breakpoint.ts";
import type { RunState } from "../../src/run/state.ts";
import { isList, isObject, type JsonObject } from "../../src/util/json.ts";
import {
  answer,
  asks,
  ends,
  type Files,
  jsonLines,
  play,
  reaches,
  resultOf,
  scene,
  start,
} from "./harness/product.ts";

const TASK = { task_description: "Add rate limiting to the public API" };
const PLANTED: Files = {
  "src/api/gateway.ts": [
    "import { createServer } from 'node:http';",
    "",
    "/** The public API listens here. */",
    "export function gateway(port: number) {",
    "  // No rate limiting: every client may send as many requests as it likes.",
    "  return createServer().listen(port);",
    "}",
    "",
  ].join("\n"),
  "docs/limits.md": "# Limits\n\nRate limiting must allow 100 requests per minute per API key.\n",
  "src/colours.ts": "export const red = '#f00';\n",
};
const APPROVAL = "approval-check/request-approval";

async function planning(t: TestContext, files: Files): Promise<App> {
  return (await scene(t, files)).open();
}

/** Starts, answers the first question, and waits for the plan. */
async function toApproval(
  app: App,
  inputs: JsonObject = {},
  approval = APPROVAL,
): Promise<[string, Breakpoint]> {
  const run = await start(app, "interactive-planning", { inputs: { ...TASK, ...inputs } });
  await answer(app, run, "gather-requirements", "Per client; keep it simple");
  return [run, await asks(app, run, approval)];
}

async function ended(app: App, run: string): Promise<RunState> {
  return ends(app, run);
}

function planOf({ form }: Breakpoint): string {
  return form.kind === "approval" ? form.plan : assert.fail(`it is a ${form.kind}`);
}

async function savedPlans(app: App): Promise<readonly JsonObject[]> {
  const lines = await jsonLines(`${app.stateFolder}/memory.jsonl`);
  return lines.flatMap(({ entry }) =>
    isObject(entry) && entry.kind === "value" ? [Object(entry.value)] : [],
  );
}

test("planted facts are cited at their own lines, in the findings and in the plan", async (t) => {
  const app = await planning(t, PLANTED);
  const [run, question] = await toApproval(app);
  const plan = planOf(question);
  assert.match(plan, /src\/api\/gateway\.ts:5\b/);
  assert.match(plan, /docs\/limits\.md:3\b/);
  const cited = [...plan.matchAll(/([\w./-]+\.(?:ts|md)):(\d+)/g)];
  for (const [whole, file = "", line = ""] of cited) {
    const text = PLANTED[file] ?? assert.fail(`${whole} is no file of the workspace`);
    assert.ok(
      (text.split("\n")[Number(line) - 1] ?? "").trim() !== "",
      `${whole} is an empty line`,
    );
  }
  const state = await reaches(app, run, "results", () => true);
  const { research_results: results } = state.root.body.state;
  const findings = isList(results ?? null) ? JSON.stringify(results) : "";
  assert.match(findings, /"path":"src\/api\/gateway\.ts","line":5\b/);
  assert.ok(!findings.includes("colours.ts"), "what has nothing to do with it is not cited");
});

test("where nothing answers, the findings and the plan say so and cite nothing", async (t) => {
  const app = await planning(t, { "poem.txt": "Roses are red,\nviolets are blue.\n" });
  const [run, question] = await toApproval(app);
  const plan = planOf(question);
  assert.doesNotMatch(plan, /[\w/]+\.\w+:\d+/);
  assert.match(plan, /nothing|not found|no file|none/i);
  const state = await reaches(app, run, "results", () => true);
  for (const result of Object(state.root.body.state.research_results)) {
    assert.match(String(result.summary), /nothing|no /i);
    assert.ok(
      result.findings.every((finding: JsonObject) => finding.path === undefined),
      JSON.stringify(result.findings),
    );
  }
});

test("an empty folder is planned too", async (t) => {
  const app = await planning(t, {});
  const [, question] = await toApproval(app);
  assert.ok(planOf(question).length > 100);
});

test("approved: exactly the text that was shown is returned and saved", async (t) => {
  const app = await planning(t, PLANTED);
  const [run, question] = await toApproval(app);
  await answer(app, run, APPROVAL, { approved: true });
  const value = resultOf(await ended(app, run));
  assert.deepEqual([value.approved, value.saved], [true, true]);
  assert.equal(value.plan, planOf(question));
  const [saved, ...more] = await savedPlans(app);
  assert.deepEqual([saved?.plan, saved?.approved, more], [planOf(question), true, []]);
});

test("rejected: it ends so, and nothing is saved; with save_rejected saved as not approved", async (t) => {
  const app = await planning(t, PLANTED);
  const [run] = await toApproval(app);
  await answer(app, run, APPROVAL, { approved: false, reason: "Too big" });
  const rejected = await ended(app, run);
  assert.equal(rejected.status, "rejected");
  assert.match(rejected.failure?.message ?? "", /was rejected: Too big$/);
  assert.deepEqual(await savedPlans(app), []);
  const keeping = "approval-check/keep-either-way/request-approval";
  const [kept] = await toApproval(app, { save_rejected: true }, keeping);
  await answer(app, kept, keeping, { approved: false });
  const second = resultOf(await ended(app, kept));
  assert.deepEqual([second.approved, second.saved], [false, true]);
  assert.deepEqual(
    (await savedPlans(app)).map(({ approved }) => approved),
    [false],
  );
});

test("a person's edits are what is approved and saved", async (t) => {
  const app = await planning(t, PLANTED);
  const [run, question] = await toApproval(app);
  const plan = `${planOf(question)}\n\nAnd a note of mine.\n`;
  await answer(app, run, APPROVAL, { approved: true, plan });
  assert.equal(resultOf(await ended(app, run)).plan, plan);
  assert.equal((await savedPlans(app))[0]?.plan, plan);
});

test("comments bring a next version that answers them; the old hash no longer approves", async (t) => {
  const app = await planning(t, PLANTED);
  const [run, first] = await toApproval(app);
  const comments = [{ line: 3, text: "Say how it is rolled back when Redis is down" }];
  await answer(app, run, APPROVAL, { request_changes: true, comments });
  const state = await reaches(app, run, "version 2", ({ breakpoints }) =>
    [...breakpoints.values()].some(({ form }) => form.kind === "approval" && form.version === 2),
  );
  const second = [...state.breakpoints.values()][0] ?? assert.fail("nothing is asked");
  assert.notEqual(second.hash, first.hash);
  assert.match(planOf(second), /rolled back when Redis is down/);
  const late = await app.signal(run, {
    type: "answer",
    breakpoint: first.path,
    answer: { approved: true },
    by: "t",
    shown: first.hash,
  });
  assert.ok(!late.ok && late.present?.hash === second.hash, "the present question comes with it");
  await answer(app, run, APPROVAL, { approved: true });
  assert.equal(resultOf(await ended(app, run)).plan, planOf(second));
});

test("partial approval drops the items that a person strikes out", async (t) => {
  const app = await planning(t, PLANTED);
  const [run, question] = await toApproval(app);
  await answer(app, run, APPROVAL, { approved: true, drop: [1] });
  const plan = String(resultOf(await ended(app, run)).plan);
  const lines = plan.split("\n");
  const gone = planOf(question)
    .split("\n")
    .filter((line) => !lines.includes(line));
  assert.ok(plan.length < planOf(question).length && gone.length >= 1);
});

test("without approval it ends by itself after the requirements", async (t) => {
  const app = await planning(t, PLANTED);
  const inputs = { ...TASK, require_approval: false, max_research_tasks: 1 };
  const state = await play(app, "interactive-planning", inputs, { "gather-requirements": "x" });
  const value = resultOf(state);
  assert.deepEqual([value.approved, value.saved], [true, true]);
  assert.equal(Object(value.questions).length, 1);
});

test("2,000 files: less than 15 s of machine time to a plan that cites them", async (t) => {
  const filler = Array.from({ length: 2000 }, (_, index) => [
    `packages/p${index % 40}/src/module${index}.ts`,
    Array.from({ length: 100 }, (_, line) => sourceLine(index, line)).join("\n"),
  ]);
  const app = await planning(t, { ...Object.fromEntries(filler), ...PLANTED });
  const from = process.cpuUsage();
  const [run, question] = await toApproval(app);
  await answer(app, run, APPROVAL, { approved: true });
  resultOf(await ended(app, run));
  const { user, system } = process.cpuUsage(from);
  const seconds = (user + system) / 1e6;
  t.diagnostic(`${seconds.toFixed(1)} s of machine time`);
  assert.ok(seconds < 15, `${seconds} s`);
  assert.match(planOf(question), /docs\/limits\.md:3\b/);
});

/** A line as programs have them; one in twenty speaks of what the task is about. */
function sourceLine(file: number, line: number): string {
  if (line % 20 === 7) return `  // the server answers request ${line} of client ${file}`;
  return `  const value${line} = compute(${file}, "step ${line}", { index: ${line} });`;
}
