/** One try an attempt, one report a try; the next begins when the last has let go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { DONE, hand } from "./performerInHand.ts";

test("an attempt gets its name, its key and a place for its processes, and reports once", async () => {
  const { tries, reports, lines, live, perform } = hand();
  perform("each[0]/run", 2);
  await turn();
  const [first] = tries;
  assert.deepEqual(first?.context.attempt, {
    run: "run_000000000000",
    path: "each[0]/run",
    attempt: 2,
    token: "each[0]/run2",
    key: "run_000000000000/each[0]/run",
  });
  assert.match(first.context.guardRecord, /^[\\/]guards[\\/]each%5b0%5d~run\.2\.json$/);
  first.context.output({ kind: "text", text: "hello" });
  first.context.progress("working");
  first.finish(DONE);
  await turn();
  const [report] = reports;
  assert.equal(reports.length, 1);
  assert.deepEqual(report, {
    type: "outcome",
    path: "each[0]/run",
    attempt: 2,
    token: "each[0]/run2",
    outcome: DONE,
  });
  assert.deepEqual(lines, ["each[0]/run #2: hello", "each[0]/run #2 closed"]);
  assert.deepEqual(live, ["each[0]/run: working"]);
});

test("a stop aborts the attempt it names, and no other", async () => {
  const { tries, reports, perform, stop } = hand();
  perform("a");
  perform("b");
  await turn();
  stop("a", 2);
  stop("nowhere");
  assert.equal(tries[0]?.context.signal.aborted, false, "another attempt's token");
  stop("a");
  assert.equal(tries[0]?.context.signal.aborted, true);
  assert.equal(tries[1]?.context.signal.aborted, false);
  tries[0]?.finish({ type: "failed", failure: { code: "cancelled", message: "stopped" } });
  await turn();
  assert.equal(reports[0]?.outcome.type, "failed");
});

test("the next attempt on a path waits until the last has let go", async () => {
  const { tries, reports, lines, perform, stop } = hand();
  perform("a", 1);
  await turn();
  stop("a", 1);
  perform("a", 2);
  await turn();
  assert.equal(tries.length, 1);
  tries[0]?.finish(DONE);
  await turn();
  assert.equal(tries.length, 2);
  assert.equal(lines[0], "a #1 closed", "its transcript is whole before the next begins");
  tries[1]?.finish(DONE);
  await turn();
  assert.deepEqual(
    reports.map(({ attempt }) => attempt),
    [1, 2],
  );
});

test("an attempt that is stopped before its turn never begins", async () => {
  const { tries, reports, perform, stop } = hand();
  perform("a", 1);
  perform("a", 2);
  stop("a", 2);
  await turn();
  tries[0]?.finish(DONE);
  await turn();
  assert.equal(tries.length, 1);
  const outcome = reports[1]?.outcome;
  assert.equal(outcome?.type === "failed" && outcome.failure.code, "cancelled");
});

test("an attempt that does not stop is given up on, with its outcome unknown", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { tries, reports, perform, stop } = hand();
  perform("a");
  await turn();
  stop("a");
  t.mock.timers.tick(9_999);
  await turn();
  assert.equal(reports.length, 0);
  t.mock.timers.tick(1);
  await turn();
  assert.equal(reports[0]?.outcome.type, "unknown");
  perform("a", 2);
  await turn();
  assert.equal(tries.length, 2, "the path is free again");
  tries[0]?.finish(DONE);
  await turn();
  assert.equal(reports.length, 1, "what comes after all is heard by nobody");
});

test("a fault of our own fails the attempt and is told, wherever it happens", async () => {
  const { tries, reports, faults, perform } = hand();
  perform("a");
  await turn();
  tries[0]?.break(new Error("a bug"));
  await turn();
  const outcome = reports[0]?.outcome;
  assert.equal(outcome?.type === "failed" && outcome.failure.code, "internal");
  assert.match(outcome?.type === "failed" ? outcome.failure.message : "", /performed a: a bug/);
  assert.match(String(faults[0]), /a bug/);

  const broken = hand({
    transcripts: {
      open: () => {
        throw new Error("no transcript");
      },
    },
  });
  broken.perform("a", 1);
  broken.perform("a", 2);
  await turn();
  assert.deepEqual(
    broken.reports.map(({ outcome: { type } }) => type),
    ["failed", "failed"],
  );
  assert.equal(broken.faults.length, 2);
});

test("dispose stops everything, waits for it, and reports nothing", async () => {
  const { tries, reports, performer, perform } = hand();
  perform("a");
  perform("b");
  await turn();
  let gone = false;
  const disposed = performer.dispose().then(() => {
    gone = true;
  });
  assert.ok(tries.every(({ context }) => context.signal.aborted));
  tries[0]?.finish(DONE);
  await turn();
  assert.equal(gone, false);
  tries[1]?.finish(DONE);
  await disposed;
  perform("c");
  await turn();
  assert.equal(tries.length, 2, "nothing begins any more");
  assert.equal(reports.length, 0);
});
