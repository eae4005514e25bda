/**
 * Hostile values through real shells and real processes: a value that a template prints is only ever itself, in every
 * place of a command line, as a word of a list, as a variable, and as a tool's parameter. Nothing it says is done.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createShellActivity } from "../../../src/activities/shell.ts";
import type { ActivityRequest, ShellRequest } from "../../../src/run/request.ts";
import { isObject, type Json } from "../../../src/util/json.ts";
import { quoteForCmd } from "../../../src/util/shellQuote.ts";
import { openAttempt } from "../../activities/attempt.ts";
import { begin, bundleOf, createProgram, simulate } from "../../run/simulate.ts";
import { workspaceOf } from "../../search/scratch.ts";
import { hostileValues } from "./hostileValues.ts";

const SHELLS = ["/bin/sh", "/bin/bash", "/bin/dash", "/bin/zsh"].filter((shell) =>
  existsSync(shell),
);

/** `@` is where the value stands; each prints it, and only it, followed by a NUL. */
const PLACES: readonly string[] = [
  "printf '%s\\0' @",
  "printf '%s\\0' \"@\"",
  "printf '%s\\0' '@'",
  // Command substitution takes line ends off, whoever wrote them: a mark behind the value keeps them.
  `v="$(printf '%s.' "@")"; printf '%s\\0' "\${v%.}"`,
  "v=@; printf '%s\\0' \"$v\"",
  `v="@"; printf '%s\\0' "\${v}"`,
  "printf '%s\\0' \"$NOTHING@\"",
  "# said of @\nprintf '%s\\0' @",
  "cat <<'END' > /dev/null\nit's \"$(\nEND\nprintf '%s\\0' '@'",
  "if true; then (printf '%s\\0' @); fi",
  "printf '%s\\0' \\\n  @",
];

test("more than two hundred hostile values come out of every place in real shells", async (t) => {
  const folder = await workspaceOf(t, {});
  const canary = join(folder, "canary");
  const values = hostileValues(canary);
  assert.ok(values.length > 200, `${values.length}`);
  for (const place of PLACES) {
    const script = values.map((value) => rendered(place, value)).join("\n");
    for (const shell of SHELLS) {
      const found = runScript(shell, script, folder).split("\0");
      for (const [index, value] of values.entries())
        assert.equal(found[index], value, `${shell}, ${place}: ${JSON.stringify(value)}`);
      assert.equal(found.length, values.length + 1, `${shell}, ${place}`);
    }
  }
  assert.equal(existsSync(canary), false, "something was injected");
});

test("the harness sees an injection where nothing is quoted", async (t) => {
  const folder = await workspaceOf(t, {});
  const canary = join(folder, "canary");
  let injected = 0;
  for (const value of hostileValues(canary)) {
    spawnSync("/bin/sh", ["-c", `printf '%s\\0' ${value} > out`], { cwd: folder, timeout: 5000 });
    if (!existsSync(canary)) continue;
    injected += 1;
    execFileSync("rm", ["-rf", canary]);
  }
  assert.ok(injected > 50, `${injected}`);
});

test("as words of a list and as variables they are themselves, through the whole shell step", async (t) => {
  const { context, workspace } = await openAttempt(t);
  const canary = join(workspace, "canary");
  const perform = createShellActivity({ environment: { PATH: process.env.PATH } });
  const print = "process.stdout.write(JSON.stringify([process.argv.slice(1), process.env.VALUE]))";
  const values = hostileValues(canary);
  const request = shellRequestOf({
    command: [
      process.execPath,
      "-e",
      print,
      "--",
      ...values.map((_, n) => `{{ state.values[${n}] }}`),
    ],
    env: { VALUE: "{{ state.values | join('') }}" },
    values,
  });
  const outcome = await perform(request, context);
  assert.ok(
    outcome.type === "completed" && isObject(outcome.result),
    JSON.stringify(outcome).slice(0, 500),
  );
  assert.deepEqual(JSON.parse(String(outcome.result.stdout)), [values, values.join("")]);
  assert.equal(existsSync(canary), false);
});

test("a NUL, which no word can hold, is a failure that says so, and nothing runs", async (t) => {
  const { context, workspace } = await openAttempt(t);
  const perform = createShellActivity({ environment: { PATH: process.env.PATH } });
  const touch = `touch ${join(workspace, "canary")}`;
  const requests: readonly ShellRequest[] = [
    { activity: "shell", command: ["/bin/sh", "-c", touch, "a\0b"] },
    { activity: "shell", command: `${touch} 'a\0b'` },
    { activity: "shell", command: ["/bin/sh", "-c", touch], env: { X: "a\0b" } },
    { activity: "shell", command: ["/bin/sh", "-c", touch], env: { "A\0B": "x" } },
    { activity: "shell", command: ["/bin/sh", "-c", touch], cwd: "a\0b" },
    { activity: "shell", command: ["/bin/\0sh", "-c", touch] },
  ];
  for (const request of requests) {
    const outcome = await perform(request, context);
    assert.equal(outcome.type, "failed", JSON.stringify(request));
    assert.match(JSON.stringify(outcome), /invalid_input|command_failed|tool_unavailable/);
  }
  assert.equal(existsSync(join(workspace, "canary")), false);
});

test("a tool's parameters and an agent's instructions are values, never commands", () => {
  const values = hostileValues("canary");
  for (const value of values) {
    const tool = requestOf(
      { id: "t", type: "mcp_call", tool: "a.b", parameters: { x: "{{ state.values[0] }}" } },
      [value],
    );
    assert.ok(tool.activity === "tool");
    assert.deepEqual(tool.parameters, { x: value });
    const agent = requestOf({ id: "d", type: "delegate", instructions: "{{ state.values[0] }}" }, [
      value,
    ]);
    assert.ok(agent.activity === "agent");
    assert.equal(agent.instructions, value);
  }
});

test("for cmd.exe each value is one word to cmd, and itself to the program's own parser", () => {
  for (const value of hostileValues("C:\\canary")) {
    const written = quoteForCmd(value);
    const passed = readAsCmd(written);
    assert.ok(passed !== undefined, `cmd would read more than a word: ${JSON.stringify(value)}`);
    const oneLine = value.replace(/\r\n|\r|\n/g, " ");
    assert.deepEqual(readAsProgram(passed), [oneLine], JSON.stringify(value));
  }
});

/** What cmd.exe hands on; undefined when it would act on a character. Every one that it acts on must be escaped. */
function readAsCmd(line: string): string | undefined {
  let passed = "";
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === "^") passed += line.charAt(++at);
    else if (/[()%!"<>&|;,\n]/.test(char)) return undefined;
    else passed += char;
  }
  return passed;
}

/** The rules of CommandLineToArgvW: backslashes are halved before a quote only, blanks part words outside of quotes. */
function readAsProgram(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < line.length; ) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    at += slashes;
    const char = line.charAt(at);
    if (char === '"') {
      word = (word ?? "") + "\\".repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) word += '"';
      else quoted = !quoted;
    } else {
      if (slashes > 0) word = (word ?? "") + "\\".repeat(slashes);
      if (char === "" || (!quoted && /[ \t]/.test(char))) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else word = (word ?? "") + char;
    }
    at += 1;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** The command as a run renders it: through a workflow's text, its expressions and its quoting. */
function rendered(place: string, value: string): string {
  const request = shellRequestOf({
    command: place.replaceAll("@", "{{ state.values[0] }}"),
    values: [value],
  });
  assert.equal(typeof request.command, "string");
  return String(request.command);
}

function shellRequestOf(given: {
  readonly command: string | readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly values: readonly string[];
}): ShellRequest {
  const { values, ...step } = given;
  const request = requestOf({ id: "s", type: "shell", ...step }, values);
  assert.ok(request.activity === "shell");
  return request;
}

const program = createProgram();

function requestOf(
  step: Readonly<Record<string, Json>>,
  values: readonly string[],
): ActivityRequest {
  const text = JSON.stringify({
    name: "hostile",
    version: "1.0.0",
    inputs: { values: { type: "array" } },
    initial_state: { values: "{{ inputs.values }}" },
    steps: [step],
  });
  const first = begin(program, bundleOf(text), { values });
  const { performed, state } = simulate(program, [first], {
    outcome: () => ({ type: "completed", result: null }),
  });
  const [effect] = performed;
  assert.ok(effect, `nothing ran: ${state.failure?.message}`);
  return effect.request;
}

function runScript(shell: string, script: string, cwd: string): string {
  const ran = spawnSync(shell, ["-c", script], { cwd, encoding: "utf8", timeout: 10_000 });
  return ran.stdout;
}
