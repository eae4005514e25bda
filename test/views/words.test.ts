/** Times, tokens and foreign text as people see them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge, formatElapsed } from "../../src/views/duration.ts";
import { createPaint } from "../../src/views/plain/paint.ts";
import { firstLine, printable, printableLine } from "../../src/views/printable.ts";
import { formatCost, formatTokens } from "../../src/views/usage.ts";

test("elapsed times have two units at most", () => {
  const expected: readonly (readonly [number, string])[] = [
    [-5, "0s"],
    [420, "0.4s"],
    [999, "0.9s"],
    [12_900, "12s"],
    [60_000, "1m"],
    [134_000, "2m 14s"],
    [3_720_000, "1h 2m"],
    [3_600_000 * 50, "2d 2h"],
  ];
  for (const [milliseconds, text] of expected) assert.equal(formatElapsed(milliseconds), text);
});

test("ages have one unit", () => {
  assert.deepEqual([0, 12_000, 200_000, 7_300_000, 500_000_000].map(formatAge), [
    "now",
    "12s",
    "3m",
    "2h",
    "5d",
  ]);
});

test("tokens and money are short", () => {
  assert.deepEqual([0, 950, 6100, 11_249, 2000, 999_949, 999_950].map(formatTokens), [
    "0 tok",
    "950 tok",
    "6.1k tok",
    "11.2k tok",
    "2k tok",
    "999.9k tok",
    "1M tok",
  ]);
  assert.deepEqual([0, 0.21, 0.0042, 3].map(formatCost), ["$0.00", "$0.21", "$0.0042", "$3.00"]);
});

test("what steers a terminal becomes visible", () => {
  assert.equal(
    printable("a\u001b[31mred\u0007\r\nnext\tcell\u009b2J"),
    "a␛[31mred␇\nnext\tcell\\u009b2J",
  );
  assert.equal(printable("safe\u202eexe.txt"), "safe\\u202eexe.txt");
  assert.equal(printableLine("  two\n lines\r here "), "two lines␍ here");
  assert.equal(printable("ünï — 漢字 🙂"), "ünï — 漢字 🙂");
  assert.equal(firstLine("\n one \n two"), "one ");
});

test("without colour a painter changes nothing", () => {
  assert.equal(createPaint(false)("red", "x"), "x");
  assert.equal(createPaint(true)("red", "x"), "\u001b[31mx\u001b[39m");
  assert.equal(createPaint(true)("red", ""), "");
});
