import assert from "node:assert/strict";
import { test } from "node:test";
import type { Segment } from "../../src/views/runPage/timeline.ts";
import { rowToCome } from "../../src/views/taskRow.ts";
import { endedWith, foldedSegments } from "../../webview/timeline/foldedSegments.ts";

test("thousands of stretches inside a folded row become as many as can be seen", () => {
  const children = Array.from({ length: 5000 }, (_, index) =>
    rowToCome(`a[${index}]`, "item", "", false),
  );
  const row = { ...rowToCome("a", "foreach", "a", false), children };
  const all = new Map<string, readonly Segment[]>(
    children.map(({ id }, index) => [
      id,
      [
        { kind: "done", from: index * 10, to: index * 10 + 10 },
        ...(index === 2500 ? [{ kind: "failed" as const, from: 25_000, to: 25_010 }] : []),
      ],
    ]),
  );
  const scale = { start: 0, span: 50_000, width: 500 };
  const found = foldedSegments(row, all, scale, 50_000);
  assert.deepEqual(found, [
    { kind: "done", from: 0, to: 50_000 },
    { kind: "failed", from: 25_000, to: 25_010 },
  ]);
});

test("stretches apart stay apart, what is out of sight is left out, what goes on ends at the end", () => {
  const children = ["a", "b", "c"].map((id) => rowToCome(id, "item", id, false));
  const row = { ...rowToCome("x", "foreach", "x", false), children };
  const all = new Map<string, readonly Segment[]>([
    [
      "a",
      [
        { kind: "done", from: -90, to: -50 },
        { kind: "open", from: 0 },
      ],
    ],
    ["b", [{ kind: "done", from: 10, to: 20 }]],
    ["c", [{ kind: "done", from: 60 }]],
  ]);
  const scale = { start: 0, span: 100, width: 100 };
  assert.deepEqual(foldedSegments(row, all, scale, 80), [
    { kind: "done", from: 10, to: 20 },
    { kind: "done", from: 60, to: 80 },
  ]);
});

test("a row's own stretch ends with the row, whatever goes on after it", () => {
  const item: Segment = { kind: "open", from: 5, to: 90 };
  assert.deepEqual(endedWith(item, 20), { kind: "open", from: 5, to: 20 });
  assert.deepEqual(endedWith({ kind: "open", from: 5 }, 20), { kind: "open", from: 5, to: 20 });
  assert.equal(endedWith(item, 95), item);
  assert.equal(endedWith(item, undefined), item);
});
