/** The counters of a run's gates, over every kind of end that a gate may come to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gateTotals } from "../../../src/run/gate/tally.ts";
import { playCase } from "../caseFile.ts";

const gates = (...checks: readonly (readonly [string, string?])[]) =>
  checks.map(([check, severity = "fail"], index) => ({ name: `g${index}`, check, severity }));

test("a run without gates has passed all of them", () => {
  const { played } = playCase({ case: "none", file: { steps: [] } });
  assert.deepEqual(gateTotals(played.state), {
    passed: 0,
    failed: 0,
    warned: 0,
    total: 0,
    pass_rate: 100,
  });
});

test("verdicts add up over steps and items, whether the step goes on or fails", () => {
  const { played } = playCase({
    case: "many",
    file: {
      steps: [
        {
          id: "each",
          type: "foreach",
          items: [1, 2, 3],
          steps: [{ id: "check", type: "gate", gates: gates(["item < 9"], ["item > 2", "warn"]) }],
        },
        { id: "bad", type: "gate", gates: gates(["false"]), on_error: "continue" },
        { id: "worse", type: "gate", gates: gates(["true"], ["nope.x"]) },
      ],
    },
  });
  assert.equal(played.state.status, "failed");
  assert.deepEqual(gateTotals(played.state), {
    passed: 5,
    failed: 2,
    warned: 2,
    total: 9,
    pass_rate: (100 * 5) / 9,
  });
});

test("a gate that is judged again counts by its last verdict", () => {
  const judged = (stdout: string) => ({
    done: { commands: [{ name: "cov", exit_code: 0, stdout, stderr: "" }] },
  });
  const { played } = playCase({
    case: "again",
    file: {
      steps: [
        {
          id: "check",
          type: "gate",
          gates: [{ name: "cov", check: { command: "cov", metric: "\\d+", expect: ">= 90" } }],
          retry: { max_attempts: 3, delay: "1s", backoff: "fixed" },
        },
      ],
    },
    world: { check: [judged("10"), judged("95")] },
    do: [{ clock: "all" }],
  });
  assert.equal(played.state.status, "done");
  assert.deepEqual({ ...played.state.gates }, { passed: 1, failed: 0, warned: 0 });
});
