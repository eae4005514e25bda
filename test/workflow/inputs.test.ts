import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "../../src/util/json.ts";
import type { InputDefinition, Inputs } from "../../src/workflow/definition/inputDefinition.ts";
import { checkAnswer, checkInputs, formatInputProblem } from "../../src/workflow/inputs.ts";

const INPUTS: Inputs = {
  task: { type: "string", required: true, description: "What to do" },
  count: { type: "number", default: 5 },
  approve: { type: "boolean", default: true },
  tags: { type: "array" },
};

function problems(definitions: Inputs, given: JsonObject): string[] {
  const checked = checkInputs(definitions, given);
  return checked.ok ? [] : checked.problems.map(formatInputProblem);
}

function one(definition: InputDefinition, value: Json): string[] {
  return problems({ x: definition }, { x: value });
}

test("defaults are filled in, and what is not given is null", () => {
  assert.deepEqual(checkInputs(INPUTS, { task: "go", count: 0 }), {
    ok: true,
    values: { task: "go", count: 0, approve: true, tags: null },
  });
});

test("missing, unknown and mistyped inputs are all named at once", () => {
  assert.deepEqual(problems(INPUTS, { cuont: 3, approve: "maybe" }), [
    "`cuont`: There is no such input. Expected one of task, count, approve, tags. Did you mean `count`?",
    "`task`: Required, but not given. Expected a text (What to do).",
    '`approve`: Cannot be "maybe". Expected true or false.',
  ]);
});

test("texts of a command line become what is asked for", () => {
  const given = { task: "5", count: "3.5", approve: "no", tags: "a, b" };
  assert.deepEqual(checkInputs(INPUTS, given, { coerce: true }), {
    ok: true,
    values: { task: "5", count: 3.5, approve: false, tags: ["a", "b"] },
  });
  const read = (type: InputDefinition["type"], text: string) =>
    checkInputs({ x: { type } }, { x: text }, { coerce: true });
  assert.deepEqual(read("object", '{"a": 1}'), { ok: true, values: { x: { a: 1 } } });
  assert.deepEqual(read("array", "[1, 2]"), { ok: true, values: { x: [1, 2] } });
  assert.equal(read("number", "five").ok, false);
  assert.equal(read("array", "[1, 2").ok, false);
  assert.equal(
    read("number", "5").ok && checkInputs({ x: { type: "number" } }, { x: "5" }).ok,
    false,
  );
});

test("each rule is kept or named", () => {
  const text = (validation: InputDefinition["validation"] & object): InputDefinition => ({
    type: "string",
    validation,
  });
  assert.deepEqual(one(text({ pattern: "^a+$" }), "aaa"), []);
  assert.deepEqual(one(text({ pattern: "^a+$" }), "ab"), [
    '`x`: "ab" does not match. Expected a text that matches ^a+$.',
  ]);
  assert.deepEqual(one(text({ min_length: 2 }), "é"), [
    "`x`: Has 1 character. Expected at least 2 characters.",
  ]);
  assert.deepEqual(one(text({ max_length: 1 }), "😀"), []);
  assert.deepEqual(one(text({ enum: ["red", "green"] }), "gren"), [
    '`x`: Cannot be "gren". Expected one of red, green. Did you mean `green`?',
  ]);
  const number: InputDefinition = { type: "number", validation: { min: 1, max: 3 } };
  assert.deepEqual(one(number, 3), []);
  assert.deepEqual(one(number, 4), ["`x`: 4 is too large. Expected at most 3."]);
  const list: InputDefinition = {
    type: "array",
    validation: { max_items: 2, item_type: "string" },
  };
  assert.deepEqual(one(list, ["a", 5]), ["`x[1]`: Cannot be 5. Expected a text."]);
  assert.deepEqual(one(list, ["a", "b", "c"]), ["`x`: Has 3 items. Expected at most 2 items."]);
  const object: InputDefinition = {
    type: "object",
    validation: { required_keys: ["a"], properties: { b: { type: "number", required: true } } },
  };
  assert.deepEqual(one(object, { b: "2" }), [
    "`x`: The key `a` is missing. Expected an object with `a`.",
    '`x.b`: Cannot be "2". Expected a number.',
  ]);
});

test("a pattern cannot hang: the engine is linear", () => {
  const started = performance.now();
  assert.equal(checkAnswer({ pattern: "^(a+)+$" }, `${"a".repeat(5000)}b`).length, 1);
  assert.ok(performance.now() - started < 2000);
});

const text: InputDefinition = { type: "string" };

test("names of prototypes are no inputs", () => {
  assert.equal(checkInputs({}, { constructor: 1 }).ok, false);
  assert.deepEqual(checkInputs({ valueOf: text }, {}), {
    ok: true,
    values: { valueOf: null },
  });
});
