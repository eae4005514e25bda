import assert from "node:assert/strict";
import { test } from "node:test";
import { climbStopLadder } from "../../src/process/stop.ts";
import type { Gone } from "../../src/process/tree/tree.ts";

/** Climbs with a clock that jumps: at which rung, if any, the tree ends, and what was done at which millisecond. */
async function climb(
  endsAt: "input" | "signal" | "kill" | "guard",
  input = true,
  more: { readonly inputGraceMs?: number } = {},
) {
  const log: string[] = [];
  let now = 0;
  let end: (gone: Gone) => void = () => undefined;
  const gone = new Promise<Gone>((resolve) => {
    end = resolve;
  });
  const rung = (name: string, ends: boolean) => {
    log.push(`${now} ${name}`);
    if (ends) end("gone");
  };
  const result = await climbStopLadder({
    ...more,
    ...(input && { endInput: () => rung("input", endsAt === "input") }),
    stopTree: (grace) => {
      rung("signal", endsAt === "signal");
      if (endsAt === "kill") {
        now += grace;
        rung("kill", true);
      }
    },
    killGuard: () => rung("guard", true),
    gone,
    delay: async (ms, signal) => {
      for (let turn = 0; turn < 10; turn++) await undefined;
      if (!signal.aborted) now += ms;
    },
  });
  assert.equal(result, "gone");
  return log;
}

test("climbs no further than it must", async () => {
  assert.deepEqual(await climb("input"), ["0 input"]);
  assert.deepEqual(await climb("signal"), ["0 input", "500 signal"]);
  assert.deepEqual(await climb("signal", false), ["0 signal"]);
});

test("asks within one second and kills within five", async () => {
  assert.deepEqual(await climb("kill"), ["0 input", "500 signal", "4000 kill"]);
});

test("gives a line to elsewhere the time it asks for", async () => {
  const log = await climb("signal", true, { inputGraceMs: 4000 });
  assert.deepEqual(log, ["0 input", "4000 signal"]);
});

test("kills a guard that does not answer", async () => {
  assert.deepEqual(await climb("guard"), ["0 input", "500 signal", "7500 guard"]);
});
