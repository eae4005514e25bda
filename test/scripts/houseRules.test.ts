/** The house rules, each with a file that breaks it and one that does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { breaches } from "../../scripts/houseRules.ts";

const PLACE = ["/wo", "rk/main"].join("");

const CASES: readonly (readonly [why: string, path: string, text: string, found: number])[] = [
  ["400 lines are the limit", "src/run/a.ts", "x\n".repeat(400), 0],
  ["one more is too many", "test/run/a.test.ts", "x\n".repeat(401), 1],
  ["cases may be long", "test/run/cases/a.txt", "x\n".repeat(2_000), 0],
  ["a vague name", "src/run/stringUtils.ts", "", 1],
  ["a vague name with dashes", "scripts/some-helper.mjs", "", 1],
  ["a barrel", "src/run/index.ts", "", 1],
  ["a word that only contains one", "src/run/utilization.ts", "", 0],
  ["a note to ourselves", "src/run/a.ts", `${"/".repeat(2)} TODO: later`, 1],
  ["a word that the product looks for", "src/run/a.ts", "/TODO/.test(line)", 0],
  ["generated code", "src/run/a.ts", "new Function(text)", 1],
  ["a path of one machine", "docs/a.md", `see ${PLACE}`, 1],
  ["a path that looks like one", "docs/a.md", "see src/work/main", 0],
  ["a lock file that names a registry", "package-lock.json", '{ "resolved": "" }', 1],
];

for (const [why, path, text, found] of CASES) {
  test(why, () => assert.equal(breaches([{ path, text }]).length, found));
}

test("a folder holds a dozen files", () => {
  const folder = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ path: `src/run/f${at}.ts`, text: "" }));
  assert.deepEqual(breaches(folder(12)), []);
  assert.match(breaches(folder(13)).join(), /src\/run: 13 files/);
});
