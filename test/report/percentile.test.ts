/** Percentiles against their definition, taken literally. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestRank, spreadOf } from "../../src/report/percentile.ts";
import { createRandom } from "../simulation/random.ts";

/** The smallest value such that at least p of every hundred do not exceed it. */
function byDefinition(values: readonly number[], p: number): number {
  const candidates = values.filter(
    (value) => values.filter((other) => other <= value).length * 100 >= p * values.length,
  );
  return Math.min(...candidates);
}

test("percentiles are those of the definition, for any figures in any order", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = createRandom(seed);
    const spread = 1 + random.below(50);
    const values = Array.from({ length: 1 + random.below(130) }, () => random.below(spread));
    const found = spreadOf(values);
    assert.deepEqual(
      found,
      {
        count: values.length,
        p50: byDefinition(values, 50),
        p95: byDefinition(values, 95),
        p99: byDefinition(values, 99),
        max: Math.max(...values),
      },
      `seed ${seed}`,
    );
    const sorted = [...values].sort((a, b) => a - b);
    for (const p of [0, 1, 25, 99.9, 100])
      assert.equal(nearestRank(sorted, p), byDefinition(values, p), `seed ${seed}, p ${p}`);
  }
});

test("no figures have no spread; one figure is all of it", () => {
  assert.equal(spreadOf([]), undefined);
  assert.deepEqual(spreadOf([7]), { count: 1, p50: 7, p95: 7, p99: 7, max: 7 });
});

test("the order is that of numbers, not of texts", () => {
  assert.equal(spreadOf([9, 10, 100])?.max, 100);
  assert.equal(spreadOf([9, 10, 100])?.p50, 10);
});
