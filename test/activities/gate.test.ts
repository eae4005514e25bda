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
      entry({ name: "missing", exit_code: 127, stderr: missing, duration: 0 }),
      entry({ name: "tests", exit_code: 0, stdout: "1\n" }),
    ],
  });
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
