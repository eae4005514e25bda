import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOutput, structuredOutput } from "../../src/agents/structuredOutput.ts";
import { findJson } from "../../src/util/findJson.ts";

const SCHEMA = {
  type: "object",
  required: ["questions"],
  properties: { questions: { type: "array", items: { type: "string" }, minItems: 1 } },
};

test("JSON is found as the whole answer, in the last fenced block, and between words", () => {
  assert.deepEqual(findJson(' {"a": 1} '), { value: { a: 1 } });
  assert.deepEqual(findJson('First:\n```json\n{"a": 1}\n```\nNo:\n```json\n{"a": 2}\n```\nDone.'), {
    value: { a: 2 },
  });
  assert.deepEqual(findJson("The list is [1, 2] as asked."), { value: [1, 2] });
  assert.equal(findJson("nothing { here"), undefined);
});

test("an answer that fits becomes data", () => {
  const result = structuredOutput('```json\n{"questions": ["a"]}\n```', SCHEMA);
  assert.deepEqual(result, { ok: true, data: { questions: ["a"] } });
});

test("an answer that does not fit fails with what is wrong, ready for the next attempt", () => {
  const result = checkOutput({ questions: [1] }, SCHEMA);
  assert.equal(result.ok, false);
  if (result.ok) return;
  assert.equal(result.failure.code, "invalid_output");
  assert.match(result.failure.message, /questions\.0: instance type "number" is invalid/);
});

test("an answer without JSON says so and shows how it starts", () => {
  const result = structuredOutput("I would rather not.", SCHEMA);
  assert.equal(result.ok, false);
  if (result.ok) return;
  assert.match(result.failure.message, /holds no JSON/);
  assert.deepEqual(result.failure.detail, { answer_starts: "I would rather not." });
});
