import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, compatibleFixes, type Fix } from "../../src/workflow/edit.ts";

const fix = (title: string, start: number, end: number, text = ""): Fix => ({
  title,
  edits: [{ start, end, text }],
});

test("edits are applied by the offsets of the text before, in any order", () => {
  const edits = [
    { start: 4, end: 5, text: "five" },
    { start: 0, end: 1, text: "one " },
    { start: 2, end: 2, text: "new " },
  ];
  assert.equal(applyEdits("a b c", edits), "one  new b five");
});

test("edits that overlap are a fault", () => {
  const edits = [
    { start: 0, end: 3, text: "" },
    { start: 2, end: 4, text: "" },
  ];
  assert.throws(() => applyEdits("abcd", edits), /overlap/);
});

test("fixes that meet are made one after the other", () => {
  const chosen = compatibleFixes([
    fix("a", 0, 3),
    fix("inside a", 1, 2),
    fix("a again", 0, 3),
    fix("beside a", 3, 4),
    fix("insertion", 9, 9, "x"),
    fix("second insertion", 9, 9, "y"),
  ]);
  assert.deepEqual(
    chosen.map(({ title }) => title),
    ["a", "beside a", "insertion"],
  );
});
