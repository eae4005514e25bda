/** Who is silent, who waits for a place, who asks: an attempt that does not go on by itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { DONE, hand } from "./performerInHand.ts";

test("an attempt that is silent for its idle_timeout is stopped; every word begins that time anew", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { tries, reports, perform } = hand();
  perform("talk", 1, { idle_timeout: 1000 });
  await turn();
  const [talk] = tries;
  t.mock.timers.tick(900);
  talk?.context.output({ kind: "text", text: "still here" });
  t.mock.timers.tick(900);
  talk?.context.progress("thinking");
  t.mock.timers.tick(999);
  assert.equal(talk?.context.signal.aborted, false);
  t.mock.timers.tick(1);
  assert.equal(talk?.context.signal.aborted, true);
  talk?.finish({ type: "failed", failure: { code: "cancelled", message: "stopped" } });
  await turn();
  const [report] = reports;
  assert.equal(report?.outcome.type, "unknown", "nobody knows what it has done by then");
  assert.match(JSON.stringify(report?.outcome), /"timeout".*talk said nothing for 1s/);
});

test("an attempt that ends well while it is stopped for its silence has ended well", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { tries, reports, perform } = hand();
  perform("late", 1, { idle_timeout: 1000 });
  await turn();
  t.mock.timers.tick(1000);
  tries[0]?.finish(DONE);
  await turn();
  assert.deepEqual(reports[0]?.outcome, DONE);
});

test("who says nothing where no idle_timeout is set is left alone", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { tries, perform } = hand();
  perform("quiet");
  await turn();
  t.mock.timers.tick(24 * 3_600_000);
  assert.equal(tries[0]?.context.signal.aborted, false);
});

test("an agent without a place says that it is queued, and begins once it is recorded that it may", async () => {
  const { tries, turns, reports, ask, perform } = hand({ places: 1 });
  ask("a");
  ask("b");
  perform("shell");
  await turn();
  assert.deepEqual(turns, ["queued b"]);
  assert.deepEqual(tries.map(({ context }) => context.attempt.path).sort(), ["a", "shell"]);
  tries.find(({ context }) => context.attempt.path === "a")?.finish(DONE);
  await turn();
  assert.deepEqual(turns, ["queued b", "begun b"]);
  assert.equal(tries.at(-1)?.context.attempt.path, "b");
  tries.at(-1)?.finish(DONE);
  await turn();
  assert.deepEqual(reports.map(({ path }) => path).sort(), ["a", "b"]);
});

test("one that is stopped while it is queued never begins, and its place goes to the next", async () => {
  const { tries, turns, reports, ask, stop } = hand({ places: 1 });
  for (const path of ["a", "b", "c"]) ask(path);
  await turn();
  stop("b");
  await turn();
  assert.equal(reports[0]?.path, "b");
  assert.equal(
    reports[0]?.outcome.type === "failed" && reports[0].outcome.failure.code,
    "cancelled",
  );
  tries[0]?.finish(DONE);
  await turn();
  assert.deepEqual(turns, ["queued b", "queued c", "begun c"]);
  assert.deepEqual(
    tries.map(({ context }) => context.attempt.path),
    ["a", "c"],
  );
});

test("a paused run begins nothing that is queued, and keeps no place from others meanwhile", async () => {
  const { tries, turns, ask, pause } = hand({ places: 1 });
  ask("a");
  ask("b");
  await turn();
  pause(true);
  tries[0]?.finish(DONE);
  await turn();
  assert.deepEqual(turns, ["queued b", "begun b"], "it was refused");
  ask("other");
  await turn();
  assert.equal(tries.at(-1)?.context.attempt.path, "other", "the place was free");
  tries.at(-1)?.finish(DONE);
  pause(false);
  await turn();
  assert.equal(tries.at(-1)?.context.attempt.path, "b");
  assert.deepEqual(turns, ["queued b", "begun b", "begun b"]);
});

const QUESTION = {
  message: "May I?",
  options: [{ id: "a", label: "Allow", kind: "allow_once" as const }],
};

test("what an attempt asks is handed on, and told to it once; a stop ends the asking", async () => {
  const { tries, turns, tell, perform, stop } = hand();
  perform("a");
  await turn();
  const context = tries[0]?.context ?? assert.fail("it did not begin");
  const replies = [context.ask(QUESTION), context.ask(QUESTION)];
  tell("a", 2);
  tell("a", 2);
  tell("a", 9);
  assert.deepEqual(await replies[1], { kind: "permission", decision: "allow_once", option: "a" });
  stop("a");
  assert.equal((await replies[0])?.kind, "none");
  assert.equal((await context.ask(QUESTION)).kind, "none", "one that is being stopped asks nobody");
  assert.deepEqual(turns, ["asked a", "asked a"]);
});

test("a question may be taken back, and one that nobody takes says why", async () => {
  const { tries, turns, pause, perform } = hand();
  perform("a");
  await turn();
  const context = tries[0]?.context ?? assert.fail("it did not begin");
  const back = new AbortController();
  const reply = context.ask(QUESTION, back.signal);
  back.abort();
  assert.equal((await reply).kind, "none");
  assert.deepEqual(turns, ["asked a", "withdrawn a"]);
  pause(true);
  assert.deepEqual(await context.ask(QUESTION), { kind: "none", reason: "nobody is there" });
});

test("its silence does not count while it asks", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { tries, tell, perform } = hand();
  perform("a", 1, { idle_timeout: 1_000 });
  await turn();
  const context = tries[0]?.context ?? assert.fail("it did not begin");
  const reply = context.ask(QUESTION);
  t.mock.timers.tick(60_000);
  assert.equal(context.signal.aborted, false);
  tell("a", 1);
  await reply;
  t.mock.timers.tick(999);
  assert.equal(context.signal.aborted, false);
  t.mock.timers.tick(1);
  assert.equal(context.signal.aborted, true, "it goes on, and says nothing");
});
