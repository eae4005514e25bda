/**
 * A run without a disk, a clock or a process: the fold and the decisions alone, with a scripted world.
 * Synchronous and deterministic, so that thousands of runs, cut anywhere, can be compared.
 */
import assert from "node:assert/strict";
import { admit } from "../../src/run/admit.ts";
import type { Breakpoint } from "../../src/run/ask/breakpoint.ts";
import type { Effect } from "../../src/run/command.ts";
import { decide, duePaths, nextDue } from "../../src/run/decide/decide.ts";
import type { Recorded, RunEvent } from "../../src/run/event.ts";
import { evolve, fold } from "../../src/run/evolve/evolve.ts";
import type { ActivityOutcome } from "../../src/run/request.ts";
import type { Outcome, Signal } from "../../src/run/signal.ts";
import { prepareRun, type RunSetting } from "../../src/run/start/prepare.ts";
import { createProgram, type Program } from "../../src/run/start/program.ts";
import { isFinished, type RunState } from "../../src/run/state.ts";
import type { Json, JsonObject } from "../../src/util/json.ts";
import { linkBundle } from "../../src/workflow/link.ts";
import type { Bundle } from "../../src/workflow/workflow.ts";

export interface World {
  /** What an attempt comes to. */
  readonly outcome: (
    effect: Extract<Effect, { type: "perform" }>,
    failedBefore: number,
  ) => ActivityOutcome;
  /** A person's answer to an open breakpoint, which it must fit; undefined: nobody answers. */
  readonly answer?: (open: Breakpoint) => Json | undefined;
  /** Draws the next thing to happen from several that may; from 0 to n - 1. */
  readonly choose?: (n: number) => number;
}

export interface Simulation {
  readonly records: Recorded[];
  readonly performed: Extract<Effect, { type: "perform" }>[];
  state: RunState;
  at: number;
}

const START = Date.UTC(2026, 0, 1);

/** A linked bundle from the text of a file and of the files beside it. Fails the test on any error. */
export function bundleOf(
  text: string,
  beside: Readonly<Record<string, string>> = {},
  fileName = "test.workflow.yaml",
): Bundle {
  const linked = linkBundle({
    fileName,
    text,
    load: (name) => {
      const found = Object.entries(beside).find(
        ([file]) => file === name || file.startsWith(`${name}.`),
      );
      return found ? { fileName: found[0], text: found[1] } : undefined;
    },
  });
  const errors = linked.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  assert.deepEqual(
    errors.map((error) => `${error.range.start.line}: ${error.message}`),
    [],
  );
  assert.ok(linked.bundle);
  return linked.bundle;
}

/** All of a run's first event that these tests do not vary. */
export function settingOf(bundle: Bundle): RunSetting {
  return {
    run: "run_000000000000",
    bundle,
    seed: "seed",
    env: {},
    workspace: "/w",
    started_by: "test",
    machine: "test",
    default_agent: "@task",
    agents: { "@task": { adapter: "scripted", effects: "repeatable", hash: "0", why: "test" } },
    tools: {},
  };
}

/** The records of a run that has just begun. */
export function begin(program: Program, bundle: Bundle, inputs: JsonObject = {}): Recorded {
  const prepared = prepareRun(program, settingOf(bundle), inputs, START);
  if (!prepared.ok) assert.fail(prepared.failure.message);
  return { seq: 1, at: START, event: prepared.value };
}

/** Runs until nothing more happens by itself: finished, or waiting for a person who does not answer. */
export function simulate(
  program: Program,
  records: readonly Recorded[],
  world: World,
  check?: (s: Simulation) => void,
): Simulation {
  const state = fold(records);
  assert.ok(state);
  const sim: Simulation = {
    records: [...records],
    performed: [],
    state,
    at: records.at(-1)?.at ?? START,
  };
  const pending: Outcome[] = [];
  loseRunning(sim);
  settle(sim, program, undefined, pending, world, check);
  while (!isFinished(sim.state)) {
    const moves: (() => readonly string[] | undefined)[] = pending.map((_, index) => () => {
      const [outcome] = pending.splice(index, 1);
      return outcome ? enter(sim, outcome) : [];
    });
    for (const open of sim.state.breakpoints.values()) {
      const answer = world.answer?.(open);
      if (answer === undefined) continue;
      moves.push(() => answered(sim, open, answer));
    }
    const due = nextDue(sim.state);
    if (moves.length === 0 && due !== undefined) {
      moves.push(() => {
        sim.at = Math.max(sim.at, due);
        return duePaths(sim.state, sim.at);
      });
    }
    if (moves.length === 0) return sim;
    const move = moves[world.choose?.(moves.length) ?? 0];
    sim.at += 1;
    const touched = move?.();
    settle(
      sim,
      program,
      touched && [...touched, ...duePaths(sim.state, sim.at)],
      pending,
      world,
      check,
    );
  }
  return sim;
}

/** Hands a signal to a simulated run and lets it work itself out. */
export function send(sim: Simulation, program: Program, signal: Signal, world: World): void {
  sim.at += 1;
  const pending: Outcome[] = [];
  const touched = enter(sim, signal);
  settle(sim, program, touched, pending, world);
  for (let outcome = pending.shift(); outcome; outcome = pending.shift())
    settle(sim, program, enter(sim, outcome), pending, world);
}

/** The host that ran these attempts is gone: nobody knows what became of them. */
function loseRunning(sim: Simulation): void {
  for (const task of [...sim.state.open.values()]) {
    if (task.state.is !== "running") continue;
    const failure = { code: "outcome_unknown" as const, message: "The host stopped." };
    const { token } = task.state;
    enter(sim, {
      type: "outcome",
      path: task.path,
      attempt: task.attempts,
      token,
      outcome: { type: "unknown", failure },
      host_died: true,
    });
  }
}

/** An answer that is refused would be given for ever. */
function answered(sim: Simulation, open: Breakpoint, answer: Json): readonly string[] | undefined {
  const { id, hash } = open;
  const signal = { type: "answer", breakpoint: id, answer, by: "person", shown: hash } as const;
  const admission = admit(sim.state, signal);
  if (!admission.ok) assert.fail(`${id}: ${admission.reason}`);
  return enter(sim, signal);
}

function enter(sim: Simulation, input: Signal | Outcome): readonly string[] | undefined {
  const admission = admit(sim.state, input);
  if (!admission.ok) return [];
  for (const event of admission.events) take(sim, event);
  const paths = admission.events.map((event) => ("path" in event ? event.path : undefined));
  return paths.every((path) => path !== undefined) ? paths : undefined;
}

function settle(
  sim: Simulation,
  program: Program,
  touched: readonly string[] | undefined,
  pending: Outcome[],
  world: World,
  check?: (s: Simulation) => void,
): void {
  let paths = touched;
  for (;;) {
    check?.(sim);
    const moment = { program, state: sim.state, at: sim.at };
    const commands = decide(moment, paths);
    if (check) sameCommands(commands, decide(moment));
    if (commands.length === 0) return;
    const next = new Set<string>();
    for (const { event, effect } of commands) {
      take(sim, event);
      if ("path" in event && event.path !== undefined) next.add(event.path);
      if (effect?.type === "perform") {
        sim.performed.push(effect);
        pending.push(outcomeOf(sim, effect, world));
      }
    }
    paths = [...next];
  }
}

function sameCommands(
  some: readonly { event: RunEvent }[],
  all: readonly { event: RunEvent }[],
): void {
  const text = (list: readonly { event: RunEvent }[]): string[] =>
    list.map(({ event }) => JSON.stringify(event)).sort();
  assert.deepEqual(text(some), text(all), "incremental decide differs from the full walk");
}

function take(sim: Simulation, event: RunEvent): void {
  const recorded = {
    seq: sim.records.length + 1,
    at: sim.at,
    event: JSON.parse(JSON.stringify(event)) as RunEvent,
  };
  sim.records.push(recorded);
  sim.state = evolve(sim.state, recorded);
}

function outcomeOf(
  sim: Simulation,
  effect: Extract<Effect, { type: "perform" }>,
  world: World,
): Outcome {
  const { path, attempt, token } = effect;
  const failed = sim.records.filter(
    ({ event }) => event.type === "attempt_failed" && event.path === path,
  ).length;
  return { type: "outcome", path, attempt, token, outcome: world.outcome(effect, failed) };
}

export { createProgram };
