import assert from "node:assert/strict";
import { test } from "node:test";
import { flatRows } from "../../../src/views/runPage/flatRows.ts";
import type { TaskRow } from "../../../src/views/taskRow.ts";

function row(id: string, ...children: readonly TaskRow[]): TaskRow {
  return {
    id,
    kind: "shell",
    title: id,
    status: "done",
    word: "Done",
    dimmed: false,
    tokens: 0,
    children,
  };
}

test("rows keep their order; a folded one hides what is inside it and keeps its place", () => {
  const run = row("run", row("a", row("a/1"), row("a/2", row("a/2/x"))), row("b"));
  const shown = (...folded: string[]) =>
    flatRows(run, new Set(folded)).map(
      ({ row: each, depth, folded: isFolded, parent }) =>
        `${" ".repeat(depth)}${each.id}${isFolded ? "+" : ""} ${parent}`,
    );
  assert.deepEqual(shown(), ["a -1", " a/1 0", " a/2 0", "  a/2/x 2", "b -1"]);
  assert.deepEqual(shown("a/2"), ["a -1", " a/1 0", " a/2+ 0", "b -1"]);
  assert.deepEqual(shown("a", "b"), ["a+ -1", "b -1"]);
});

test("rows of the picture before are taken over where nothing about them has changed", () => {
  const [kept, old] = [row("a", row("a/1"), row("a/2")), row("b", row("b/1"))];
  const before = flatRows(row("run", kept, old), new Set());
  const run = row("run", kept, row("b", row("b/1"), row("b/2")), row("c"));
  for (const folded of [new Set<string>(), new Set(["a"])]) {
    const now = flatRows(run, folded, before);
    assert.deepEqual(now, flatRows(run, folded));
    const taken = now.filter((each) => before.includes(each)).map((each) => each.row.id);
    assert.deepEqual(taken, folded.size === 0 ? ["a", "a/1", "a/2"] : []);
  }
});
