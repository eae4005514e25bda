/** Forks of generated runs, at every task: each is a run of its own that comes to the same end, and changes nothing of the other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runMetrics } from "../../../src/report/metrics.ts";
import { forkRecords } from "../../../src/run/edit/fork.ts";
import type { Recorded } from "../../../src/run/event.ts";
import { fold } from "../../../src/run/evolve/evolve.ts";
import { rowsOf } from "../../../src/run/history/pastRun.ts";
import { createProgram } from "../../../src/run/start/program.ts";
import type { Json } from "../../../src/util/json.ts";
import { drawing } from "../drawing.ts";
import { CHILD, generateWorkflow } from "../generate.ts";
import { begin, bundleOf, simulate } from "../simulate.ts";
import { answerAt, ending, outcomeAt } from "../world.ts";

const SETTING = { run: "run_111111111111", seed: "other", machine: "here", by: "ann", at: 0 };

function finished(seed: number) {
  const program = createProgram();
  const bundle = bundleOf(generateWorkflow(drawing(seed)), { "child.workflow.yaml": CHILD });
  const play = (records: readonly Recorded[]) =>
    simulate(program, records, {
      outcome: (effect, failed) => outcomeAt(seed, effect, failed),
      answer: ({ id, path }) => answerAt(seed, id, path),
    });
  return { play, whole: play([begin(program, bundle)]) };
}

test("a fork at any task ends as the run that it is taken from, which stays as it was", () => {
  let forks = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const { play, whole } = finished(seed);
    const before = JSON.stringify(whole.records);
    for (const path of whole.state.tasks.keys()) {
      const forked = forkRecords(whole.records, path, SETTING);
      if (!forked.ok) {
        assert.match(
          forked.failure.message,
          /the run was being cancelled/,
          `seed ${seed}: ${path}`,
        );
        continue;
      }
      const records = forked.records;
      assert.deepEqual(
        records.map(({ seq }) => seq),
        records.map((_, index) => index + 1),
      );
      assert.ok(!records.some(({ event }) => "path" in event && event.path === path));
      const again = play(records);
      assert.equal(again.state.started.forked_from, whole.state.started.run);
      assert.equal(again.state.started.run, SETTING.run);
      assert.ok(again.state.tasks.has(path), `seed ${seed}: ${path} is not done again`);
      if (whole.state.status === "done")
        assert.equal(ending(again.state), ending(whole.state), `seed ${seed}: fork at ${path}`);
      forks += 1;
    }
    assert.equal(JSON.stringify(whole.records), before);
  }
  assert.ok(forks > 100, `${forks} forks`);
});

const STEPS: Json = [
  { id: "one", type: "set_state", updates: { n: "{{ state.n + 1 }}" } },
  { id: "ask", type: "prompt", input: "confirm", message: "Go?" },
  { id: "two", type: "set_state", updates: { n: "{{ state.n * 10 }}" } },
];

function simple() {
  const program = createProgram();
  const text = JSON.stringify({
    name: "x",
    version: "1.0.0",
    initial_state: { n: 1 },
    steps: STEPS,
  });
  const play = (records: readonly Recorded[]) =>
    simulate(program, records, { outcome: () => assert.fail(), answer: () => true });
  return { play, whole: play([begin(program, bundleOf(text))]) };
}

test("state that is set is written before the task begins", () => {
  const { play, whole } = simple();
  const forked = forkRecords(whole.records, "two", { ...SETTING, set: { n: 7 } });
  assert.ok(forked.ok);
  assert.equal(forked.records.at(-1)?.event.type, "state_set");
  assert.deepEqual(play(forked.records).state.root.body.state, { n: 70 });
  assert.deepEqual(whole.state.root.body.state, { n: 20 });
});

test("a fork began when it was forked, and its lines and figures tell of what it did itself", () => {
  const { play, whole } = simple();
  const later = 3_600_000;
  const at = (whole.records.at(-1)?.at ?? 0) + later;
  const forked = forkRecords(whole.records, "two", { ...SETTING, at });
  assert.ok(forked.ok);
  const inherited = forked.records.length;
  const own = play(forked.records).records.slice(inherited);
  const moved = own.map((record) => ({ ...record, at: record.at + later + 1000 }));
  const state = fold([...forked.records, ...moved]) ?? assert.fail();
  const { run, tasks } = rowsOf(state);
  assert.equal(run.started_at, at);
  assert.deepEqual(
    tasks.map(({ step }) => step),
    ["two"],
  );
  assert.ok(runMetrics(state, at).elapsed < later);
  assert.equal(rowsOf(whole.state).run.started_at, whole.state.started_at);
});

test("unknown tasks and fields are refused with what was probably meant", () => {
  const { whole } = simple();
  const nowhere = forkRecords(whole.records, "tow", SETTING);
  assert.ok(!nowhere.ok);
  assert.match(nowhere.failure.message, /no task tow.*Did you mean two\?/);
  const field = forkRecords(whole.records, "two", { ...SETTING, set: { m: 1 } });
  assert.ok(!field.ok);
  assert.match(field.failure.message, /no field `m`/);
});

test("who debugs a run does not debug its fork", () => {
  const { play, whole } = simple();
  const [first] = whole.records;
  const stops = { type: "stops_set", session: "s", by: "ann", host: "here" } as const;
  const set = { seq: 2, at: first?.at ?? 0, event: { ...stops, places: [{ at: "x:two" }] } };
  const later = whole.records.slice(1).map((record) => ({ ...record, seq: record.seq + 1 }));
  const forked = forkRecords([...(first ? [first] : []), set, ...later], "two", SETTING);
  assert.ok(forked.ok);
  assert.equal(forked.records.at(-1)?.event.type, "stops_removed");
  const again = play(forked.records);
  assert.equal(again.state.status, "done");
  assert.ok(!again.records.some(({ event: { type } }) => type === "stop_passed"));
});
