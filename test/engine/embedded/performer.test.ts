/** One try an attempt, one report a try; the next begins when the last has let go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { ActivityContext, OutputLine } from "../../../src/engine/activity.ts";
import { createAgentPool } from "../../../src/engine/embedded/agentPool.ts";
import { type Activities, createPerformer } from "../../../src/engine/embedded/performer.ts";
import { systemTimer } from "../../../src/engine/embedded/systemTimer.ts";
import type { Transcripts } from "../../../src/engine/embedded/transcripts.ts";
import type { Report } from "../../../src/engine/performer.ts";
import type { ActivityOutcome, AgentRequest, ShellRequest } from "../../../src/run/request.ts";
import type { Outcome } from "../../../src/run/signal.ts";

const REQUEST: ShellRequest = { activity: "shell", command: ["work"] };
const AGENT: AgentRequest = { activity: "agent", agent: "@task", instructions: "work" };
const DONE: ActivityOutcome = { type: "completed", result: "ok" };

interface Try {
  readonly context: ActivityContext;
  finish(outcome: ActivityOutcome): void;
  break(error: Error): void;
}

/** A performer whose every try is in the test's hand. */
function hand(
  more: { readonly transcripts?: Partial<Transcripts>; readonly places?: number } = {},
) {
  const tries: Try[] = [];
  const reports: Outcome[] = [];
  const faults: unknown[] = [];
  const live: string[] = [];
  const lines: string[] = [];
  const activity = (_request: unknown, context: ActivityContext): Promise<ActivityOutcome> =>
    new Promise((finish, breakOff) => tries.push({ context, finish, break: breakOff }));
  const activities: Activities = {
    agent: activity,
    tool: activity,
    shell: activity,
    gate: activity,
    ...{ http: activity, worker: activity },
  };
  const performer = createPerformer({
    run: "run_000000000000",
    workspace: "/w",
    activities,
    transcripts: {
      open: (path, attempt) => ({
        write: ({ text }: OutputLine) => void lines.push(`${path} #${attempt}: ${text}`),
        close: async () => void lines.push(`${path} #${attempt} closed`),
      }),
      read: async () => [],
      readAll: async () => [],
      copyTo: async () => undefined,
      ...more.transcripts,
    },
    guardFolder: "/guards",
    timer: systemTimer,
    agentPool: createAgentPool(() => more.places ?? 4),
    live: (path, text) => live.push(`${path}: ${text}`),
    fault: (error) => faults.push(error),
  });
  const turns: string[] = [];
  const paused = { now: false };
  const report: Report = async (input) => {
    if (input.type === "outcome") reports.push(input);
    else turns.push(`${input.type} ${input.path}`);
    if (input.type === "asked" && paused.now) return { ok: false, reason: "nobody is there" };
    if (input.type === "begun" && paused.now) return { ok: false, reason: "paused" };
    return { ok: true, events: [] };
  };
  return {
    tries,
    reports,
    turns,
    pause: (now: boolean) => {
      paused.now = now;
      performer.hold?.(now);
    },
    faults,
    live,
    lines,
    performer,
    perform: (path: string, attempt = 1, more: { readonly idle_timeout?: number } = {}) =>
      performer.perform(
        { type: "perform", path, attempt, token: `${path}${attempt}`, request: REQUEST, ...more },
        report,
      ),
    ask: (path: string) =>
      performer.perform(
        { type: "perform", path, attempt: 1, token: `${path}1`, request: AGENT },
        report,
      ),
    tell: (path: string, question: number) => {
      const answer = { kind: "permission", decision: "allow_once", option: "a" } as const;
      performer.perform(
        { type: "tell", path, attempt: 1, token: `${path}1`, question, answer },
        report,
      );
    },
    stop: (path: string, attempt = 1) =>
      performer.perform({ type: "stop", path, attempt, token: `${path}${attempt}` }, report),
  };
}

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
