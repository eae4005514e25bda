import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, comparable, corpusFiles, readCases } from "./corpus.ts";

for (const file of corpusFiles()) {
  if (file === "differences.jsonl") continue;
  const cases = readCases(file);
  test(`agrees with Jinja2 on the ${cases.length} cases of ${file}`, () => {
    for (const { source, ...theirs } of cases) {
      assert.deepEqual(comparable(answerTo(source), theirs), comparable(theirs), source);
    }
  });
}
