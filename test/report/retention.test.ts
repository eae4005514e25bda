/** Which runs go: by age, number and size, and never one that is not over. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type KeptRun,
  leavingRuns,
  type Retention,
  readRetention,
} from "../../src/report/retention.ts";
import { createRandom } from "../simulation/random.ts";

const NOW = 1_000_000;

/** Removes one run after the other, the one that ended first, as long as any limit is passed. */
function oneByOne(runs: readonly KeptRun[], limits: Retention): readonly string[] {
  const left = [...runs];
  const gone: string[] = [];
  for (;;) {
    const over = left.filter(({ ended_at }) => ended_at !== undefined);
    const [oldest] = over.sort(
      (a, b) => (a.ended_at ?? 0) - (b.ended_at ?? 0) || (a.run < b.run ? -1 : 1),
    );
    if (!oldest) return gone;
    const size = left.reduce((sum, { bytes }) => sum + bytes, 0);
    const passed =
      NOW - (oldest.ended_at ?? NOW) > (limits.max_age ?? Number.POSITIVE_INFINITY) ||
      over.length > (limits.max_runs ?? Number.POSITIVE_INFINITY) ||
      size > (limits.max_size ?? Number.POSITIVE_INFINITY);
    if (!passed) return gone;
    left.splice(left.indexOf(oldest), 1);
    gone.push(oldest.run);
  }
}

test("runs go one by one, the oldest first, until no limit is passed", () => {
  const seen = { age: 0, count: 0, size: 0 };
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = createRandom(seed);
    const runs = Array.from({ length: random.below(25) }, (_, index): KeptRun => {
      const over = random.below(4) > 0;
      const run = { run: `run_${index}`, bytes: random.below(100) };
      return over ? { ...run, ended_at: NOW - random.below(1000) } : run;
    });
    const limits: Retention = {
      ...(random.below(2) ? { max_age: random.below(1000) } : {}),
      ...(random.below(2) ? { max_runs: 1 + random.below(20) } : {}),
      ...(random.below(2) ? { max_size: random.below(1500) } : {}),
    };
    const leaving = leavingRuns(runs, limits, NOW);
    assert.deepEqual(
      leaving.map(({ run }) => run),
      oneByOne(runs, limits),
      `seed ${seed}`,
    );
    assert.ok(leaving.every(({ ended_at }) => ended_at !== undefined));
    for (const { why } of leaving) seen[why] += 1;
  }
  assert.ok(seen.age > 50 && seen.count > 50 && seen.size > 50, JSON.stringify(seen));
});

test("without limits nothing goes", () => {
  assert.deepEqual(leavingRuns([{ run: "a", bytes: 1e12, ended_at: 0 }], {}, NOW), []);
});

test("limits are read as people write them, and mistakes say what to write", () => {
  assert.deepEqual(readRetention(undefined), { ok: true, retention: {} });
  assert.deepEqual(readRetention({ max_age: "90d", max_runs: 500, max_size: "1.5 GB" }), {
    ok: true,
    retention: { max_age: 90 * 24 * 3_600_000, max_runs: 500, max_size: 1.5e9 },
  });
  for (const [value, says] of [
    [{ max_age: "soon" }, /max_age: soon is no length of time\. Write a number with/],
    [{ max_runs: 0 }, /max_runs: 0 is no count; write a whole number from 1/],
    [{ max_runs: "many" }, /max_runs: many is no count/],
    [{ max_size: 100 }, /max_size: 100 is no size; write one such as 500MB/],
    [{ max_ages: "1d" }, /retention has no max_ages; it has max_age, max_runs and max_size/],
    [["90d"], /must be an object/],
  ] as const) {
    const read = readRetention(value);
    assert.match(read.ok ? "" : read.message, says, JSON.stringify(value));
  }
});
