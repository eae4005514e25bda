import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createGateActivity } from "../../src/activities/gate.ts";
import { isAlive, readPids, until } from "../process/until.ts";
import { openAttempt } from "./attempt.ts";

const perform = createGateActivity({ environment: { PATH: process.env.PATH } });

test("runs every command in order, whatever they come to", async (t) => {
  const { context } = await openAttempt(t);
  const outcome = await perform(
    {
      activity: "gate",
      commands: [
        { name: "lint", command: "echo bad >&2; echo 1 > order; exit 2" },
        { name: "missing", command: ["no-such-command"] },
        { name: "tests", command: ["cat", "order"] },
      ],
    },
    context,
  );
  assert.ok(outcome.type === "completed");
  const text = JSON.stringify(outcome.result, (key, value) =>
    key === "duration" && value > 0 ? "seconds" : value,
  );
  const missing = `There is no command \`no-such-command\`. Searched: ${process.env.PATH}. Install it, or give its full path.`;
  assert.deepEqual(JSON.parse(text), {
    commands: [
      entry({ name: "lint", exit_code: 2, stderr: "bad\n" }),
      entry({ name: "missing", exit_code: 127, stderr: missing, duration: 0, missing: true }),
      entry({ name: "tests", exit_code: 0, stdout: "1\n" }),
    ],
  });
});

test("a command whose own time is up is stopped with what it said, and the others go on", async (t) => {
  const { context, workspace } = await openAttempt(t);
  const slow = "echo $$ >> pids; echo begun; sleep 300";
  const outcome = await perform(
    {
      activity: "gate",
      commands: [
        { name: "slow", command: slow, timeout: 1500 },
        { name: "next", command: "echo on", timeout: 30_000 },
      ],
    },
    context,
  );
  assert.ok(outcome.type === "completed");
  const text = JSON.stringify(outcome.result, (key, value) => (key === "duration" ? 0 : value));
  assert.deepEqual(JSON.parse(text), {
    commands: [
      entry({ name: "slow", exit_code: 124, timed_out: 1.5, stdout: "begun\n", duration: 0 }),
      entry({ name: "next", exit_code: 0, stdout: "on\n", duration: 0 }),
    ],
  });
  const pids = readPids(join(workspace, "pids"), 1) ?? [];
  assert.deepEqual(pids.filter(isAlive), []);
});

test("a cancel stops the running command and starts no further one", async (t) => {
  const { context, workspace, cancel } = await openAttempt(t);
  const running = perform(
    {
      activity: "gate",
      commands: [
        { name: "slow", command: "echo $$ >> pids; sleep 300" },
        { name: "next", command: "echo $$ >> pids" },
      ],
    },
    context,
  );
  await until("a process", () => readPids(join(workspace, "pids"), 1));
  cancel();
  const outcome = await running;
  assert.ok(outcome.type === "failed");
  assert.equal(outcome.failure.code, "cancelled");
  const pids = readPids(join(workspace, "pids"), 1) ?? [];
  assert.equal(pids.length, 1);
  assert.deepEqual(pids.filter(isAlive), []);
});

function entry(fields: object): object {
  return { stdout: "", stderr: "", duration: "seconds", truncated: false, ...fields };
}

test("agents are asked each on its own, and one that fails leaves its problem", async (t) => {
  const gate = createGateActivity({ environment: {} }, async ({ agent, output_schema }) => {
    assert.ok(output_schema);
    if (agent === "@gone")
      return { type: "failed", failure: { code: "agent_error", message: "It went away." } };
    const usage = { input_tokens: 3, output_tokens: 1 };
    return { type: "completed", result: { response: agent, data: { pass: true } }, usage };
  });
  const question = { instructions: "Judge it.", output_schema: { type: "object" } };
  const questions = [
    { name: "one", agent: "@a", ...question },
    { name: "two", agent: "@gone", ...question },
    { name: "three", agent: "@b", ...question },
  ];
  const { context } = await openAttempt(t);
  const outcome = await gate({ activity: "gate", commands: [], questions }, context);
  assert.ok(outcome.type === "completed");
  assert.deepEqual(outcome.result, {
    commands: [],
    answers: {
      one: { response: "@a", data: { pass: true } },
      two: { problem: "It went away." },
      three: { response: "@b", data: { pass: true } },
    },
  });
  // What nobody knows the price of is not said to be free.
  assert.deepEqual(outcome.usage, { input_tokens: 6, output_tokens: 2 });
});

test("an agent whose own time is up has not judged, and the next one is asked", async (t) => {
  const gate = createGateActivity({ environment: {} }, async ({ agent }, { signal }) => {
    if (agent === "@b") return { type: "completed", result: { data: { pass: true } } };
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return { type: "failed", failure: { code: "cancelled", message: "It was cancelled." } };
  });
  const question = { instructions: "Judge it.", output_schema: {} };
  const questions = [
    { name: "one", agent: "@a", ...question, timeout: 50 },
    { name: "two", agent: "@b", ...question, timeout: 30_000 },
  ];
  const { context } = await openAttempt(t);
  const outcome = await gate({ activity: "gate", commands: [], questions }, context);
  assert.ok(outcome.type === "completed");
  const problem =
    "it took longer than 0.05 s and was stopped; raise the step's timeout if it needs more";
  assert.deepEqual(outcome.result, {
    commands: [],
    answers: { one: { problem }, two: { data: { pass: true } } },
  });
});
