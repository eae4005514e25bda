/** What a new host makes of the attempts that an old one left: first gone, then asked, then unknown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttemptId } from "../../../src/engine/activity.ts";
import {
  type Looking,
  type RecoveryPorts,
  recoverAttempts,
} from "../../../src/engine/embedded/recovery.ts";
import { systemTimer } from "../../../src/engine/embedded/systemTimer.ts";
import type { ActivityRequest } from "../../../src/run/request.ts";
import type { RunState } from "../../../src/run/state.ts";
import { driven } from "../driven.ts";

const THREE = {
  steps: [
    {
      id: "all",
      type: "parallel",
      branches: [
        { id: "a", steps: [{ id: "work", type: "delegate", instructions: "do" }] },
        { id: "b", steps: [{ id: "run", type: "shell", command: "pay" }] },
        { id: "c", steps: [{ id: "ask", type: "prompt", message: "Well?" }] },
      ],
    },
  ],
};

/** The state in which a host died while two attempts ran and a question stood. */
async function stateLeft(keys: object = THREE): Promise<RunState> {
  const run = driven({ ...keys });
  await run.quiet();
  await run.drive.stop();
  return run.drive.state;
}

/** Looked into by a host that asks nobody; `more` says otherwise. */
function looking(more: Partial<Looking> = {}): Looking {
  const report: Looking["report"] = async () => ({ ok: true, events: [] });
  const signal = new AbortController().signal;
  return { signal, report, asked: () => 0, timer: systemTimer, ...more };
}

async function outcomesOf(state: RunState, by: RecoveryPorts) {
  const { outcomes, going } = await recoverAttempts(state, by, looking());
  assert.equal(going.length, 0);
  return outcomes;
}

function ports(more: Partial<RecoveryPorts> = {}): RecoveryPorts {
  return { awaitGone: async () => "gone", reconcile: async () => undefined, ...more };
}

test("every running attempt, and nothing else, is called lost with its host", async () => {
  const state = await stateLeft();
  const outcomes = await outcomesOf(state, ports());
  assert.deepEqual(
    outcomes.map(({ path, host_died, outcome }) => [path, host_died, outcome.type]),
    [
      ["all/a/work", true, "unknown"],
      ["all/b/run", true, "unknown"],
    ],
  );
  for (const { path, token } of outcomes) {
    const now = state.open.get(path)?.state;
    assert.equal(now?.is === "running" && now.token, token);
  }
});

test("nobody is asked before the old processes are gone, and all are waited for at once", async () => {
  const order: string[] = [];
  const gates = new Map<string, () => void>();
  const recovered = outcomesOf(
    await stateLeft(),
    ports({
      awaitGone: (path, attempt) =>
        new Promise((gone) => {
          order.push(`await ${path} #${attempt}`);
          gates.set(path, () => gone("gone"));
        }),
      reconcile: async (_request, { path }) => void order.push(`ask ${path}`),
    }),
  );
  assert.deepEqual(order, ["await all/a/work #1", "await all/b/run #1"]);
  gates.get("all/b/run")?.();
  await new Promise(setImmediate);
  assert.equal(order.at(-1), "ask all/b/run");
  gates.get("all/a/work")?.();
  assert.equal((await recovered).length, 2);
});

test("what somebody knows of an attempt is its outcome", async () => {
  const asked: [ActivityRequest, AttemptId][] = [];
  const outcomes = await outcomesOf(
    await stateLeft(),
    ports({
      reconcile: async (request, attempt) => {
        asked.push([request, attempt]);
        return request.activity === "agent" ? { type: "completed", result: "found" } : undefined;
      },
    }),
  );
  assert.deepEqual(outcomes[0]?.outcome, { type: "completed", result: "found" });
  assert.equal(outcomes[0]?.host_died, undefined);
  const [request, attempt] = asked[0] ?? assert.fail();
  assert.equal(request.activity === "agent" && request.instructions, "do");
  assert.equal(attempt.key, "run_000000000000/all/a/work");
});

test("processes that cannot be proven gone leave the outcome unknown, and nobody is asked", async () => {
  const outcomes = await outcomesOf(
    await stateLeft(),
    ports({ awaitGone: async () => "unproven", reconcile: () => assert.fail("asked") }),
  );
  assert.ok(outcomes.every(({ outcome, host_died }) => outcome.type === "unknown" && !host_died));
});

test("an attempt that was timed out may still be dying: its next one waits for it", async () => {
  const retry = { max_attempts: 2, delay: "1s" };
  const run = driven({
    steps: [
      { id: "run", type: "shell", command: "slow", effects: "repeatable", timeout: "1s", retry },
    ],
  });
  await run.quiet();
  run.clock.now = 1_000;
  run.ring();
  await run.quiet();
  await run.drive.stop();
  assert.equal(run.drive.state.open.get("run")?.state.is, "retrying");
  const waited: string[] = [];
  const outcomes = await outcomesOf(
    run.drive.state,
    ports({
      awaitGone: async (path, attempt) => {
        waited.push(`${path} #${attempt}`);
        return "gone";
      },
    }),
  );
  assert.deepEqual(outcomes, []);
  assert.deepEqual(waited, ["run #1"]);
});

test("an agent that goes on and asks is no longer looked into: its question and its end come here", async () => {
  const state = await stateLeft();
  const told: unknown[] = [];
  const { outcomes, going } = await recoverAttempts(
    state,
    ports({
      reconcile: async (request, _attempt, { ask, signal }) => {
        if (request.activity !== "agent") return undefined;
        const reply = await ask({ message: "May I?", options: [] });
        return reply.kind === "none"
          ? {
              type: "unknown",
              failure: { code: "outcome_unknown", message: String(signal.aborted) },
            }
          : { type: "completed", result: reply.decision };
      },
    }),
    looking({
      report: async (input) => {
        told.push(input);
        return { ok: true, events: [] };
      },
      asked: (path, attempt) => (path === "all/a/work" && attempt === 1 ? 3 : 0),
    }),
  );
  assert.deepEqual(
    outcomes.map(({ path }) => path),
    ["all/b/run"],
  );
  const [one] = going;
  assert.ok(one && going.length === 1);
  const { path, attempt, token } = one;
  const form = { kind: "permission", message: "May I?", options: [] };
  assert.deepEqual(told, [{ type: "asked", path, attempt, token, question: 4, form }]);
  one.tell(4, { kind: "permission", decision: "allow_once", option: "a" });
  assert.deepEqual(await one.outcome, { type: "completed", result: "allow_once" });
});

test("what goes on is stopped by its own word alone; what is looked into, with the looking", async () => {
  const hurry = new AbortController();
  const begun: string[] = [];
  const recovered = recoverAttempts(
    await stateLeft(),
    ports({
      reconcile: async (request, { path }, { ask, signal }) => {
        begun.push(path);
        if (request.activity === "agent") await ask({ message: "May I?", options: [] });
        else await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return { type: "failed", failure: { code: "cancelled", message: "stopped" } };
      },
    }),
    looking({ signal: hurry.signal }),
  );
  await new Promise(setImmediate);
  hurry.abort();
  const { outcomes, going } = await recovered;
  assert.deepEqual(begun, ["all/a/work", "all/b/run"]);
  assert.deepEqual(
    outcomes.map(({ path, outcome }) => [path, outcome.type]),
    [["all/b/run", "unknown"]],
  );
  const [one] = going;
  assert.equal(
    await Promise.race([one?.outcome, new Promise((r) => setImmediate(r, "goes on"))]),
    "goes on",
  );
  one?.stop();
  assert.equal((await one?.outcome)?.type, "failed");
});

test("one that goes on and then says nothing for its idle_timeout is stopped; while it asks it may be silent", async (t) => {
  const state = await stateLeft({
    steps: [{ id: "talk", type: "delegate", instructions: "do", idle_timeout: "1s" }],
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let sign = (): void => undefined;
  const { going } = await recoverAttempts(
    state,
    ports({
      reconcile: async (_request, _attempt, { ask, signal, heard }) => {
        sign = heard;
        await ask({ message: "May I?", options: [] });
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return { type: "failed", failure: { code: "cancelled", message: "stopped" } };
      },
    }),
    looking(),
  );
  const [one] = going;
  assert.ok(one);
  let ended = false;
  void one.outcome.then(() => {
    ended = true;
  });
  t.mock.timers.tick(60_000);
  one.tell(1, { kind: "permission", decision: "allow_once", option: "a" });
  for (const ms of [0, 900, 900]) {
    t.mock.timers.tick(ms);
    await new Promise(setImmediate);
    sign();
  }
  assert.equal(ended, false);
  t.mock.timers.tick(1_000);
  const outcome = await one.outcome;
  assert.match(JSON.stringify(outcome), /"unknown".*"timeout".*talk said nothing for 1s/);
});
