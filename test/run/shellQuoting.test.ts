/** Template values in a shell step's command string: whatever they hold, they stay values. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { begin, bundleOf, createProgram, simulate } from "./simulate.ts";

const HOSTILE = "$(touch /tmp/fermata-never); `id` \"; echo pwned #' && $HOME";

function commandOf(command: string): string | undefined {
  const text = JSON.stringify({
    name: "quoting",
    version: "1.0.0",
    initial_state: { value: HOSTILE },
    steps: [{ id: "run", type: "shell", command }],
  });
  const program = createProgram();
  const sim = simulate(program, [begin(program, bundleOf(text))], {
    outcome: () => ({ type: "completed", result: null }),
  });
  const request = sim.performed[0]?.request;
  return request?.activity === "shell" && typeof request.command === "string"
    ? request.command
    : undefined;
}

for (const command of [
  "printf %s {{ state.value }}",
  'printf %s "{{ state.value }}"',
  "printf %s '{{ state.value }}'",
]) {
  test(`a hostile value stays one word: ${command}`, () => {
    assert.equal(
      execFileSync("/bin/sh", ["-c", commandOf(command) ?? ""], { encoding: "utf8" }),
      HOSTILE,
    );
  });
}

test("a place that no quoting makes safe is refused before anything runs", () => {
  assert.equal(commandOf("cat <<END\n{{ state.value }}\nEND"), undefined);
});
