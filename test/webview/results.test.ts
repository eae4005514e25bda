import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunState } from "../../src/run/state.ts";
import { emptyTimeline } from "../../src/views/runPage/timeline.ts";
import { runTree } from "../../src/views/taskTree.ts";
import { Results } from "../../webview/results/results.ts";
import type { Picture } from "../../webview/runModel.ts";
import { begin, bundleOf, createProgram, simulate } from "../run/simulate.ts";

/** A run with one step that took a while: over, or still at its question. */
function pictureOf(state: RunState): Picture {
  const tree = runTree(state, { driven: true });
  return {
    ...{ run: "run_1", state, tree, rows: [], timeline: emptyTimeline() },
    ...{ shown: state.seq, total: state.seq, live: true, driving: { driven: true, live: [] } },
  };
}

function stateOf(answered: boolean): RunState {
  const program = createProgram();
  const bundle = bundleOf(
    JSON.stringify({
      ...{ name: "long", version: "1.0.0" },
      steps: [
        { id: "one", type: "delegate", instructions: "do it" },
        { id: "ask", type: "prompt", input: "confirm", message: "Fine?" },
      ],
    }),
  );
  return simulate(program, [begin(program, bundle, {})], {
    outcome: () => ({ type: "completed", result: { response: "fine" } }),
    answer: () => (answered ? true : undefined),
  }).state;
}

test("while a run goes on, its critical path is worked out in a pause and not while something is drawn", () => {
  let now = 1_000_000;
  const pauses: (() => void)[] = [];
  const model = { now: () => now, eventsUpTo: () => [] };
  const results = new Results(model, (work) => pauses.push(work));
  const picture = pictureOf(stateOf(false));
  const first = results.criticalMarks(picture);
  assert.equal(pauses.length, 0, "nothing to show before the first");
  now += 2500;
  assert.equal(results.criticalMarks(picture), first);
  assert.equal(results.criticalMarks(picture), first);
  assert.equal(pauses.length, 1, "asked for once");
  pauses[0]?.();
  assert.notEqual(results.criticalMarks(picture), first);
  assert.equal(pauses.length, 1);
});

test("the marks of a run that is over are those of its end, at once", () => {
  const model = { now: () => 1_000_000, eventsUpTo: () => [] };
  const results = new Results(model, () => assert.fail("put off"));
  results.criticalMarks(pictureOf(stateOf(false)));
  const marks = results.criticalMarks(pictureOf(stateOf(true)));
  assert.ok([...marks].length > 0);
});
