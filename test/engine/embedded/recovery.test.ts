/** What a new host makes of the attempts that an old one left: first gone, then gone on with or unknown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type RecoveryPorts, recoverAttempts } from "../../../src/engine/embedded/recovery.ts";
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

function ports(more: Partial<RecoveryPorts> = {}): RecoveryPorts {
  return { awaitGone: async () => "gone", mayKnow: () => false, ...more };
}

async function outcomesOf(state: RunState, by: RecoveryPorts) {
  const { outcomes, going } = await recoverAttempts(state, by, () => 0);
  assert.equal(going.length, 0);
  return outcomes;
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
      mayKnow: ({ activity }) => {
        order.push(`ask ${activity}`);
        return false;
      },
    }),
  );
  assert.deepEqual(order, ["await all/a/work #1", "await all/b/run #1"]);
  gates.get("all/b/run")?.();
  await new Promise(setImmediate);
  assert.equal(order.at(-1), "ask shell");
  gates.get("all/a/work")?.();
  assert.equal((await recovered).length, 2);
});

test("what somebody may know more of goes on, under its own token and with its own limits", async () => {
  const state = await stateLeft({
    steps: [{ id: "talk", type: "delegate", instructions: "do", idle_timeout: "1s" }],
  });
  const { outcomes, going } = await recoverAttempts(
    state,
    ports({ mayKnow: ({ activity }) => activity === "agent" }),
    (path, attempt) => (path === "talk" && attempt === 1 ? 3 : 0),
  );
  assert.deepEqual(outcomes, []);
  const now = state.open.get("talk");
  assert.ok(now?.state.is === "running" && now.request);
  const { token } = now.state;
  const effect = { type: "perform", path: "talk", attempt: 1, token, request: now.request };
  assert.deepEqual(going, [{ effect: { ...effect, idle_timeout: 1_000 }, asked: 3 }]);
});

test("what was being stopped, or had not begun, is not gone on with", async () => {
  const steps = [{ id: "talk", type: "delegate", instructions: "do" }];
  const stopped = driven({ steps });
  await stopped.quiet();
  await stopped.drive.post({ type: "cancel", by: "t" });
  await stopped.quiet();
  await stopped.drive.stop();
  const queued = driven({ steps });
  await queued.quiet();
  const { effect } = queued.open.get("talk") ?? assert.fail();
  const { path, attempt, token } = effect;
  assert.ok((await queued.drive.post({ type: "queued", path, attempt, token })).ok);
  await queued.drive.stop();
  for (const run of [stopped, queued]) {
    const [one] = await outcomesOf(run.drive.state, ports({ mayKnow: () => true }));
    assert.deepEqual([one?.path, one?.host_died], ["talk", true]);
  }
});

test("processes that cannot be proven gone leave the outcome unknown, and nobody is asked", async () => {
  const outcomes = await outcomesOf(
    await stateLeft(),
    ports({ awaitGone: async () => "unproven", mayKnow: () => assert.fail("asked") }),
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
