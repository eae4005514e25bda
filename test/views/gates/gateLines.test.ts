/** A run's gates in words: the count, and each that did not pass with what was measured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gateLines } from "../../../src/views/gates/gateLines.ts";
import { runTree } from "../../../src/views/taskTree.ts";
import { playCase } from "../../run/caseFile.ts";

const cov = { command: "cov", metric: "(\\d+)%", expect: ">= 90" };

test("what passed is counted, what did not is named with its reason, and a row says it too", () => {
  const { played } = playCase({
    case: "gates",
    file: {
      steps: [
        {
          id: "work",
          type: "mcp_call",
          tool: "x.y",
          gates: [
            { name: "called", check: "output.called == 'x.y'" },
            { name: "covered", category: "coverage", check: cov },
            { name: "small", check: "false", severity: "warn" },
          ],
        },
      ],
    },
    world: {
      "work/gates": {
        done: { commands: [{ name: "covered", exit_code: 0, stdout: "80%", stderr: "" }] },
      },
    },
  });
  assert.deepEqual(gateLines(played.state), [
    "Gates 1 of 3 passed (33.3 %)",
    "  FAIL covered (coverage) in work/gates: measured 80, expected >= 90",
    "  WARN small in work/gates: false does not hold",
  ]);
  const [work] = runTree(played.state, { driven: true }).children;
  assert.deepEqual(
    work?.children.map(({ title, detail }) => [title, detail]),
    [["gates", "1 of 3 gates, covered FAIL, small WARN"]],
  );
});

test("a run without gates says nothing of them", () => {
  const { played } = playCase({ case: "none", file: { steps: [] } });
  assert.deepEqual(gateLines(played.state), []);
});
