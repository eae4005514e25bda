/** When the loop wants to be woken: for what falls due next, and for nothing once nothing does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Driven, driven } from "./driven.ts";

const NAPS = {
  steps: [
    {
      id: "both",
      type: "parallel",
      branches: [
        { id: "a", steps: [{ id: "nap", type: "wait", duration: "5s" }] },
        { id: "b", steps: [{ id: "nap", type: "wait", duration: "2s" }] },
      ],
    },
  ],
};

async function passTo(run: Driven, now: number): Promise<void> {
  run.clock.now = now;
  run.ring();
  await run.quiet();
}

function alarms(run: Driven): readonly string[] {
  return run.log.filter((line) => line.startsWith("alarm"));
}

test("the alarm stands at the soonest time, and moves on", async () => {
  const run = driven(NAPS);
  await run.quiet();
  assert.deepEqual(alarms(run), ["alarm 2000"]);
  await passTo(run, 1999);
  assert.deepEqual(alarms(run), ["alarm 2000"]);
  await passTo(run, 2000);
  assert.deepEqual(alarms(run), ["alarm 2000", "alarm 5000"]);
  await passTo(run, 5000);
  assert.equal((await run.drive.finished).status, "done");
  assert.equal(alarms(run).at(-1), "alarm -");
});

test("what fell due while nobody looked is done at once", async () => {
  const run = driven(NAPS);
  await run.quiet();
  await passTo(run, 3_600_000);
  assert.equal((await run.drive.finished).status, "done");
});

test("a paused run is not woken; resumed, it is again", async () => {
  const run = driven(NAPS);
  await run.quiet();
  await run.drive.post({ type: "pause", by: "ann" });
  await run.quiet();
  assert.equal(alarms(run).at(-1), "alarm -");
  await run.drive.post({ type: "resume", by: "ann" });
  await run.quiet();
  assert.equal(alarms(run).at(-1), "alarm 2000");
  await run.drive.stop();
});

test("a run that is being cancelled is not woken for what is due, which would go round for ever", async () => {
  const run = driven({
    steps: [
      {
        id: "both",
        type: "parallel",
        branches: [
          { id: "a", steps: [{ id: "call", type: "mcp_call", tool: "x.y", timeout: "1s" }] },
          { id: "b", steps: [{ id: "nap", type: "wait", duration: "1s" }] },
        ],
      },
    ],
  });
  await run.quiet();
  await run.drive.post({ type: "cancel", by: "ann" });
  await run.quiet();
  assert.equal(alarms(run).at(-1), "alarm -");
  const before = run.log.length;
  await passTo(run, 60_000);
  assert.equal(run.log.length, before, "nothing goes on while the attempt lets go");
  const failure = { code: "cancelled" as const, message: "stopped" };
  run.open.get("both/a/call")?.report({ type: "failed", failure });
  assert.equal((await run.drive.finished).status, "cancelled");
});

test("what is due and cannot be decided yet wakes nobody again and again", async () => {
  const call = { id: "call", type: "mcp_call", tool: "x.y", total_timeout: "3s" };
  const run = driven({
    steps: [{ id: "each", type: "foreach", items: [1, 2, 3], mode: { quorum: 2 }, steps: [call] }],
  });
  await run.quiet();
  const failure = { code: "tool_error" as const, message: "no luck" };
  for (const path of ["each[0]/call", "each[1]/call"])
    run.open.get(path)?.report({ type: "failed", failure });
  await run.quiet();
  assert.ok(run.log.includes("stop each[2]/call #1"), "there can be no quorum any more");
  await passTo(run, 3000);
  const before = run.log.length;
  for (let looks = 0; looks < 5; looks += 1) await passTo(run, 3000);
  assert.equal(run.log.length, before, "the alarm rings no more");
  run.open.get("each[2]/call")?.report({ type: "failed", failure });
  assert.equal((await run.drive.finished).status, "failed");
});

test("an escalated question and a question that failed wake nobody a second time", async () => {
  const ask = { type: "prompt", message: "Well?", timeout: "1s" };
  const run = driven({
    steps: [
      { id: "late", ...ask, on_timeout: "fail", on_error: "continue" },
      { id: "passed", ...ask, on_timeout: "escalate" },
    ],
  });
  await run.quiet();
  await passTo(run, 1000);
  await passTo(run, 2000);
  await passTo(run, 10_000);
  assert.deepEqual(alarms(run), ["alarm 1000", "alarm 2000", "alarm -"]);
  assert.equal(run.drive.state.breakpoints.get("passed@1")?.escalated, true);
  await run.drive.stop();
});
