/** State = fold(journal): at every record of generated runs, from records that nobody may change. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recorded } from "../../src/run/event.ts";
import { evolve, fold } from "../../src/run/evolve/evolve.ts";
import { createProgram } from "../../src/run/start/program.ts";
import type { RunState } from "../../src/run/state.ts";
import { stateHash } from "../../src/run/stateHash.ts";
import { drawing } from "./drawing.ts";
import { CHILD, failuresAt, generateWorkflow } from "./generate.ts";
import { begin, bundleOf, simulate, type World } from "./simulate.ts";

const SEEDS = 30;

function world(seed: number): World {
  return {
    choose: drawing(seed + 7),
    outcome: ({ path, request }, failedBefore) => {
      if (failedBefore < failuresAt(path, seed)) {
        return { type: "failed", failure: { code: "agent_error", message: "no luck" } };
      }
      const commands = [{ name: "cmd", exit_code: 0, stdout: "95%", stderr: "" }];
      const result = request.activity === "gate" ? { commands } : { response: path };
      return { type: "completed", result };
    },
    answer: ({ id }) => ({ approved: id.length % 3 > 0, confirmed: true, input: "x" }),
  };
}

test("the live state is the fold of what was recorded, after every batch", () => {
  let compared = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const program = createProgram();
    const bundle = bundleOf(generateWorkflow(drawing(seed)), { "child.workflow.yaml": CHILD });
    const hashes = new Map<number, string>();
    const whole = simulate(program, [begin(program, bundle)], world(seed), ({ records, state }) => {
      hashes.set(records.length, stateHash(state));
    });
    const records = frozen(structuredClone(whole.records));
    let state: RunState | undefined;
    for (const [index, record] of records.entries()) {
      state = evolve(state, record);
      const hash = hashes.get(index + 1);
      if (hash === undefined) continue;
      assert.equal(stateHash(state), hash, `seed ${seed} at record ${index + 1}`);
      compared += 1;
    }
  }
  assert.ok(compared > 300);
});

test("two folds of the same records share nothing that either changes", () => {
  const program = createProgram();
  const bundle = bundleOf(generateWorkflow(drawing(3)), { "child.workflow.yaml": CHILD });
  const { records } = simulate(program, [begin(program, bundle)], world(3));
  const half = Math.floor(records.length / 2);
  const one = fold(records.slice(0, half));
  const hash = one && stateHash(one);
  let other = fold(records.slice(0, half));
  for (const record of records.slice(half)) other = evolve(other, record);
  assert.equal(one && stateHash(one), hash);
});

function frozen<T extends readonly Recorded[]>(records: T): T {
  const freeze = (value: unknown): void => {
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  };
  freeze(records);
  return records;
}
