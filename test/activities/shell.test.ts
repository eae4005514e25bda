import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createShellActivity } from "../../src/activities/shell.ts";
import type { ActivityOutcome, ShellRequest } from "../../src/run/request.ts";
import { isObject, type JsonObject } from "../../src/util/json.ts";
import { isAlive, readPids, until } from "../process/until.ts";
import { openAttempt } from "./attempt.ts";

const environment = { PATH: process.env.PATH, HOME: "/home/me", API_KEY: "secret", LC_ALL: "C" };
const perform = createShellActivity({ environment });
const shell = (command: ShellRequest["command"], more = {}): ShellRequest => ({
  activity: "shell",
  command,
  ...more,
});

test("a string goes through the shell, a list does not", async (t) => {
  const { context } = await openAttempt(t);
  assert.equal(resultOf(await perform(shell("echo $((1 + 2)) | cat"), context)).stdout, "3\n");
  assert.equal(
    resultOf(await perform(shell(["echo", "$((1 + 2))"]), context)).stdout,
    "$((1 + 2))\n",
  );
});

test("completes with output, exit code and duration, and tells the lines as they come", async (t) => {
  const { context, lines } = await openAttempt(t);
  const outcome = await perform(shell("echo one; echo two >&2"), context);
  const { duration, ...result } = resultOf(outcome);
  assert.deepEqual(result, { stdout: "one\n", stderr: "two\n", exit_code: 0, truncated: false });
  assert.equal(typeof duration, "number");
  assert.deepEqual(
    [...lines].sort((a, b) => a.text.localeCompare(b.text)),
    [
      { kind: "stdout", text: "one" },
      { kind: "stderr", text: "two" },
    ],
  );
});

test("sees an allowed part of the host's environment and what the step gives", async (t) => {
  const { context } = await openAttempt(t);
  const allowing = createShellActivity({ environment, allowedVariables: ["API_KEY"] });
  const step = shell("env | cut -d= -f1 | sort | xargs", { env: { ONE: "1", HOME: "/other" } });
  const shown = async (activity: typeof perform) => {
    const names = String(resultOf(await activity(step, context)).stdout)
      .trim()
      .split(" ");
    return names.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_", "FERMATA_TASK"].includes(name));
  };
  assert.deepEqual(await shown(perform), ["HOME", "LC_ALL", "ONE", "PATH"]);
  assert.deepEqual(await shown(allowing), ["API_KEY", "HOME", "LC_ALL", "ONE", "PATH"]);
});

test("fails with the exit code, the last lines of stderr and the whole result", async (t) => {
  const { context } = await openAttempt(t);
  const outcome = await perform(shell("echo fine; seq 1 9 >&2; exit 3"), context);
  assert.ok(outcome.type === "failed" && isObject(outcome.failure.detail));
  assert.equal(outcome.failure.code, "command_failed");
  assert.equal(
    outcome.failure.message,
    "`echo fine; seq 1 9 >&2; exit 3` exited with code 3. It said last: 5\n6\n7\n8\n9\n" +
      "Correct the command or what it checks, then retry.",
  );
  assert.equal(outcome.failure.detail.exit_code, 3);
  assert.equal(outcome.failure.detail.stdout, "fine\n");
});

test("names the signal that ended a command, and counts it as shells do", async (t) => {
  const { context } = await openAttempt(t);
  const outcome = await perform(shell("kill -SEGV $$"), context);
  assert.ok(outcome.type === "failed" && isObject(outcome.failure.detail));
  assert.match(outcome.failure.message, /was ended by SIGSEGV\. It printed nothing\./);
  assert.equal(outcome.failure.detail.exit_code, 139);
});

test("a command that does not exist fails and says where it was searched", async (t) => {
  const { context } = await openAttempt(t);
  const outcome = await perform(shell(["no-such-command"]), context);
  assert.ok(outcome.type === "failed");
  assert.equal(outcome.failure.code, "tool_unavailable");
  assert.match(outcome.failure.message, /no command `no-such-command`\. Searched: /);
});

test("runs in a folder of the workspace and refuses any other", async (t) => {
  const { context, workspace } = await openAttempt(t);
  const pwd = async (cwd: string) => await perform(shell("pwd -P", { cwd }), context);
  await mkdir(join(workspace, "inner"));
  await writeFile(join(workspace, "file"), "");
  await symlink("inner", join(workspace, "within"));
  await symlink("/", join(workspace, "without"));
  assert.equal(resultOf(await pwd("inner")).stdout, `${join(workspace, "inner")}\n`);
  assert.equal(resultOf(await pwd("within")).stdout, `${join(workspace, "inner")}\n`);
  assert.equal(
    resultOf(await pwd(join(workspace, "inner"))).stdout,
    `${join(workspace, "inner")}\n`,
  );
  for (const [cwd, message] of [
    ["..", /leads outside of the workspace/],
    ["without/tmp", /leads outside of the workspace, to \/tmp\./],
    [`${workspace}-other/..`, /cannot be used|leads outside/],
    ["file", /is a file/],
    ["missing", /cannot be used: ENOENT/],
  ] as const) {
    const outcome = await pwd(cwd);
    assert.ok(outcome.type === "failed", cwd);
    assert.equal(outcome.failure.code, "invalid_input");
    assert.match(outcome.failure.message, message);
  }
});

test("a cancel stops the whole tree and fails as cancelled", async (t) => {
  const { context, workspace, cancel } = await openAttempt(t);
  const running = perform(shell("setsid sleep 300 & echo $! >> pids; wait"), context);
  const pids = await until("a process", () => readPids(join(workspace, "pids"), 1));
  assert.equal(existsSync(context.guardRecord), true);
  cancel();
  const outcome = await running;
  assert.ok(outcome.type === "failed");
  assert.equal(outcome.failure.code, "cancelled");
  assert.deepEqual(pids.filter(isAlive), []);
  assert.equal(existsSync(context.guardRecord), false);
});

test("a cancel before the start starts nothing", async (t) => {
  const { context, workspace, cancel } = await openAttempt(t);
  cancel();
  const outcome = await perform(shell("echo > started"), context);
  assert.ok(outcome.type === "failed");
  assert.equal(outcome.failure.code, "cancelled");
  assert.equal(existsSync(join(workspace, "started")), false);
});

test("a cancel that leaves something running has an unknown outcome", async (t) => {
  const { context, workspace, cancel } = await openAttempt(t);
  const fleeing =
    "env -i setsid /bin/sh -c '/bin/sh -c \"echo \\$\\$ >> pids; exec sleep 300\" & exit' &";
  const running = perform(shell(`${fleeing} sleep 300`), context);
  const [fled = 0] = await until("the escape", () => readPids(join(workspace, "pids"), 1));
  t.after(() => process.kill(fled, "SIGKILL"));
  cancel();
  const outcome = await running;
  assert.ok(outcome.type === "unknown");
  assert.equal(outcome.failure.code, "outcome_unknown");
});

test("a killed guard leaves the outcome unknown and nothing running", async (t) => {
  const { context, workspace } = await openAttempt(t);
  const running = perform(shell("echo $$ >> pids; echo $PPID >> pids; sleep 300"), context);
  const [command = 0, guard = 0] = await until("a process", () =>
    readPids(join(workspace, "pids"), 2),
  );
  process.kill(guard, "SIGKILL");
  const outcome = await running;
  assert.ok(outcome.type === "unknown");
  assert.match(outcome.failure.message, /guard of `echo .*` was killed/);
  assert.equal(isAlive(command), false);
});

function resultOf(outcome: ActivityOutcome): JsonObject {
  assert.ok(outcome.type === "completed" && isObject(outcome.result), JSON.stringify(outcome));
  return outcome.result;
}
