/** The parts of the page that need no page: scales, the graph's places, what a task's events say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recorded, RunEvent } from "../../src/run/event.ts";
import { parseWorkflow } from "../../src/workflow/parse.ts";
import { definitionPlace, layOut } from "../../webview/graph/graphLayout.ts";
import { RunModel } from "../../webview/runModel.ts";
import { taskFacts } from "../../webview/task/taskFacts.ts";
import { fitted, panned, ticks, timeAt, xOf, zoomed } from "../../webview/timeline/timeScale.ts";

test("zooming keeps the time under the pointer, panning moves it, marks are round and apart", () => {
  const scale = fitted(1_000_000, 1_060_000, 600);
  const time = timeAt(scale, 200);
  const closer = zoomed(scale, 4, 200);
  assert.ok(Math.abs(xOf(closer, time) - 200) < 1e-6);
  assert.equal(Math.round(xOf(panned(scale, 50), timeAt(scale, 50))), 0);
  const marks = ticks(scale, 1_000_000);
  assert.deepEqual(
    marks.slice(0, 3).map(({ label }) => label),
    ["0s", "10s", "20s"],
  );
  for (const [index, { x }] of marks.entries()) assert.ok(x - (marks[index - 1]?.x ?? -90) >= 89);
});

const WORKFLOW = `name: g
version: 1.0.0
steps:
  - { id: first, type: shell, command: a }
  - id: both
    type: parallel
    branches:
      - { id: left, steps: [{ id: one, type: shell, command: a }] }
      - { id: right, steps: [{ id: two, type: shell, command: a }] }
  - id: maybe
    type: condition
    if: 1 > 0
    then: [{ id: yes, type: shell, command: a }]
  - { id: last, type: shell, command: a }
`;

test("arrows lead into and out of branches, and boxes lie inside what holds them", () => {
  const { workflow } = parseWorkflow({ fileName: "g.workflow.yaml", text: WORKFLOW });
  assert.ok(workflow);
  const { boxes, arrows } = layOut(workflow.steps);
  assert.deepEqual(arrows.map(({ from, to }) => `${from} > ${to}`).sort(), [
    "both/left/one > maybe/yes",
    "both/right/two > maybe/yes",
    "first > both/left/one",
    "first > both/right/two",
    "maybe/yes > last",
  ]);
  const box = (id: string) => {
    const found = boxes.find((each) => each.id === id);
    assert.ok(found, id);
    return found;
  };
  const [outer, inner] = [box("both"), box("both/left/one")];
  assert.ok(outer.x <= inner.x && outer.y <= inner.y);
  assert.ok(outer.x + outer.width >= inner.x + inner.width);
  assert.ok(box("first").y < outer.y);
  assert.equal(definitionPlace("both/left/one#2"), "both/left/one");
  assert.equal(definitionPlace("each[3]/do"), "each/do");
});

test("a task's events say what it was asked, how often, and what came of it", () => {
  const event = (seq: number, at: number, given: object): Recorded => ({
    seq,
    at,
    event: given as RunEvent,
  });
  const request = { activity: "shell", command: "make" };
  const facts = taskFacts([
    event(1, 10, { type: "task_started", path: "a", attempt: 1, token: "t", request }),
    event(2, 20, {
      type: "attempt_failed",
      path: "a",
      attempt: 1,
      token: "t",
      failure: { code: "x", message: "no" },
      context: { tokens: 900, whole: 900, parts: [] },
    }),
    event(3, 30, {
      type: "task_started",
      path: "a",
      attempt: 2,
      token: "u",
      correction: "mend it",
    }),
    event(4, 50, {
      type: "attempt_completed",
      path: "a",
      attempt: 2,
      token: "u",
      result: { files_changed: ["b.ts", { path: "c.ts" }] },
      context: { tokens: 400, whole: 900, parts: [] },
    }),
  ]);
  assert.deepEqual(facts.request, request);
  assert.deepEqual(
    facts.attempts.map(({ number, from, to, ended }) => [number, from, to, ended]),
    [
      [1, 10, 20, "failed"],
      [2, 30, 50, "done"],
    ],
  );
  assert.deepEqual(facts.filesChanged, ["b.ts", "c.ts"]);
  assert.equal(facts.context?.tokens, 400, "what the last attempt was given");
});

const GRAPH = `name: g
version: 1.0.0
steps:
  - id: all
    type: graph
    steps:
      - { id: a, type: shell, command: x }
      - { id: b, type: shell, command: x, depends_on: [a] }
      - { id: c, type: shell, command: x, depends_on: [a] }
      - { id: d, type: shell, command: x, depends_on: [b, c] }
  - { id: after, type: shell, command: x }
`;

test("a graph's arrows are what its steps depend on", () => {
  const { workflow } = parseWorkflow({ fileName: "g.workflow.yaml", text: GRAPH });
  assert.ok(workflow);
  const arrows = layOut(workflow.steps).arrows.map(({ from, to }) => `${from} > ${to}`);
  assert.deepEqual(arrows.sort(), [
    "all/a > all/b",
    "all/a > all/c",
    "all/b > all/d",
    "all/c > all/d",
    "all/d > after",
  ]);
});

test("a page that was made anew takes nothing that was meant for the one before it", () => {
  const model = new RunModel(() => undefined);
  const driving = { driven: true, live: [] };
  const late: Recorded = { seq: 7, at: 70, event: { type: "run_paused", by: "me" } };
  model.take({ type: "more", clock: 70, events: [late], driving });
  assert.equal(model.picture(), undefined);
});
