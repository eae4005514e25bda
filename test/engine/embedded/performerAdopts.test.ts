/** Attempts whose host died, gone on with here: watched over like any other, but they wait for no turn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { ActivityOutcome } from "../../../src/run/request.ts";
import { DONE, hand } from "./performerInHand.ts";

const UNTOLD: ActivityOutcome = {
  type: "unknown",
  failure: { code: "outcome_unknown", message: "Nobody kept it." },
};

test("what somebody knows of it is its outcome; what nobody knows is lost with the host", async () => {
  const { adopt, tries, reports } = hand();
  adopt("a");
  adopt("b");
  await turn();
  tries[0]?.finish(DONE);
  tries[1]?.finish(UNTOLD);
  await turn();
  assert.deepEqual(
    reports.map(({ path, host_died, outcome }) => [path, host_died, outcome.type]),
    [
      ["a", undefined, "completed"],
      ["b", true, "unknown"],
    ],
  );
  assert.match(JSON.stringify(reports[1]), /The host stopped while b ran\. Nobody kept it\./);
});

test("what was only stopped by us says nothing of what the lost host saw", async () => {
  const { adopt, tries, reports, stop } = hand();
  adopt("a");
  await turn();
  stop("a");
  assert.equal(tries[0]?.context.signal.aborted, true);
  tries[0]?.finish({ type: "failed", failure: { code: "cancelled", message: "stopped" } });
  await turn();
  assert.deepEqual([reports[0]?.outcome.type, reports[0]?.host_died], ["unknown", true]);
});

test("silent for its idle_timeout it is stopped, and given up on when it does not let go", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { adopt, tries, reports, tell } = hand();
  adopt("a", { idle_timeout: 1_000 });
  await turn();
  const { context } = tries[0] ?? assert.fail();
  void context.ask({ message: "May I?", options: [] });
  t.mock.timers.tick(60_000);
  assert.equal(context.signal.aborted, false, "while it asks it may be silent");
  tell("a", 1);
  t.mock.timers.tick(900);
  context.output({ kind: "text", text: "a word" });
  t.mock.timers.tick(900);
  assert.equal(context.signal.aborted, false);
  t.mock.timers.tick(100);
  assert.equal(context.signal.aborted, true);
  t.mock.timers.tick(9_999);
  await turn();
  assert.equal(reports.length, 0);
  t.mock.timers.tick(1);
  await turn();
  const [one] = reports;
  assert.match(JSON.stringify(one), /"unknown".*"timeout".*a said nothing for 1s/);
  assert.equal(one?.host_died, undefined, "its time is up, whoever began it");
});

test("stopped from outside, it is given up on when it does not let go", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { adopt, reports, stop } = hand();
  adopt("a");
  await turn();
  stop("a");
  t.mock.timers.tick(10_000);
  await turn();
  assert.match(JSON.stringify(reports), /"unknown".*a did not stop within 10 s/);
});

test("it holds a place until its end, though none is free; new ones wait meanwhile", async () => {
  const { adopt, ask, tries, turns } = hand({ places: 1 });
  adopt("a");
  adopt("b");
  ask("c");
  await turn();
  assert.deepEqual([tries.length, turns], [2, ["queued c"]]);
  tries[0]?.finish(DONE);
  await turn();
  assert.equal(tries.length, 2, "there is still one too many");
  tries[1]?.finish(UNTOLD);
  await turn();
  assert.deepEqual([tries.length, turns], [3, ["queued c", "begun c"]]);
});

test("its questions go on where they were, and what it said before comes with it", async () => {
  const line = { kind: "text", text: "hello", at: 5 } as const;
  const before = [1, 2].map((attempt) => ({ ...line, attempt }));
  const { adopt, tries, turns } = hand({ transcripts: { read: async () => before } });
  adopt("a", { asked: 3 });
  await turn();
  const { context } = tries[0] ?? assert.fail();
  assert.deepEqual(context.earlier, [{ ...line, attempt: 1 }], "of this attempt alone");
  void context.ask({ message: "May I?", options: [] });
  await turn();
  assert.deepEqual(turns, ["asked a"]);
});
