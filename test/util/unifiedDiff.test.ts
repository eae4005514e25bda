import assert from "node:assert/strict";
import { test } from "node:test";
import { unifiedDiff } from "../../src/util/unifiedDiff.ts";

const lines = (count: number) => Array.from({ length: count }, (_, n) => `${n + 1}\n`);
const diff = (old: readonly string[], now: readonly string[]) =>
  unifiedDiff("f", old.join(""), now.join("")).split("\n").slice(2, -1);

test("changes with their context; those whose context meets are one", () => {
  const old = lines(30);
  const now = old.with(4, "x\n").with(10, "y\n").toSpliced(24, 1);
  assert.deepEqual(diff(old, now), [
    ...["@@ -2,13 +2,13 @@", " 2", " 3", " 4", "-5", "+x", " 6", " 7", " 8", " 9", " 10"],
    ...["-11", "+y", " 12", " 13", " 14"],
    ...["@@ -22,7 +22,6 @@", " 22", " 23", " 24", "-25", " 26", " 27", " 28"],
  ]);
});

test("a file that begins, ends or stays as it is", () => {
  assert.deepEqual(diff([], ["a\n"]), ["@@ -1,0 +1,1 @@", "+a"]);
  assert.deepEqual(diff(["a\n", "b"], []), ["@@ -1,2 +1,0 @@", "-a", "-b"]);
  assert.equal(unifiedDiff("f", "a", "a"), "");
});
