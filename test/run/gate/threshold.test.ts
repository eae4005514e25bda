/** Every syntax of `expect`, against measurements on both sides of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { meets } from "../../../src/run/gate/threshold.ts";

/** What is expected, then measurements that are, that are not, and that cannot be compared. */
const TABLE: readonly (readonly [string, string, string, string])[] = [
  ["90", "90 91.5 100% 90/100 9/10", "89 0 -3 89.9%", "abc -"],
  ["100%", "100 100%", "99.9", "n/a"],
  [">= 95%", "95 95.0 19/20", "94.99", ""],
  [">= 90/100", "90 91/100 45/50 90%", "89 44/50", "x"],
  ["<= 5", "5 0 -1 4.5ms .5 5e0 50e-1", "5.1 6 1e3 1,234", "none 1.2.3 1,5"],
  [">= 1,000", "1000 1,000 1e3 1,234.5 12,345,678 1E+3", "999 9.9e2 .5", "1,23 x"],
  ["< 2", "1.9 1.9s", "2 3", "x"],
  ["> 1", "1.1 2", "1 0", "x"],
  ["== 0", "0 0.0", "1 -1", "zero"],
  ["!= 3", "2 4", "3 3.0", "x"],
  ["required", "README.md yes 5 true", "no false 0 none", ""],
  ["acceptable", "anything no 0", "", ""],
  ["true", "true True yes ok PASS passed 1", "false no 0 maybe", ""],
];

for (const [expect, held, missed, unreadable] of TABLE) {
  test(`expect ${expect}`, () => {
    const judge = (words: string) =>
      words
        .split(" ")
        .filter((word) => word !== "")
        .map((word) => [word, meets(word, expect)]);
    const all = (words: string, verdict: boolean | undefined) =>
      words
        .split(" ")
        .filter((word) => word !== "")
        .map((word) => [word, verdict]);
    assert.deepEqual(judge(held), all(held, true));
    assert.deepEqual(judge(missed), all(missed, false));
    assert.deepEqual(judge(unreadable), all(unreadable, undefined));
  });
}

test("nothing at all is no number and no yes", () => {
  assert.equal(meets("", "90"), undefined);
  assert.equal(meets("", "required"), false);
  assert.equal(meets("", "true"), false);
});
