/** Differences that put back together give the other text, and no more lines than needed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineDiff } from "../../src/util/lineDiff.ts";
import { drawing } from "../run/drawing.ts";

function patched(before: string, after: string): string {
  const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  let shift = 0;
  for (const { oldAt, newAt, removed, added } of lineDiff(before, after)) {
    assert.equal(oldAt + shift, newAt);
    assert.deepEqual(lines.slice(newAt, newAt + removed.length), removed);
    lines.splice(newAt, removed.length, ...added);
    shift += added.length - removed.length;
  }
  return lines.join("");
}

test("any two texts", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const draw = drawing(seed);
    const text = () =>
      Array.from({ length: draw(12) }, () => "abc"[draw(3)]).join("\n") +
      (draw(2) === 0 ? "\n" : "");
    const [before, after] = [text(), text()];
    assert.equal(patched(before, after), after, `seed ${seed}`);
    assert.deepEqual(lineDiff(before, before), []);
  }
});

test("a changed line is one change", () => {
  assert.deepEqual(lineDiff("a\nb\nc\n", "a\nB\nc\n"), [
    { oldAt: 1, newAt: 1, removed: ["b\n"], added: ["B\n"] },
  ]);
});
