/**
 * Timers of an hour, and a machine that sleeps, under the real alarm over a clock and timers in the test's hand: a
 * hundred waits at once ring in their second, and no deadline runs out for a night with the lid closed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAlarm } from "../../src/engine/embedded/alarm.ts";
import type { Timer } from "../../src/engine/timer.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { type Driven, driven } from "./driven.ts";

const HOUR = 3_600_000;
const SECOND = 1_000;

/** A driven run whose timers and clock go on only when told. */
function timed(keys: JsonObject): { readonly run: Driven; pass(ms: number): Promise<void> } {
  let left: { ms: number; readonly ring: () => void } | undefined;
  const timer: Timer = {
    after: (ms, ring) => {
      const mine = { ms, ring };
      left = mine;
      return () => {
        if (left === mine) left = undefined;
      };
    },
  };
  const run = driven(keys, { alarm: (now) => createAlarm(now, timer) });
  const step = async (ms: number): Promise<void> => {
    run.clock.now += ms;
    if (!left) return;
    left.ms -= ms;
    const due = left.ms <= 0 ? left : undefined;
    if (!due) return;
    left = undefined;
    due.ring();
    await run.quiet();
  };
  const pass = async (ms: number): Promise<void> => {
    await run.quiet();
    for (let rest = ms; rest > 0; ) {
      const next = Math.min(rest, Math.max(1, left?.ms ?? rest));
      rest -= next;
      await step(next);
    }
    await run.quiet();
  };
  return { run, pass };
}

const work = (id: string, more: JsonObject): JsonObject => ({
  id,
  type: "delegate",
  instructions: "work",
  ...more,
});

test("a hundred waits of an hour end in their second, and one of two hours an hour later", async () => {
  const waits = Array.from({ length: 100 }, (_, nth) => ({
    id: `w${nth}`,
    steps: [{ id: "nap", type: "wait", duration: nth === 99 ? "2h" : "1h" }],
  }));
  const { run, pass } = timed({
    steps: [{ id: "all", type: "parallel", max_parallel: 100, branches: waits }],
  });
  const waiting = (): number =>
    [...run.drive.state.open.values()].filter(({ state }) => state.is === "waiting").length;
  await pass(HOUR - 1);
  assert.equal(waiting(), 100);
  await pass(1);
  assert.equal(waiting(), 1);
  await pass(HOUR - 1);
  assert.equal(waiting(), 1);
  await pass(1);
  assert.equal((await run.drive.finished).status, "done");
});

test("an hour of each limit of time, each in its second", async () => {
  const cases: readonly (readonly [JsonObject, string])[] = [
    [{ steps: [work("a", { timeout: "1h" })] }, "timeout"],
    [{ steps: [work("a", { total_timeout: "1h" })] }, "timeout"],
    [{ limits: { timeout: "1h" }, steps: [work("a", {})] }, "limit_exceeded"],
    [{ steps: [{ id: "a", type: "wait", signal: "go", timeout: "1h" }] }, "timeout"],
    [
      { steps: [{ id: "a", type: "prompt", message: "?", timeout: "1h", on_timeout: "fail" }] },
      "timeout",
    ],
  ];
  for (const [keys, code] of cases) {
    const { run, pass } = timed(keys);
    await pass(HOUR - 1);
    assert.equal(run.drive.state.status, "running", JSON.stringify(keys));
    await pass(1);
    const { status, failure } = await run.drive.finished;
    assert.deepEqual([status, failure?.code], ["failed", code], JSON.stringify(keys));
  }
});

test("eight hours of sleep take no time from a deadline, and a wait is over at once", async () => {
  const { run, pass } = timed({
    limits: { timeout: "2h" },
    steps: [
      {
        id: "both",
        type: "parallel",
        branches: [
          { id: "a", steps: [work("attempt", { timeout: "1h", on_error: "continue" })] },
          { id: "b", steps: [{ id: "nap", type: "wait", duration: "1h" }] },
        ],
      },
      work("rest", {}),
    ],
  });
  const { state } = run.drive;
  await pass(30 * 60 * SECOND);
  run.clock.now += 8 * HOUR;
  await pass(60 * SECOND);
  assert.equal(state.tasks.get("both/b/nap")?.status, "done", "a wait is a time of the world");
  assert.equal(state.tasks.get("both/a/attempt")?.status, "running");
  await pass(28 * 60 * SECOND);
  assert.equal(state.tasks.get("both/a/attempt")?.status, "running");
  await pass(60 * SECOND);
  assert.equal(state.tasks.get("both/a/attempt")?.status, "done", "its hour is over");
  await pass(59 * 60 * SECOND);
  assert.equal(state.status, "running");
  await pass(60 * SECOND);
  const { failure } = await run.drive.finished;
  assert.equal(failure?.code, "limit_exceeded", "two hours awake");
});

test("a clock that is set back an hour moves deadlines back, too", async () => {
  const { run, pass } = timed({ steps: [work("a", { timeout: "1h" })] });
  await pass(30 * 60 * SECOND);
  run.clock.now -= HOUR;
  await pass(60 * SECOND);
  await pass(28 * 60 * SECOND);
  assert.equal(run.drive.state.status, "running");
  await pass(60 * SECOND + 1);
  assert.equal((await run.drive.finished).status, "failed");
});

test("an outcome that comes right after the sleep, before any timer, changes nothing of that", async () => {
  const { run, pass } = timed({
    steps: [
      {
        id: "both",
        type: "parallel",
        total_timeout: "1h",
        branches: [
          { id: "a", steps: [work("first", {}), work("second", {})] },
          { id: "b", steps: [work("other", {})] },
        ],
      },
    ],
  });
  await pass(60 * SECOND);
  run.clock.now += 8 * HOUR;
  run.open.get("both/a/first")?.report({ type: "completed", result: 1 });
  await run.quiet();
  assert.equal(run.drive.state.tasks.get("both/a/second")?.status, "running");
  assert.equal(run.drive.state.status, "running");
  await pass(58 * 60 * SECOND);
  assert.equal(run.drive.state.status, "running");
  await pass(60 * SECOND);
  assert.equal((await run.drive.finished).status, "failed");
});
