import assert from "node:assert/strict";
import { test } from "node:test";
import { citationsInText } from "../../../src/agents/offline/citations.ts";

test("a place's quotation ends where the next place begins", () => {
  const cited = citationsInText(
    "- Used by `src/main.ts:10`, `src/program.ts:7`: check each of them.",
  );
  assert.deepEqual(
    cited.map(({ path, line, text }) => [path, line, text]),
    [
      ["src/main.ts", 10, ","],
      ["src/program.ts", 7, "check each of them."],
    ],
  );
});

test("what stands after a place is taken as the line there", () => {
  const [cited] = citationsInText("- Now: `src/limits.ts:12`: `const LIMIT = 100;`");
  assert.equal(cited?.text, "const LIMIT = 100;");
});
