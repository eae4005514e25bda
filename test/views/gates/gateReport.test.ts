/** Gates that were run alone, as entries of a page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { GateResult } from "../../../src/run/gate/judge.ts";
import { gateReport } from "../../../src/views/gates/gateReport.ts";

test("an entry says what changed, shows the command with the end of its output, and nothing that steers a terminal", () => {
  const output = `${Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n")}\n\u001b[31mred\u001b[0m\n`;
  const evidence = { command: ["npm", "run", "a b"], exit_code: 1, output };
  const failed: GateResult = {
    ...{ name: "lint", category: "lint", status: "FAIL", reason: "exit code 1, expected 0" },
    evidence,
  };
  const held: GateResult = {
    name: "x",
    category: null,
    status: "PASS",
    reason: "1 == 1 holds",
    evidence: null,
  };
  const [first, second] = gateReport([failed, held], [{ ...failed, status: "PASS" }, held]);
  assert.equal(first?.line, "lint (lint): exit code 1, expected 0 (was PASS)");
  assert.match(first?.evidence[0] ?? "", /^\$ npm run ['"]a b['"]$/);
  assert.deepEqual([first?.evidence.length, first?.evidence.at(-1)], [22, "exit_code: 1"]);
  assert.equal(first?.evidence.join("").includes("\u001b"), false);
  assert.deepEqual(second, { status: "PASS", line: "x: 1 == 1 holds", evidence: [] });
});
