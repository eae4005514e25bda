/** The figures of many runs, counted again one by one from the runs' own states. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runStats } from "../../src/report/runStats.ts";
import { fold } from "../../src/run/evolve/evolve.ts";
import { rowsOf } from "../../src/run/history/pastRun.ts";
import { DAY, EPOCH, recordsOf } from "../journal/history/storedRuns.ts";

const STATES = Array.from({ length: 60 }, (_, number) => {
  const state = fold(recordsOf(number));
  return state ?? assert.fail();
});
const ROWS = STATES.map(rowsOf);
const RUNS = ROWS.map(({ run }) => run);
const TASKS = ROWS.flatMap(({ tasks }) => tasks);
const SPAN = { from: EPOCH, to: EPOCH + 3 * DAY };

/** The value at the p-th of a hundred, counted off. */
function countedOff(values: number[], p: number): number | undefined {
  values.sort((a, b) => a - b);
  return values.find((_, index) => (index + 1) * 100 >= p * values.length);
}

test("runs are counted by what became of them", () => {
  const { runs, workflows } = runStats(RUNS, TASKS, SPAN);
  const count = { done: 0, failed: 0, unfinished: 0 };
  let tokens = 0;
  let cost = 0;
  let unpriced = 0;
  const took: number[] = [];
  for (const state of STATES) {
    if (state.status === "done") count.done += 1;
    else if (state.status === "failed") count.failed += 1;
    else count.unfinished += 1;
    if (state.ended_at !== undefined) took.push(state.ended_at - state.started_at);
    for (const { event } of recordsOf(STATES.indexOf(state))) {
      if (event.type !== "attempt_completed" || !event.usage) continue;
      tokens += event.usage.input_tokens + event.usage.output_tokens;
      cost += event.usage.cost_usd ?? 0;
      if (event.usage.cost_usd === undefined)
        unpriced += event.usage.input_tokens + event.usage.output_tokens;
    }
  }
  assert.ok(count.done > 10 && count.failed > 5 && count.unfinished > 5);
  assert.deepEqual({ done: runs.done, failed: runs.failed, unfinished: runs.unfinished }, count);
  assert.equal(runs.started, 60);
  assert.equal(runs.started_per_day, 20);
  assert.equal(runs.done_per_day, count.done / 3);
  assert.equal(runs.completion_rate, count.done / (count.done + count.failed));
  assert.equal(runs.tokens, tokens);
  assert.ok(Math.abs(runs.cost_usd - cost) < 1e-9);
  assert.ok(unpriced > 0);
  assert.equal(runs.unpriced, unpriced);
  assert.equal(runs.took?.p50, countedOff(took, 50));
  assert.equal(runs.took?.p99, countedOff(took, 99));
  assert.deepEqual(Object.keys(workflows), ["plan:big", "release", "triage"]);
  const sum = Object.values(workflows).reduce((total, { started }) => total + started, 0);
  assert.equal(sum, 60);
});

test("minutes say nothing of a day, and what failed counts though its run went on", () => {
  const short = runStats(RUNS, TASKS, { from: EPOCH, to: EPOCH + DAY / 24 });
  assert.deepEqual([short.runs.started_per_day, short.runs.done_per_day], [null, null]);
  assert.equal(short.workflows.release?.started_per_day, null);
  const [task] = TASKS.filter(({ status }) => status === "done");
  assert.ok(task);
  const went = { ...task, kind: "x", failure: "tool_error" as const };
  const figures = runStats(RUNS, [{ ...task, kind: "x" }, went], SPAN).steps.x;
  assert.deepEqual([figures?.ended, figures?.failed, figures?.error_rate], [2, 1, 0.5]);
});

test("steps are counted by kind, agents by name, with their times and failures", () => {
  const { steps, agents } = runStats(RUNS, TASKS, SPAN);
  assert.deepEqual(Object.keys(steps), ["delegate", "foreach", "prompt", "shell"]);
  for (const kind of Object.keys(steps)) {
    const took: number[] = [];
    let [begun, failed] = [0, 0];
    for (const state of STATES) {
      for (const task of state.tasks.values()) {
        if (task.kind !== kind) continue;
        begun += 1;
        if (task.status !== "done" && task.status !== "failed") continue;
        took.push((task.ended_at ?? Number.NaN) - task.started_at);
        if (task.status === "failed") failed += 1;
      }
    }
    const found = steps[kind];
    assert.equal(found?.tasks, begun, kind);
    assert.equal(found?.failed, failed, kind);
    assert.equal(found?.error_rate, failed / took.length, kind);
    assert.equal(found?.took?.p50, countedOff(took, 50), kind);
    assert.equal(found?.took?.p95, countedOff(took, 95), kind);
    assert.equal(found?.took?.p99, countedOff(took, 99), kind);
  }
  assert.ok((steps.shell?.failed ?? 0) > 5);
  assert.equal(agents["@task"]?.tasks, 60);
  // Two agents of one name, each with its own figures.
  const reviews = ["@reviewer", "@reviewer@triage"].map((key) => agents[key]?.tasks);
  assert.deepEqual(reviews, [102, 78]);
});

test("of no runs there is nothing to say, and nothing is divided by it", () => {
  const { runs, steps } = runStats([], [], { from: 5, to: 5 });
  assert.equal(runs.completion_rate, null);
  assert.equal(runs.started_per_day, null);
  assert.equal(runs.took, undefined);
  assert.deepEqual(steps, {});
});
