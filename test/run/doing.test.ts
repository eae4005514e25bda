/** What lists say of a run that goes on: of several things at once the one that moves soonest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { doingOf } from "../../src/run/doing.ts";
import { fold } from "../../src/run/evolve/evolve.ts";
import { createProgram } from "../../src/run/start/program.ts";
import type { Json } from "../../src/util/json.ts";
import { runWord } from "../../src/views/statusWord.ts";
import { runTree } from "../../src/views/taskTree.ts";
import { begin, bundleOf, simulate } from "./simulate.ts";

const STEPS: Readonly<Record<string, Json>> = {
  timer: { type: "wait", duration: "1h" },
  signal: { type: "wait", signal: "go" },
  question: { type: "prompt", input: "confirm", message: "Well?" },
};

function waitingFor(names: readonly string[]) {
  const branches = names.map((id) => ({ id, steps: [{ id: `a_${id}`, ...Object(STEPS[id]) }] }));
  const steps = [{ id: "all", type: "parallel", branches }];
  const bundle = bundleOf(JSON.stringify({ name: "x", version: "1.0.0", steps }));
  const program = createProgram();
  const { records } = simulate(program, [begin(program, bundle)], { outcome: () => assert.fail() });
  const [from] = records;
  const now = records.filter(({ at }) => at === from?.at);
  return fold(now) ?? assert.fail();
}

for (const [names, doing, word] of [
  [["timer"], "timer", "Waiting (timer)"],
  [["signal"], "signal", "Waiting (signal)"],
  [["signal", "timer"], "timer", "Waiting (timer)"],
  [["timer", "question"], "timer", "Waiting for you"],
] as const) {
  test(`${names.join(" and ")}: ${word}`, () => {
    const state = waitingFor(names);
    assert.equal(doingOf(state), doing);
    assert.equal(runTree(state, { driven: true }).word, word);
    const facts = { status: state.status, waiting: state.breakpoints.size, doing, driven: true };
    assert.equal(runWord(facts).word, word);
  });
}
