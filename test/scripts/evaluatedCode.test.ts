/** What counts as code made from text in a bundle. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluatedCode } from "../../scripts/evaluatedCode.ts";

for (const bad of [
  'eval("1")',
  "(0, eval)(text)",
  "new Function(a, b)",
  "x = Function (body)",
  "globalThis.eval(x)",
  'if (a) eval(f("(")) ;',
]) {
  test(`${bad} is found`, () => assert.equal(evaluatedCode(`let y;\n${bad}\n`).length, 1));
}

for (const good of [
  "class R { eval(input, pos) { return 1; } }",
  "regex.eval(input)",
  "isFunction(x)",
  "function medieval() {}",
  "x instanceof Function",
]) {
  test(`${good} is none`, () => assert.deepEqual(evaluatedCode(good), []));
}
