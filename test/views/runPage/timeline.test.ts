import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recorded, RunEvent } from "../../../src/run/event.ts";
import { segmentsOf, timelineOf } from "../../../src/views/runPage/timeline.ts";
import { rowToCome } from "../../../src/views/taskRow.ts";

/** Segments as text: `kind from-to`, times in seconds. */
function bars(events: readonly (readonly [number, object])[], path: string): string[] {
  const recorded = events.map(([at, event], index): Recorded => {
    // Only the fields that a timeline reads.
    return { seq: index + 1, at: at * 1000, event: event as RunEvent };
  });
  const seconds = (time: number | undefined) => (time === undefined ? "" : time / 1000);
  return (timelineOf(recorded).segments.get(path) ?? []).map(
    ({ kind, from, to, attempt }) =>
      `${kind} ${seconds(from)}-${seconds(to)}${attempt === undefined ? "" : ` #${attempt}`}`,
  );
}

const attempt = (type: string, number: number, more: object = {}) => ({
  type,
  path: "a",
  attempt: number,
  token: "t",
  ...more,
});

test("attempts, what lies between them, and what came of each", () => {
  const events = [
    [0, { type: "run_started" }],
    [1, attempt("task_started", 1)],
    [3, attempt("attempt_failed", 1)],
    [3, attempt("retry_scheduled", 1)],
    [5, attempt("task_started", 2)],
    [8, attempt("attempt_completed", 2)],
    [8, { type: "task_closed", path: "a", status: "done" }],
    [8, { type: "run_finished", status: "done" }],
  ] as const;
  assert.deepEqual(bars(events, "a"), ["failed 1-3 #1", "retrying 3-5 #1", "done 5-8 #2"]);
  assert.deepEqual(bars(events, ""), ["open 0-8"]);
});

test("waiting for a person and for a timer, and containers around", () => {
  const events = [
    [0, { type: "run_started" }],
    [0, { type: "task_opened", path: "loop", opening: { kind: "parallel" } }],
    [0, { type: "frame_opened", path: "loop/x", owner: "loop", index: 0 }],
    [1, { type: "breakpoint_opened", path: "loop/x/ask", id: "loop/x/ask@1" }],
    [9, { type: "breakpoint_answered", path: "loop/x/ask", id: "loop/x/ask@1", answer: {} }],
    [9, { type: "task_closed", path: "loop/x/ask", status: "done" }],
    [9, { type: "wait_started", path: "loop/x/rest", due: 12_000 }],
  ] as const;
  assert.deepEqual(bars(events, "loop/x/ask"), ["asking 1-9"]);
  assert.deepEqual(bars(events, "loop/x/rest"), ["waiting 9-"]);
  assert.deepEqual(bars(events, "loop"), ["open 0-"]);
});

test("a pause is seen on the run; a run that ends ends everything; a retry opens it again", () => {
  const events = [
    [0, { type: "run_started" }],
    [1, attempt("task_started", 1)],
    [2, { type: "run_paused", by: "x" }],
    [4, { type: "run_resumed", by: "x" }],
    [5, { type: "run_finished", status: "failed" }],
    [9, { type: "retry_requested", by: "x", paths: ["a"] }],
  ] as const;
  assert.deepEqual(bars(events, ""), ["open 0-2", "paused 2-4", "open 4-5", "open 9-"]);
  assert.deepEqual(bars(events, "a"), ["running 1-5 #1"]);
});

test("an attempt that waits for an agent's place is queued until it begins", () => {
  const events = [
    [0, { type: "run_started" }],
    [1, attempt("task_started", 1)],
    [1, attempt("attempt_queued", 1)],
    [7, attempt("attempt_begun", 1)],
    [9, attempt("attempt_completed", 1)],
  ] as const;
  assert.deepEqual(bars(events, "a"), ["running 1-1 #1", "queued 1-7", "done 7-9 #1"]);
});

test("an attempt that asks stands, and goes on with the last answer", () => {
  const asked = (id: string, question: number) => ({
    type: "breakpoint_opened",
    path: "a",
    id,
    question,
  });
  const said = (id: string) => ({
    type: "breakpoint_answered",
    path: "a",
    id,
    answer: { kind: "permission", decision: "dismiss" },
  });
  const events = [
    [0, { type: "run_started" }],
    [1, attempt("task_started", 1)],
    [2, asked("a@1", 1)],
    [3, asked("a@2", 2)],
    [5, said("a@1")],
    [7, { type: "breakpoint_withdrawn", path: "a", id: "a@2" }],
    [9, attempt("attempt_completed", 1)],
  ] as const;
  assert.deepEqual(bars(events, "a"), [
    "running 1-2 #1",
    "asking 2-3",
    "asking 3-7",
    "done 7-9 #1",
  ]);
});

test("a part of a task has the bars of its attempts, up to its own end", () => {
  const events = [
    [1, attempt("task_started", 1)],
    [3, attempt("attempt_completed", 1)],
    [3, { type: "task_opened", path: "a" }],
    [9, { type: "task_closed", path: "a", status: "done" }],
  ].map(([at, event], index) => ({ seq: index + 1, at, event }) as unknown as Recorded);
  const { segments } = timelineOf(events);
  const row = { ...rowToCome("a/plan", "planner", "Plan", false), partOf: "a", endedAt: 3 };
  assert.deepEqual(segmentsOf(row, segments), [{ kind: "done", from: 1, to: 3, attempt: 1 }]);
  assert.equal(segmentsOf({ ...row, id: "b", partOf: "b" }, segments), undefined);
  assert.equal(segmentsOf(rowToCome("a", "plan", "a", false), segments)?.length, 2);
});
