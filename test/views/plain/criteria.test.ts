/** Success criteria as lines: which hold, which do not, and why one could not be told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { criteriaLines } from "../../../src/views/plain/criteria.ts";
import { createPaint } from "../../../src/views/plain/paint.ts";

test("every criterion has its sign, its own text and what went wrong with it", () => {
  const lines = criteriaLines(
    [
      { criterion: "run.status == 'done'", held: true },
      { criterion: "run.gates.pass_rate >= 90", held: false },
      { criterion: "run.x.y", held: false, problem: "`run.x` is missing.\u001b[31m" },
    ],
    createPaint(false),
  );
  assert.deepEqual(lines, [
    "Success criteria: 1 of 3 hold",
    "  ✔ run.status == 'done'",
    "  ✖ run.gates.pass_rate >= 90",
    "  ✖ run.x.y (`run.x` is missing.␛[31m)",
  ]);
});

test("without criteria nothing is said", () => {
  assert.deepEqual(criteriaLines(undefined, createPaint(false)), []);
  assert.deepEqual(criteriaLines([], createPaint(false)), []);
});
