import assert from "node:assert/strict";
import { test } from "node:test";
import type { Breakpoint } from "../../../src/run/ask/breakpoint.ts";
import { escalationsOf, inQueue } from "../../../src/views/ask/escalations.ts";
import type { Priority } from "../../../src/workflow/definition/supervision.ts";

function open(path: string, priority: Priority, opened_at: number, due?: number): Breakpoint {
  const allow = ["fail"] as const;
  const asked = { reason: path, message: path, response: "", iteration: 1, allow, agents: [] };
  return {
    ...{ id: `${path}@1`, path, hash: "h", opened_at, ...(due === undefined ? {} : { due }) },
    form: { kind: "escalation", priority, ...asked },
  };
}

test("priority, then deadline, then age; other questions are none of it", () => {
  const asked: Breakpoint = { ...open("asked", "low", 0), form: { kind: "stop", message: "?" } };
  const all = [
    open("young", "normal", 9),
    open("old", "normal", 1),
    open("late", "normal", 8, 50),
    open("soon", "normal", 8, 20),
    open("low", "low", 0, 1),
    open("urgent", "urgent", 99),
    asked,
  ];
  const queue = inQueue(escalationsOf({ run: "run_a", workflow: "w" }, all, 30));
  assert.deepEqual(
    queue.map(({ path, overdue }) => (overdue ? `${path}!` : path)),
    ["urgent", "soon!", "late", "old", "young", "low!"],
  );
});
