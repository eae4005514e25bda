/**
 * The seed's test_orchestrator_integration and test_real_orchestration: its three tasks through the shipped template, with
 * an agent that behaves as the seed describes and really writes files. The pipeline's order is read from the journal.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App } from "../../../src/app/app.ts";
import type { Recorded } from "../../../src/run/event.ts";
import { isFinished, type RunState } from "../../../src/run/state.ts";
import { isObject, type JsonObject } from "../../../src/util/json.ts";
import { answer, asks, ends, reaches, type Scene, scene, start } from "../harness/product.ts";
import { CALCULATOR, GUI, RULES, VAGUE } from "./calculator.ts";

const PYTHON = spawnSync("python3", ["--version"]).status === 0;
const TESTS = "python3 -m unittest -q test_calculator";

interface Orchestration {
  readonly place: Scene;
  readonly app: App;
}

async function orchestration(t: TestContext, rules = RULES): Promise<Orchestration> {
  const place = await scene(t);
  const script = join(place.root, "agent.json");
  await writeFile(script, JSON.stringify({ rules, log: "calls.jsonl" }));
  const agents = { "@coder": { adapter: "scripted", script } };
  const app = await place.open({ settings: { agents, defaultAgent: "@coder" } });
  return { place, app };
}

async function execute(app: App, inputs: JsonObject): Promise<[string, RunState]> {
  const run = await start(app, "supervised-coding", { inputs });
  const rests = (state: RunState) => isFinished(state) || state.breakpoints.size > 0;
  return [run, await reaches(app, run, "its end or a question", rests)];
}

/** The seed's names of what happened at a path, in the order of the journal. */
async function pipeline(app: App, run: string, path: string): Promise<readonly string[]> {
  const events = await app.readEvents(run);
  return events.flatMap(({ event }) => {
    if (!("path" in event) || event.path !== path) return [];
    return event.type === "task_started"
      ? ["agent_called"]
      : PIPELINE.has(event.type)
        ? [event.type]
        : [];
  });
}

const ORDER = [
  ...["prompt_generated", "agent_called", "response_validated"],
  ...["quality_checked", "confidence_scored", "decision_made"],
];
const PIPELINE: ReadonlySet<string> = new Set(ORDER);

function scores(
  events: readonly Recorded[],
  type: "quality_checked" | "confidence_scored",
): readonly number[] {
  return events.flatMap(({ event }) => (event.type === type ? [event.score] : []));
}

test("the calculator task completes in one iteration, in the pipeline's order", async (t) => {
  const { place, app } = await orchestration(t);
  const tests = PYTHON ? TESTS : "";
  if (!PYTHON) t.diagnostic("there is no python3 here: the calculator's own tests do not run");
  const [run, state] = await execute(app, { ...CALCULATOR, tests });
  assert.equal(
    state.status,
    "done",
    JSON.stringify(state.failure ?? [...state.breakpoints.values()]),
  );
  assert.deepEqual(await pipeline(app, run, "implement"), ORDER);
  const value = isObject(state.value) ? state.value : {};
  assert.equal(value.iterations, 1);
  assert.ok(Number(value.quality) >= 70, String(value.quality));
  assert.ok(Number(value.confidence) >= 50, String(value.confidence));
  assert.equal(value.decided_by, "supervision");
  assert.deepEqual(value.files_changed, ["calculator.py", "test_calculator.py"]);
  const text = await readFile(join(place.workspace, "calculator.py"), "utf8");
  assert.match(text, /Cannot divide by zero/);
  const events = await app.readEvents(run);
  const checked = events.find(({ event }) => event.type === "quality_checked")?.event;
  if (PYTHON) assert.equal(checked?.type === "quality_checked" && checked.tests?.exit_code, 0);
});

test("a vague task is escalated with a reason, below quality 50", async (t) => {
  const { app } = await orchestration(t);
  const [run, state] = await execute(app, VAGUE);
  const [open] = state.breakpoints.values();
  const form = open?.form;
  assert.ok(form?.kind === "escalation", JSON.stringify(form));
  assert.ok((form.quality ?? 100) < 50, String(form.quality));
  assert.match(
    form.reason,
    /^Quality \d+ is below 50: the task names nothing that could be checked/,
  );
  assert.deepEqual(await pipeline(app, run, "implement"), ORDER);
  await answer(app, run, "implement", { decision: "fail", reason: "Say what is wanted." });
  const ended = await ends(app, run);
  assert.equal(ended.failure?.code, "escalated");
  await app.dispose();
  const logged = await readFile(app.logFile, "utf8");
  assert.match(logged, /Supervision decides to escalate: Quality \d+ is below 50/);
});

test("a task of several parts gets better over three iterations, each of which knows the one before", async (t) => {
  const { place, app } = await orchestration(t);
  const [run, state] = await execute(app, {
    ...GUI,
    tests: PYTHON ? `test ! -f test_calculator.py || ${TESTS}` : "",
  });
  assert.equal(
    state.status,
    "done",
    JSON.stringify(state.failure ?? [...state.breakpoints.values()]),
  );
  const events = await app.readEvents(run);
  const quality = scores(events, "quality_checked");
  assert.ok(quality.length >= 2 && quality.length <= 3, `iterations: ${quality.length}`);
  assert.ok(
    quality.every((score, nth) => nth === 0 || score > (quality[nth - 1] ?? 0)),
    String(quality),
  );
  const prompts = events.flatMap(({ event }) => (event.type === "prompt_generated" ? [event] : []));
  const tokens = prompts.map(({ parts }) => parts.reduce((sum, part) => sum + part.tokens, 0));
  assert.ok(
    tokens.every((many, nth) => nth === 0 || many > (tokens[nth - 1] ?? 0)),
    String(tokens),
  );
  assert.match(JSON.stringify(prompts[1]?.request), /Mend this now[\s\S]*gui\.py/);
  for (const { path } of prompts) assert.deepEqual(await pipeline(app, run, path), ORDER);
  for (const file of ["calculator.py", "gui.py", "test_calculator.py"])
    assert.ok((await readFile(join(place.workspace, file), "utf8")).length > 0);
  const calls = (await readFile(join(place.root, "calls.jsonl"), "utf8")).trim().split("\n");
  assert.equal(calls.length, quality.length, "one call an iteration");
});

test("13 points: what the seed's checklist asks for holds of one run", async (t) => {
  const vanished = {
    instructions: "Create Python Calculator",
    path: "implement",
    fail: "The agent went away.",
  };
  const again = RULES.map((rule) =>
    rule.instructions === CALCULATOR.title ? { ...rule, path: "implement#2" } : rule,
  );
  const { app } = await orchestration(t, [vanished, ...again]);
  const [run, state] = await execute(app, CALCULATOR);
  const events = (await app.readEvents(run)).map(({ event }) => event);
  const of = (type: string) => events.filter((event) => event.type === type);
  const evidence = events.flatMap((event) =>
    event.type === "attempt_completed" && isObject(event.result) && isObject(event.result.evidence)
      ? [event.result.evidence]
      : [],
  );
  const points: Readonly<Record<string, boolean>> = {
    "Agent starts successfully": of("task_started").length === 2,
    "Prompt generated correctly": of("prompt_generated").every(
      (event) =>
        event.type === "prompt_generated" &&
        JSON.stringify(event.request).includes("calculator.py"),
    ),
    "Agent responds": of("attempt_completed").length === 1,
    "Response validated": of("response_validated").length === 2,
    "Quality scored": of("quality_checked").length === 1,
    "Confidence calculated": of("confidence_scored").length === 1,
    "Decision made correctly":
      events.flatMap((event) => (event.type === "decision_made" ? [event.decision] : [])).join() ===
      "retry,proceed",
    "Files created in workspace": JSON.stringify(evidence).includes('"change":"created"'),
    "Tests run (if generated)": JSON.stringify(evidence).includes("python3 -m unittest"),
    "State persisted": state.status === "done" && state.root.body.state.result !== null,
    "Multi-iteration works": state.tasks.has("implement#2"),
    "Error handling works": of("attempt_failed").length === 1,
  };
  assert.deepEqual(
    Object.entries(points).filter(([, held]) => !held),
    [],
  );
  const vague = await start(app, "supervised-coding", { inputs: VAGUE });
  assert.equal((await asks(app, vague, "implement")).form.kind, "escalation", "Breakpoints work");
});
