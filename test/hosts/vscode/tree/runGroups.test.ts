import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunSummary } from "../../../../src/app/app.ts";
import { type Grouping, groupsOf } from "../../../../src/hosts/vscode/tree/runGroups.ts";

const NOON = new Date(2026, 5, 10, 12).getTime();
const HOUR = 3_600_000;

function run(name: string, more: Partial<RunSummary> = {}): RunSummary {
  return {
    run: name,
    workflow: "plan",
    subject: "",
    status: "done",
    ownership: "nobody",
    started_at: NOON,
    updated_at: NOON,
    ended_at: NOON,
    waiting: 0,
    doing: "working",
    tokens: 0,
    cost_usd: 0,
    ...more,
  };
}

function groups(runs: readonly RunSummary[], grouping: Exclude<Grouping, "none">): string[] {
  return groupsOf(runs, grouping, NOON).map(
    ({ label, runs: members }) => `${label}: ${members.map((each) => each.run).join(" ")}`,
  );
}

test("headings by workflow stand in order, by state and day as the runs come", () => {
  const runs = [
    run("c", { status: "running", waiting: 1, ownership: "here" }),
    run("b", { workflow: "deploy", started_at: NOON - 11 * HOUR }),
    run("a", { started_at: NOON - 13 * HOUR }),
    run("z", { started_at: NOON - 72 * HOUR, status: "failed" }),
  ];
  assert.deepEqual(groups(runs, "workflow"), ["deploy: b", "plan: c a z"]);
  assert.deepEqual(groups(runs, "status"), ["Waiting for you: c", "Done: b a", "Failed: z"]);
  assert.deepEqual(
    groups(runs, "day").map((each) => each.replace(/^.*2026.*:/, "DATE:")),
    ["Today: c b", "Yesterday: a", "DATE: z"],
  );
});
