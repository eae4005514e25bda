/** Open questions stand in the order of their urgency: deadline, priority, age. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Breakpoint } from "../../../src/run/ask/breakpoint.ts";
import { compareUrgency, type Urgency, urgencyOf } from "../../../src/run/ask/urgency.ts";

test("the deadline counts first, then the priority, then the age", () => {
  const questions: readonly (Urgency & { readonly name: string })[] = [
    { name: "young", openedAt: 30 },
    { name: "low", openedAt: 1, priority: "low" },
    { name: "old", openedAt: 10 },
    { name: "urgent", openedAt: 40, priority: "urgent" },
    { name: "high", openedAt: 5, priority: "high" },
    { name: "later", openedAt: 1, due: 900, priority: "high" },
    { name: "sooner", openedAt: 99, due: 800 },
  ];
  assert.deepEqual(
    [...questions].sort(compareUrgency).map(({ name }) => name),
    ["sooner", "later", "urgent", "high", "old", "young", "low"],
  );
});

test("a prompt's own time-out is its deadline", () => {
  const form = { kind: "prompt", input: "confirm", message: "Go?" } as const;
  const open: Breakpoint = { id: "go@1", path: "go", form, hash: "h", opened_at: 1, due: 5 };
  assert.deepEqual(urgencyOf(open), { openedAt: 1, due: 5 });
});
