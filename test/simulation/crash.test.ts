/**
 * Ten thousand runs in a bad world: the real journal, owners, inbox, loop, performer and recovery on a simulated machine,
 * and no promise broken. A failure prints its seed and the command that plays it again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crashRun } from "./crashRun.ts";
import { runSeeds } from "./seeds.ts";

const SEEDS = 10_000;

test(`${SEEDS} crash seeds break no promise`, async () => {
  const { outcomes, broken } = await runSeeds({ from: 1, to: SEEDS });
  assert.equal(broken, undefined, broken);
  assert.equal(outcomes.length, SEEDS);
  const crashed = outcomes.filter(({ evils }) =>
    evils.some((evil) => /^(kill|power cut) /.test(evil)),
  );
  assert.ok(crashed.length > 0.9 * SEEDS, `${crashed.length} seeds saw a crash`);
  const compared = outcomes.filter((outcome) => outcome.compared).length;
  assert.ok(compared > 0.4 * SEEDS, `${compared} ends were compared with the end in peace`);
});

test("a seed plays the same way every time", async () => {
  for (const seed of [3, 77, 1234]) assert.deepEqual(await crashRun(seed), await crashRun(seed));
});
