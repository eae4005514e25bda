/** The figures of parallel work, of runs in a time that passes only while attempts execute: what they should be is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { graphOf, idealTime, twentyTwoJobs } from "../../bench/twentyTwo.ts";
import { criticalMarks, runMetrics } from "../../src/report/metrics.ts";
import { createProgram } from "../../src/run/start/program.ts";
import type { RunState } from "../../src/run/state.ts";
import type { JsonObject } from "../../src/util/json.ts";
import type { Bundle } from "../../src/workflow/workflow.ts";
import { drawing } from "../run/drawing.ts";
import { type Play, play } from "../run/play.ts";
import { begin, bundleOf } from "../run/simulate.ts";

const SILENT = { event: () => undefined, effect: () => undefined, refused: () => undefined };

/** Plays a run whose attempts take the times of `timeOf` (ms, by path), and nothing else takes any. */
function timed(bundle: Bundle, timeOf: (path: string) => number): RunState {
  const program = createProgram();
  const run = play(program, begin(program, bundle), () => "hang", SILENT);
  for (let next = soonest(run, timeOf); next; next = soonest(run, timeOf)) {
    const { path, attempt, token, end } = next;
    run.at = end;
    const outcome = { type: "completed", result: null } as const;
    run.post([{ type: "outcome", path, attempt, token, outcome }]);
  }
  assert.equal(run.state.status, "done");
  return run.state;
}

function soonest({ state }: Play, timeOf: (path: string) => number) {
  const running = [...state.open.values()].flatMap((task) => {
    if (task.state.is !== "running") return [];
    const end = (state.tasks.get(task.path)?.started_at ?? 0) + timeOf(task.path);
    return [{ path: task.path, attempt: task.attempts, token: task.state.token, end }];
  });
  return running.sort((a, b) => a.end - b.end)[0];
}

function metricsOf(file: JsonObject, times: Readonly<Record<string, number>>) {
  const bundle = bundleOf(JSON.stringify({ name: "test", version: "1.0.0", ...file }));
  const state = timed(bundle, (path) => times[path] ?? assert.fail(path));
  return { state, metrics: runMetrics(state, state.updated_at) };
}

const call = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  type: "mcp_call",
  tool: "x.y",
  timeout: "10h",
  ...more,
});

test("the critical path goes back from the last end, through containers", () => {
  const branches = [
    { id: "a", steps: [call("one"), call("two")] },
    { id: "b", steps: [call("three")] },
  ];
  const steps = [call("first"), { id: "both", type: "parallel", branches }, call("last")];
  const times = { first: 10, "both/a/one": 5, "both/a/two": 7, "both/b/three": 11, last: 3 };
  const { state, metrics } = metricsOf({ steps }, times);
  assert.deepEqual(metrics.criticalPath, ["first", "both/a/one", "both/a/two", "last"]);
  assert.equal(metrics.criticalTime, 25);
  assert.equal(metrics.elapsed, 25);
  assert.equal(metrics.sequential, 36);
  assert.equal(metrics.speedUp, 36 / 25);
  assert.deepEqual([...criticalMarks(metrics, state)].sort(), [
    "both",
    "both/a",
    "both/a/one",
    "both/a/two",
    "first",
    "last",
  ]);
});

test("time in the queue is no work, and who had the place is on the path", () => {
  const steps = [
    {
      id: "each",
      type: "foreach",
      items: [1, 2, 3],
      steps: [call("work")],
    },
  ];
  const times = { "each[0]/work": 10, "each[1]/work": 4, "each[2]/work": 5 };
  const { metrics } = metricsOf({ limits: { max_parallel: 2 }, steps }, times);
  assert.equal(metrics.sequential, 19);
  assert.equal(metrics.elapsed, 10);
  assert.deepEqual(metrics.criticalPath, ["each[0]/work"]);
  const later = metricsOf({ limits: { max_parallel: 1 }, steps }, times).metrics;
  assert.deepEqual(later.criticalPath, ["each[0]/work", "each[1]/work", "each[2]/work"]);
  assert.equal(later.speedUp, 1);
});

test("phases say what they took beside what was planned", () => {
  const steps = [
    call("scan", { phase: "look" }),
    {
      id: "g",
      type: "graph",
      steps: [call("a", { phase: "build" }), call("b", { phase: "build", depends_on: [] })],
    },
  ];
  const phases = { look: { title: "Look around", estimate: "1s" }, build: { estimate: "2s" } };
  const times = { scan: 500, "g/a": 3000, "g/b": 1000 };
  const { metrics } = metricsOf({ phases, steps }, times);
  assert.deepEqual(metrics.phases, [
    {
      phase: "look",
      title: "Look around",
      elapsed: 500,
      sequential: 500,
      speedUp: 1,
      estimate: 1000,
    },
    {
      phase: "build",
      title: "build",
      elapsed: 3000,
      sequential: 4000,
      speedUp: 4 / 3,
      estimate: 2000,
    },
  ]);
  assert.equal(metrics.estimate, 3000);
});

test("a graph of 22 steps takes as long as its critical path, whatever its steps take", () => {
  const jobs = twentyTwoJobs();
  for (let seed = 1; seed <= 20; seed++) {
    const draw = drawing(seed);
    const times = new Map(jobs.map(({ id }) => [id, 1000 + draw(9000)]));
    const state = timed(graphOf(jobs, 22), (path) => times.get(path.slice(4)) ?? assert.fail(path));
    const metrics = runMetrics(state, state.updated_at);
    const best = idealTime(jobs, 22, times);
    assert.equal(metrics.elapsed, best, `seed ${seed}`);
    assert.equal(metrics.criticalTime, best);
    const way = metrics.criticalPath.map((path) => path.slice(4));
    for (const [index, id] of way.entries()) {
      const after = jobs.find((job) => job.id === id)?.after ?? [];
      assert.ok(index === 0 ? after.length === 0 : after.includes(way[index - 1] ?? ""), `${id}`);
    }
  }
});

test("four at a time, steps alike, it takes as few rounds as there can be", () => {
  const jobs = twentyTwoJobs();
  const times = new Map(jobs.map(({ id }) => [id, 1000]));
  const state = timed(graphOf(jobs, 4), () => 1000);
  const metrics = runMetrics(state, state.updated_at);
  assert.equal(idealTime(jobs, 4, times), 10_000);
  assert.equal(metrics.elapsed, 10_000);
  assert.equal(metrics.speedUp, 2.2);
  assert.equal(metrics.phases.length, 4);
});
