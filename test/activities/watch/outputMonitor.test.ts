import assert from "node:assert/strict";
import { test } from "node:test";
import { createOutputMonitor, STALL } from "../../../src/activities/watch/outputMonitor.ts";
import type { OutputLine } from "../../../src/engine/activity.ts";

test("progress, errors, rate limits, commands and stalls", () => {
  const monitor = createOutputMonitor(0);
  const see = (kind: OutputLine["kind"], text: string, at = 1) => monitor.see({ kind, text }, at);
  assert.deepEqual(see("text", "writing calculator.py"), {
    kind: "progress",
    text: "writing calculator.py",
  });
  assert.equal(see("text", "test 3 of 9")?.kind, "progress");
  assert.equal(see("text", "All is well."), undefined);
  assert.equal(see("stderr", "Error: no such table")?.kind, "error");
  assert.equal(see("thought", "Error: I should think again"), undefined);
  assert.deepEqual(see("stderr", "429 Too Many Requests, retry after 2 min"), {
    ...{ kind: "rate_limit", text: "429 Too Many Requests, retry after 2 min", retry_after_s: 120 },
  });
  see("tool_call", "Bash(pytest -q)");
  see("tool_result", "2 passed\nexit code: 0");
  see("tool_call", 'Bash: {"command": "ls nowhere"}');
  see("tool_result", "ls: nowhere: No such file or directory\nExit code 2", STALL + 1);
  const { errors, rate_limits, stalls, commands, lines } = monitor.report(3 * STALL);
  assert.equal(lines, 10);
  assert.deepEqual(errors, ["Error: no such table", "ls: nowhere: No such file or directory"]);
  assert.equal(rate_limits, 1);
  assert.deepEqual(stalls, [STALL, 2 * STALL - 1]);
  assert.deepEqual(
    commands.map(({ command, exit_code }) => [command, exit_code]),
    [
      ["pytest -q", 0],
      ["ls nowhere", 2],
    ],
  );
});
