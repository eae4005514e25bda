import assert from "node:assert/strict";
import { test } from "node:test";
import { pricePerMillion, savedShare, spendingOf } from "../../src/report/spending.ts";
import { begin, bundleOf, createProgram, simulate } from "../run/simulate.ts";

test("tokens and money of every attempt, failed ones too, by agent and by task, the dearest first", () => {
  const program = createProgram();
  const bundle = bundleOf(`name: s
version: 1.0.0
steps:
  - { id: cheap, type: delegate, agent: "@task", instructions: a, retry: { max_attempts: 2 } }
  - { id: dear, type: delegate, agent: "@reviewer", instructions: b }
  - { id: free, type: set_state, updates: {} }
`);
  const played = simulate(program, [begin(program, bundle, {})], {
    outcome: ({ path }, failed) => {
      const usage = { input_tokens: 100, output_tokens: 50, cost_usd: path === "dear" ? 0.9 : 0.3 };
      if (path === "cheap" && failed === 0)
        return { type: "failed", failure: { code: "agent_error", message: "no" }, usage };
      const context = { tokens: 40, whole: 100, parts: [] };
      const given = path === "dear" ? { context } : {};
      const counted = { ...usage, estimated: path === "cheap" };
      return { type: "completed", result: {}, usage: counted, ...given };
    },
  });
  const spending = spendingOf(played.records, played.state);
  assert.equal(spending.attempts, 3);
  assert.equal(spending.input, 300);
  assert.deepEqual(spending.context, { tokens: 40, whole: 100 });
  assert.deepEqual([savedShare(spending.context), savedShare({ tokens: 0, whole: 0 })], [60, 0]);
  assert.ok(Math.abs(spending.cost - 1.5) < 1e-9);
  assert.deepEqual(
    spending.agents.map(({ agent, attempts, estimated }) => [agent, attempts, estimated]),
    [
      ["@reviewer", 1, false],
      ["@task", 2, true],
    ],
  );
  assert.deepEqual(
    spending.tasks.map(({ path, output }) => [path, output]),
    [
      ["dear", 50],
      ["cheap", 100],
    ],
  );
  assert.equal(Math.round(pricePerMillion(spending) ?? 0), 3333);
  assert.equal(pricePerMillion({ ...spending, cost: 0 }), undefined);
});
