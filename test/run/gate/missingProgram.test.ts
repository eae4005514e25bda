import assert from "node:assert/strict";
import { test } from "node:test";
import { missingProgram } from "../../../src/run/gate/missingProgram.ts";

const said = (exit_code: number, stderr: string) => ({ exit_code, stdout: "", stderr });

test("a program that no shell finds is named, however it says so", () => {
  for (const [command, code, words] of [
    ["pytst -q", 127, "sh: 1: pytst: not found"],
    ["cd app && pytst -q", 127, "/bin/sh: line 1: pytst: command not found"],
    ["pytst | tee log", 127, "bash: pytst: command not found"],
    ["pytst", 127, "zsh:1: command not found: pytst"],
    ["pytst", 127, "fish: Unknown command: pytst"],
    ["pytst -q", 9009, "'pytst' is not recognized as an internal or external command,"],
    ["/opt/no/pytst", 127, "sh: 1: /opt/no/pytst: not found"],
  ] as const)
    assert.match(missingProgram(command, said(code, words)) ?? "", /pytst$/, words);
  const gone = { ...said(127, "pytst was not found."), missing: true };
  assert.equal(missingProgram(["pytst", "-q"], gone), "pytst");
});

test("a file of the workspace, a script's own program and any other end are the work's matter", () => {
  for (const [command, code, words] of [
    ["./check.sh", 127, "sh: 1: ./check.sh: not found"],
    ["npm test", 127, "sh: 1: jest: not found"],
    ["pytest", 1, "sh: 1: pytest: not found"],
    ["pytest", 127, ""],
  ] as const)
    assert.equal(missingProgram(command, said(code, words)), undefined, words);
  assert.equal(missingProgram(["./check.sh"], { ...said(127, ""), missing: true }), undefined);
  assert.equal(missingProgram(["npm", "test"], said(127, "sh: 1: jest: not found")), undefined);
  assert.equal(missingProgram([], said(127, "")), undefined);
});
