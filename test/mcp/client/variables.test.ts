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

test("secrets come only by their own notation, and only those that were resolved", () => {
  const scope = {
    ...SCOPE,
    environment: { FERMATA_SECRET_KEY: "hidden", KEY: "shown" },
    secrets: new Map([["KEY", "value"]]),
  };
  const text = (name: string) => expandVariables(variable(name), scope);
  assert.deepEqual(text("secret:KEY"), { type: "text", text: "value" });
  assert.equal(text("secret:OTHER").type, "missing");
  assert.equal(text("env:FERMATA_SECRET_KEY").type, "missing");
  assert.equal(text("FERMATA_SECRET_KEY:-x").type, "missing");
});

test("one without a value is named", () => {
  for (const name of ["env:NONE", "NONE", "constructor", "input:x", "config:editor.font"]) {
    const expanded = expandVariables(variable(name), SCOPE);
    assert.deepEqual(expanded, { type: "missing", variable: variable(name) });
  }
});
