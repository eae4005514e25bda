import assert from "node:assert/strict";
import { test } from "node:test";
import { claudeRequest } from "../../../src/agents/cli/claude/claudeRequest.ts";
import type { JsonObject } from "../../../src/util/json.ts";

const asked = (tool: string, input: JsonObject) =>
  claudeRequest(tool, input, (file) => file.replace("/w/", "")).split("\n");

test("a change is asked for as a diff, a command as its lines, with all else that was said", () => {
  const edit = { old_string: "a\nb\nc", new_string: "a\nB\nc" };
  const file = { file_path: "/w/src/x.ts" };
  assert.deepEqual(asked("Edit", { ...file, ...edit }), ["src/x.ts", " a", "-b", "+B", " c"]);
  assert.deepEqual(asked("Edit", { ...file, ...edit, replace_all: true }), [
    ...["src/x.ts", " a", "-b", "+B", " c", "{", ' "replace_all": true', "}"],
  ]);
  assert.deepEqual(asked("MultiEdit", { ...file, edits: [edit, { ...edit, more: 1 }] }), [
    ...["src/x.ts", " a", "-b", "+B", " c"],
    ...["src/x.ts", " a", "-b", "+B", " c", '{"more":1}'],
  ]);
  assert.deepEqual(asked("Write", { ...file, content: "one\ntwo" }), ["src/x.ts", "+one", "+two"]);
  assert.deepEqual(asked("Bash", { command: "cd x\nrm y", timeout: 5 }), [
    ...["cd x", "rm y", "{", ' "timeout": 5', "}"],
  ]);
});

test("what is not of the usual form is asked for as it was sent", () => {
  assert.deepEqual(asked("Bash", { command: ["rm"] }), ["{", ' "command": [', '  "rm"', " ]", "}"]);
  assert.deepEqual(asked("mcp__x__y", { command: "rm x" }), ["{", ' "command": "rm x"', "}"]);
  assert.deepEqual(asked("MultiEdit", { file_path: "x", edits: [1] }).length, 6);
  assert.deepEqual(asked("Anything", {}), [""]);
});
