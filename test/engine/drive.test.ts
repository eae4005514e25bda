/** The loop keeps its order: durable first, then told, then done; and nothing is lost on its way in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActivityOutcome } from "../../src/run/request.ts";
import { deeds, driven } from "./driven.ts";

const CALL = { steps: [{ id: "call", type: "mcp_call", tool: "x.y" }] };
const ASK = { steps: [{ id: "ask", type: "prompt", input: "text", message: "Well?" }] };
const done = (result: string): ActivityOutcome => ({ type: "completed", result });
const answer = (to: string, text = "x") =>
  ({ type: "answer", breakpoint: to, answer: text, by: "ann" }) as const;

function fanOut(count: number) {
  const items = Array.from({ length: count }, (_, index) => index);
  const steps = [{ id: "call", type: "mcp_call", tool: "x.y", parameters: { n: "{{ item }}" } }];
  return {
    limits: { max_parallel: count },
    steps: [{ id: "each", type: "foreach", items, max_parallel: count, steps }],
  };
}

test("a batch is durable before anyone is told, told before it is performed", async () => {
  const run = driven(CALL);
  run.disk.held = true;
  await run.quiet();
  assert.deepEqual(run.log, ["append 1"], "held by the disk: nothing told, nothing performed");
  run.disk.release();
  await run.quiet();
  assert.deepEqual(deeds(run.log), ["append 1", "durable 1", "publish 1", "perform call #1"]);
  run.open.get("call")?.report(done("ok"));
  const state = await run.drive.finished;
  assert.equal(state.status, "done");
  assert.deepEqual(deeds(run.log).slice(4), ["append 2", "durable 2", "publish 2"]);
});

test("an answer is acknowledged once it is durable, a refusal changes nothing", async () => {
  const run = driven(ASK);
  await run.quiet();
  run.disk.held = true;
  let told = false;
  const posted = run.drive.post(answer("ask")).then((admission) => {
    told = true;
    return admission;
  });
  await run.quiet();
  assert.equal(told, false);
  run.disk.release();
  assert.equal((await posted).ok, true);
  const appended = run.journal.seq;
  const late = await run.drive.post(answer("ask"));
  assert.equal(late.ok, false);
  assert.equal(run.journal.seq, appended);
});

test("what comes while a batch is under way goes into the next, together", async () => {
  const run = driven(fanOut(3));
  await run.quiet();
  run.log.length = 0;
  run.disk.held = true;
  run.open.get("each[0]/call")?.report(done("a"));
  await run.quiet();
  run.open.get("each[1]/call")?.report(done("b"));
  run.open.get("each[2]/call")?.report(done("c"));
  await run.quiet();
  assert.deepEqual(deeds(run.log), ["append 1"]);
  run.disk.release();
  await run.drive.finished;
  assert.deepEqual(
    deeds(run.log).filter((line) => line.startsWith("append")),
    ["append 1", "append 4"],
  );
  assert.deepEqual(run.drive.state.value, ["a", "b", "c"]);
});

test("what happens at one moment is one batch, though it is told one after the other", async () => {
  let next: (() => void) | undefined;
  const turn = () => new Promise<void>((resolve) => (next = resolve));
  const run = driven(fanOut(3), { gather: turn });
  next?.();
  await run.quiet();
  run.log.length = 0;
  for (const item of [0, 1, 2]) {
    run.open.get(`each[${item}]/call`)?.report(done("x"));
    await run.quiet();
  }
  assert.deepEqual(deeds(run.log), []);
  next?.();
  await run.drive.finished;
  assert.equal(deeds(run.log)[0], "append 5");
});

test("a fan-out of 100 is a few writes, and so are its outcomes", async () => {
  const run = driven(fanOut(100));
  await run.quiet();
  assert.equal(run.open.size, 100);
  const begun = run.log.filter((line) => line.startsWith("append")).length;
  assert.ok(begun <= 2, `${begun} writes to begin`);
  for (const { report } of [...run.open.values()]) report(done("ok"));
  await run.drive.finished;
  const writes = run.log.filter((line) => line.startsWith("append")).length;
  assert.ok(writes - begun <= 2, `${writes - begun} writes to end`);
});

test("a journal that fails rejects who waits, and nothing is performed any more", async () => {
  const run = driven({ steps: [...ASK.steps, ...CALL.steps] });
  await run.quiet();
  run.log.length = 0;
  run.journal.failNext("no space left");
  run.disk.held = true;
  const first = run.drive.post(answer("ask"));
  await run.quiet();
  const second = run.drive.post(answer("ask"));
  const both = Promise.allSettled([first, second, run.drive.finished]);
  run.disk.release();
  for (const result of await both) {
    assert.equal(result.status, "rejected");
    assert.match(String(result.status === "rejected" && result.reason), /no space left/);
  }
  await run.quiet();
  assert.deepEqual(run.log, ["append 3", "alarm -"], "nothing durable, told or performed");
  await assert.rejects(run.drive.post(answer("ask")), /no longer driven/);
  await run.drive.stop();
});

test("a fault before the write rejects who waits, too", async () => {
  const run = driven(ASK);
  await run.quiet();
  run.disk.held = true;
  const posted = run.drive.post(answer("ask"));
  Object.defineProperty(run.clock, "now", { get: () => assert.fail("the clock broke") });
  await assert.rejects(posted, /the clock broke/);
  await assert.rejects(run.drive.finished, /the clock broke/);
});

test("stop lets the batch under way become durable and performs nothing of it", async () => {
  const run = driven({ steps: [...ASK.steps, ...CALL.steps] });
  await run.quiet();
  run.disk.held = true;
  const posted = run.drive.post(answer("ask"));
  await run.quiet();
  const late = run.drive.post(answer("ask", "more"));
  const refused = assert.rejects(late, /no longer driven/);
  const stopped = run.drive.stop();
  run.disk.release();
  assert.equal((await posted).ok, true);
  await stopped;
  await refused;
  await run.quiet();
  assert.equal(run.journal.records.at(-1)?.event.type, "task_started");
  assert.equal(run.open.size, 0, "recorded, not performed: recovery calls it lost");
  assert.equal(run.log.at(-1), "alarm -");
  assert.equal((await run.drive.finished).status, "running");
  await assert.rejects(run.drive.post(answer("ask")), /no longer driven/);
  await run.drive.stop();
});

test("an outcome reported twice counts once", async () => {
  const run = driven({ steps: [...CALL.steps, ...ASK.steps] });
  await run.quiet();
  const attempt = run.open.get("call");
  attempt?.report(done("one"));
  attempt?.report(done("two"));
  await run.quiet();
  attempt?.report(done("three"));
  await run.quiet();
  const ends = run.journal.records.filter(({ event }) => event.type === "attempt_completed");
  assert.equal(ends.length, 1);
  await run.drive.stop();
});

test("an outcome reported while it is being performed is taken as any other", async () => {
  const run = driven(fanOut(2), { outcome: () => done("at once") });
  assert.deepEqual((await run.drive.finished).value, ["at once", "at once"]);
});

test("a thousand steps without effects are written in parts, with turns of the event loop between", async () => {
  const steps = Array.from({ length: 1000 }, (_, index) => ({
    id: `s${index}`,
    type: "set_state",
    updates: { n: index },
  }));
  const run = driven({ steps });
  let turns = 0;
  const count = (): void => {
    turns += 1;
    if (!ended) setImmediate(count);
  };
  let ended = false;
  setImmediate(count);
  await run.drive.finished;
  ended = true;
  const sizes = run.log
    .filter((line) => line.startsWith("append"))
    .map((line) => Number(line.slice(7)));
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    1001,
  );
  assert.ok(
    sizes.every((size) => size <= 200),
    `parts of ${sizes.join(", ")}`,
  );
  assert.ok(turns >= sizes.length, `${turns} turns`);
});

test("a run that failed is over; a retry drives it on to an end of its own", async () => {
  const run = driven(CALL);
  await run.quiet();
  const failure = { code: "tool_error" as const, message: "no luck" };
  run.open.get("call")?.report({ type: "failed", failure });
  assert.equal((await run.drive.finished).status, "failed");
  const refused = await run.drive.post({ type: "retry", by: "ann", path: "nowhere" });
  assert.equal(refused.ok, false);
  assert.equal((await run.drive.finished).status, "failed");
  assert.equal((await run.drive.post({ type: "retry", by: "ann" })).ok, true);
  let over = false;
  const end = run.drive.finished.then(() => {
    over = true;
  });
  await run.quiet();
  assert.equal(over, false, "it goes on");
  run.open.get("call")?.report(done("ok"));
  await end;
  assert.equal(run.drive.state.status, "done");
});

test("the journal alone is enough to drive on", async () => {
  const before = driven({ steps: [...ASK.steps, ...CALL.steps] });
  await before.quiet();
  await before.drive.stop();
  const records = before.journal.records.map(({ seq, at, event }) => ({ seq, at, event }));
  const after = driven(ASK, { records, outcome: () => done("ok") });
  await after.drive.post(answer("ask"));
  assert.equal((await after.drive.finished).value, "ok");
  assert.equal(
    after.journal.records[0],
    after.journal.records.find(({ seq }) => seq === 1),
  );
});
