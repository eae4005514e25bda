/**
 * Every way through a race-free run ends the same: from a prefix of its records, a new host comes to the same end, and
 * the incremental decisions are those of the full walk at every step. One prefix in four here; the simulation crashes at
 * every operation.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "../../src/run/event.ts";
import { fold } from "../../src/run/evolve/evolve.ts";
import { createProgram } from "../../src/run/start/program.ts";
import { isFinished } from "../../src/run/state.ts";
import { stateHash } from "../../src/run/stateHash.ts";
import { drawing } from "./drawing.ts";
import { CHILD, generateWorkflow } from "./generate.ts";
import { begin, bundleOf, type Simulation, send, simulate, type World } from "./simulate.ts";
import { answerAt, ending, outcomeAt } from "./world.ts";

const RUNS = 100;
const STRIDE = 4;

function worldOf(seed: number, choose: (n: number) => number): World {
  return {
    choose,
    outcome: (effect, failedBefore) => outcomeAt(seed, effect, failedBefore),
    answer: ({ id, path }) => answerAt(seed, id, path),
  };
}

/** Plays a run to its end; in some runs a person pauses, or retries what failed, or cancels at the first question. */
function play(
  program: ReturnType<typeof createProgram>,
  seed: number,
  records: Simulation["records"],
  choose: (n: number) => number,
  check?: (s: Simulation) => void,
): Simulation {
  const world = worldOf(seed, choose);
  const cancels = seed % 5 === 3;
  const around = cancels ? { ...world, answer: () => undefined } : world;
  let sim = simulate(program, records, around, check);
  if (
    sim.state.status === "failed" &&
    !sim.records.some(({ event }) => event.type === "retry_requested")
  ) {
    send(sim, program, { type: "retry", by: "person" }, around);
    sim = simulate(program, sim.records, around, check);
  }
  if (!isFinished(sim.state) && cancels) {
    send(sim, program, { type: "pause", by: "person" }, around);
    send(sim, program, { type: "resume", by: "person" }, around);
    send(sim, program, { type: "cancel", by: "person" }, around);
    if (!isFinished(sim.state)) sim = simulate(program, sim.records, around, check);
  }
  return sim;
}

test("generated runs end the same from wherever they are taken up", () => {
  const seen = new Map<string, number>();
  let prefixes = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const program = createProgram();
    const bundle = bundleOf(generateWorkflow(drawing(seed), true), {
      "child.workflow.yaml": CHILD,
    });
    const first = begin(program, bundle);
    const whole = play(program, seed, [first], drawing(seed + 7), () => undefined);
    assert.ok(isFinished(whole.state), `seed ${seed} ended as ${whole.state.status}`);
    assert.equal(
      stateHash(whole.state),
      stateHash(fold(whole.records) ?? whole.state),
      `seed ${seed}: fold`,
    );
    count(seen, whole);
    for (let length = 1 + (seed % STRIDE); length < whole.records.length; length += STRIDE) {
      const again = play(
        program,
        seed,
        whole.records.slice(0, length),
        drawing(seed * 31 + length),
      );
      assert.equal(
        ending(again.state),
        ending(whole.state),
        `seed ${seed} cut after record ${length}`,
      );
      prefixes += 1;
    }
  }
  const kinds = [
    "approve",
    "break",
    "condition",
    "continue",
    "delegate",
    "foreach",
    "gate",
    "goto",
    "graph",
    "mcp_call",
    "parallel",
    "prompt",
    "return",
    "set_state",
    "shell",
    "wait",
    "while",
    "workflow",
  ];
  const events: RunEvent["type"][] = [
    "breakpoint_opened",
    "breakpoint_answered",
    "retry_scheduled",
    "cancel_requested",
    "retry_requested",
    "run_paused",
    "attempt_failed",
    "compensation_started",
    "run_failing",
    "attempt_stopping",
    "frame_cancelled",
    "task_queued",
    "gates_judged",
    "task_performed",
    "step_blocked",
  ];
  const wanted = [
    ...kinds.map((kind) => `step ${kind}`),
    ...events.map((type) => `event ${type}`),
    "opening handler",
    "opening rejection",
    "opening gates",
    "form stop",
    "status done",
    "status failed",
    "status cancelled",
  ];
  assert.deepEqual(
    wanted.filter((name) => (seen.get(name) ?? 0) < 2),
    [],
    "the generator does not reach these",
  );
  assert.ok(prefixes > 1000);
});

function count(seen: Map<string, number>, sim: Simulation): void {
  const add = (name: string): void => void seen.set(name, (seen.get(name) ?? 0) + 1);
  for (const record of sim.state.tasks.values()) add(`step ${record.kind}`);
  for (const { event } of sim.records) {
    add(`event ${event.type}`);
    if (event.type === "task_opened") add(`opening ${event.opening.kind}`);
    if (event.type === "breakpoint_opened") add(`form ${event.form.kind}`);
  }
  add(`status ${sim.state.status}`);
}
