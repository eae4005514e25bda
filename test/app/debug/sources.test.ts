/** Lines of files to places and back, and what a breakpoint may demand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  logTemplate,
  type Sources,
  setBreakpoint,
  writtenAt,
} from "../../../src/app/debug/sources.ts";
import { placedSteps } from "../../../src/workflow/definition/stepPlace.ts";
import { parseWorkflow } from "../../../src/workflow/parse.ts";

const TEXT = `name: w
version: 1.0.0
steps:
  - id: outer
    type: foreach
    items: [1]
    steps:
      - { id: a, type: set_state, updates: { x: 1 } }

      - id: b
        type: set_state
        updates: { x: 1 }
  - { id: both, type: parallel, branches: [{ id: l, steps: [{ id: in, type: set_state, updates: { y: 1 } }] }] }
# the end
`;

function sources(): Sources {
  const { workflow, source } = parseWorkflow({ fileName: "/w.workflow.yaml", text: TEXT });
  const steps = placedSteps("w", workflow ?? assert.fail("unreadable")).map((each) => ({
    place: each.place,
    title: each.step.id,
    range: source.value(each.path),
  }));
  return [{ file: "/w.workflow.yaml", workflow: "w", steps }];
}

function at(line: number, more: { readonly column?: number; readonly hitCondition?: string } = {}) {
  const asked = { line, ...more };
  const { told, places } = setBreakpoint(sources(), "/w.workflow.yaml", asked, 1, () => true);
  return places.map((place) => `${place.at} ${told.line}`).join() || told.message;
}

test("a line means the step that starts there, else the one around it, else the next", () => {
  assert.equal(at(1), "w:outer 4");
  assert.equal(at(6), "w:outer 4");
  assert.equal(at(8), "w:outer/a 8");
  assert.equal(at(9), "w:outer 4");
  assert.equal(at(12), "w:outer/b 10");
  assert.equal(at(13), "w:both 13");
  assert.equal(at(13, { column: 70 }), "w:both.l/in 13");
  assert.match(at(14) ?? "", /no step on this line or after it/);
});

test("hit counts are read, and what is none is told", () => {
  const hits = (hitCondition: string) =>
    setBreakpoint(sources(), "/w.workflow.yaml", { line: 8, hitCondition }, 1, () => true).places[0]
      ?.hits;
  assert.deepEqual(hits("3"), { when: "only", n: 3 });
  assert.deepEqual(hits("== 3"), { when: "only", n: 3 });
  assert.deepEqual(hits("> 3"), { when: "from", n: 4 });
  assert.deepEqual(hits(">=3"), { when: "from", n: 3 });
  assert.deepEqual(hits("% 2"), { when: "every", n: 2 });
  assert.match(at(8, { hitCondition: "0" }) ?? "", /hit count 0/);
});

test("values in the text of a logpoint are expressions", () => {
  assert.equal(
    logTemplate("n is {state.n} of {{ loop.length }}"),
    "n is {{ state.n }} of {{ loop.length }}",
  );
  assert.equal(logTemplate("plain"), "plain");
});

test("a place leads back to its line, and one of another file does not", () => {
  assert.equal(writtenAt(sources(), "w:outer/b")?.step.range.start.line, 10);
  assert.equal(writtenAt(sources(), "other:b"), undefined);
});
