import assert from "node:assert/strict";
import { test } from "node:test";
import { expandVariables } from "../../../src/mcp/client/variables.ts";
import { variable } from "./startServer.ts";

const SCOPE = {
  workspace: "/home/ann/repo",
  environment: { HOME: "/home/ann", T: "tok", EMPTY: "" },
};

test("variables of both dialects are put in", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["workspaceFolder", "/home/ann/repo"],
    ["workspaceFolderBasename", "repo"],
    ["userHome", "/home/ann"],
    ["env:T", "tok"],
    ["T", "tok"],
    ["NONE:-x:-y", "x:-y"],
    ["EMPTY:-other", "other"],
    ["EMPTY", ""],
  ];
  for (const [name, text] of cases) {
    const expanded = expandVariables(`<${variable(name)}>`, SCOPE);
    assert.deepEqual(expanded, { type: "text", text: `<${text}>` }, name);
  }
  assert.deepEqual(expandVariables("plain $HOME", SCOPE), { type: "text", text: "plain $HOME" });
});

test("one without a value is named", () => {
  for (const name of ["env:NONE", "NONE", "constructor", "input:x", "config:editor.font"]) {
    const expanded = expandVariables(variable(name), SCOPE);
    assert.deepEqual(expanded, { type: "missing", variable: variable(name) });
  }
});
