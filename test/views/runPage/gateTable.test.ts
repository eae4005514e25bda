import assert from "node:assert/strict";
import { test } from "node:test";
import type { GateResult } from "../../../src/run/gate/judge.ts";
import { gateTable } from "../../../src/views/runPage/gateTable.ts";
import { bundleOf } from "../../run/simulate.ts";

const BUNDLE = bundleOf(`name: g
version: 1.0.0
steps:
  - id: build
    type: shell
    command: make
    gates:
      - { name: coverage, category: coverage, check: { command: [npm, run, "my cover"], metric: '(\\d+)%', expect: ">= 90" } }
  - id: last
    type: gate
    gates: [{ name: coverage, check: { command: npm test } }, { name: small, check: "1 < 2" }]
`);

const judged = (at: number, path: string, ...results: GateResult[]) => ({
  seq: at,
  at,
  event: { type: "gates_judged" as const, path, results },
});

const coverage = (status: "PASS" | "FAIL", metric: string): GateResult => ({
  name: "coverage",
  category: "coverage",
  status,
  reason: `measured ${metric}, expected >= 90`,
  evidence: { command: ["npm", "run", "my cover"], exit_code: 0, output: `${metric}%`, metric },
});

test("a gate judged again is one line with its last verdict, its measure and its threshold", () => {
  const lines = gateTable(
    [
      judged(1, "build/gates", coverage("FAIL", "81")),
      judged(2, "build/gates", coverage("PASS", "93")),
    ],
    BUNDLE,
  );
  assert.equal(lines.length, 1);
  const [line] = lines;
  assert.deepEqual(
    [line?.status, line?.measured, line?.threshold, line?.check, line?.before, line?.output],
    ["PASS", "93", ">= 90", "npm run 'my cover'", 1, "93%"],
  );
});

test("gates of one name in two steps keep their own thresholds; an expression is its own check", () => {
  const plain = {
    ...coverage("PASS", "93"),
    evidence: { command: "npm test", exit_code: 0, output: "" },
  };
  const small: GateResult = {
    ...{ name: "small", category: null, status: "PASS", reason: "1 < 2 holds" },
    evidence: { expression: "1 < 2" },
  };
  const lines = gateTable(
    [judged(1, "build/gates", coverage("PASS", "93")), judged(2, "last", plain, small)],
    BUNDLE,
  );
  assert.deepEqual(
    lines.map(({ path, threshold, check }) => [path, threshold, check]),
    [
      ["build/gates", ">= 90", "npm run 'my cover'"],
      ["last", "exit code 0", "npm test"],
      ["last", undefined, "1 < 2"],
    ],
  );
});
