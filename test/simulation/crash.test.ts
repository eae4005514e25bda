/**
 * Ten thousand runs in a bad world: the real journal, owners, inbox, loop, performer and recovery on a simulated machine,
 * and no promise broken. A failure prints its seed and the command that plays it again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crashRun, type Outcome } from "./crashRun.ts";
import type { Operation } from "./disk.ts";
import type { Evil } from "./plan.ts";
import { runSeeds } from "./seeds.ts";

/** A few runs are over before anything befalls them. */
const SEEDS = 10_600;
const CRASHES = 10_000;

/** What must have befallen many runs, and before which operations crashes must have come. */
const EVILS: readonly Evil[] = [
  ...(["kill", "power cut", "freeze", "rival", "clock jump", "sleep"] as const),
  ...(["disk full", "disk error", "too many files", "read-only"] as const),
];
const OPERATIONS: readonly Operation["kind"][] = [
  ...(["openAppend", "create", "read", "rewrite", "stat", "list", "makeFolder", "link"] as const),
  ...(["rename", "unlink", "touch", "syncFile", "syncFolder"] as const),
  ...(["write", "datasync", "size", "truncate", "close"] as const),
];

test(`${CRASHES} crash seeds break no promise`, async () => {
  const { outcomes, broken } = await runSeeds({ from: 1, to: SEEDS });
  assert.equal(broken, undefined, broken);
  assert.equal(outcomes.length, SEEDS);
  const crashed = outcomes.filter((outcome) => crashesOf(outcome).length > 0).length;
  assert.ok(crashed >= CRASHES, `${crashed} seeds saw a crash`);
  const compared = outcomes.filter((outcome) => outcome.compared).length;
  assert.ok(compared > 0.4 * SEEDS, `${compared} ends were compared with the end in peace`);
  const evils = outcomes.flatMap((outcome) => outcome.evils);
  const missed = [
    ...EVILS.filter((evil) => evils.filter((each) => each.startsWith(evil)).length < 100),
    ...OPERATIONS.filter((kind) => !outcomes.some((each) => crashesOf(each).includes(kind))),
  ];
  assert.deepEqual(missed, [], "these did not happen");
});

test("a seed plays the same way every time", async () => {
  for (const seed of [3, 77, 1234]) assert.deepEqual(await crashRun(seed), await crashRun(seed));
});

/** Before which operations the power went or the process was killed. */
function crashesOf({ evils }: Outcome): readonly string[] {
  return evils.flatMap((evil) => /^(?:kill|power cut) (\w+)$/.exec(evil)?.[1] ?? []);
}
