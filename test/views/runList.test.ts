/** Runs as lines of a list, in the words that a run's own row has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type RunFacts, runRows } from "../../src/views/runList.ts";

const NOW = 1_000_000;
const RUN: RunFacts = {
  run: "run_a",
  workflow: "planning",
  subject: "Add limits",
  status: "running",
  ownership: "here",
  started_at: NOW - 134_000,
  updated_at: NOW,
  waiting: 0,
  doing: "working",
  tokens: 11_200,
  cost_usd: 0.21,
};

test("the latest run comes first", () => {
  const rows = runRows([{ ...RUN, run: "run_old", started_at: 1 }, RUN], NOW);
  assert.deepEqual(
    rows.map((row) => row.run),
    ["run_a", "run_old"],
  );
});

test("a run says how it stands, how long, and what it cost", () => {
  assert.deepEqual(runRows([RUN], NOW)[0], {
    run: "run_a",
    title: "planning",
    subject: "Add limits",
    status: "running",
    word: "Running",
    elapsed: "2m 14s",
    age: "2m",
    tokens: "11.2k tok",
    cost: "$0.21",
  });
});

test("what nobody knows the price of is not said to be free", () => {
  const cost = (facts: Partial<RunFacts>) => runRows([{ ...RUN, ...facts }], NOW)[0]?.cost;
  assert.equal(cost({ unpriced: 5 }), "$0.21 + unknown");
  assert.equal(cost({ cost_usd: 0, unpriced: 5 }), "cost unknown");
  assert.equal(cost({ cost_usd: 0 }), "");
});

test("the words follow waiting, owner and damage", () => {
  const words = (facts: Partial<RunFacts>): string | undefined =>
    runRows([{ ...RUN, ...facts }], NOW)[0]?.word;
  assert.equal(words({ waiting: 1 }), "Waiting for you");
  assert.equal(words({ waiting: 1, ownership: "nobody" }), "Waiting for you");
  assert.equal(words({ ownership: "nobody" }), "Interrupted");
  assert.equal(words({ ownership: "elsewhere" }), "Running");
  assert.equal(words({ doing: "retrying" }), "Retrying");
  assert.equal(words({ doing: "timer" }), "Waiting (timer)");
  assert.equal(words({ doing: "timer", ownership: "nobody" }), "Interrupted");
  assert.equal(words({ doing: "signal", ownership: "nobody" }), "Waiting (signal)");
  assert.equal(words({ doing: "signal", waiting: 1 }), "Waiting for you");
  assert.equal(words({ status: "paused", waiting: 1 }), "Paused");
  assert.equal(words({ status: "rejected" }), "Rejected");
  assert.equal(words({ damage: "The journal is broken at byte 7." }), "Failed");
});

test("why it failed is its line", () => {
  const failure = { code: "agent_error" as const, message: "No model.\nMore." };
  assert.equal(
    runRows([{ ...RUN, status: "failed", failure, ended_at: NOW }], NOW)[0]?.detail,
    "No model.",
  );
});
