/**
 * Plays a run move by move: the fold, the decisions and the door alone, with an outside that does what the case says.
 * At every turn it asks the questions that must hold for any run: see `decideAll`.
 */
import assert from "node:assert/strict";
import { admit } from "../../src/run/admit.ts";
import type { Admission, Command, Effect } from "../../src/run/command.ts";
import { decide, duePaths, nextDue } from "../../src/run/decide/decide.ts";
import type { Recorded, RunEvent } from "../../src/run/event.ts";
import { evolve, fold } from "../../src/run/evolve/evolve.ts";
import type { ActivityOutcome } from "../../src/run/request.ts";
import type { Inquiry, Outcome, Signal, Skip, Turn } from "../../src/run/signal.ts";
import type { Program } from "../../src/run/start/program.ts";
import type { RunState } from "../../src/run/state.ts";
import { stateText } from "../../src/run/stateHash.ts";

export type Perform = Extract<Effect, { type: "perform" }>;

/** Told of everything that happens, in order. */
export interface Listener {
  event(recorded: Recorded): void;
  effect(effect: Effect): void;
  refused(reason: string): void;
}

/** What an attempt comes to by itself; `hang`: nothing until the case says so. */
export type Outside = (effect: Perform) => ActivityOutcome | "hang";

export interface Play {
  readonly records: Recorded[];
  /** Every attempt that was ever performed, the latest last. */
  readonly performed: Perform[];
  readonly state: RunState;
  at: number;
  /** Hands these in as one batch, then lets the run and its outside go on by themselves. */
  post(inputs: readonly (Signal | Outcome | Turn | Inquiry)[]): readonly Admission[];
  /** Moves the clock to `at` (ms) and rings what is due. */
  tick(at: number): void;
  /** When the next thing falls due. */
  due(): number | undefined;
  /** The host dies; after `down` ms another reads the journal, and learns nothing of the attempts that were running. */
  crash(down?: number): void;
  /** The machine's clock jumps by so many ms while the run is driven. */
  jump(by: number): void;
}

/** Begins to play from the records of a run that has just begun. */
export function play(program: Program, first: Recorded, outside: Outside, told: Listener): Play {
  const records: Recorded[] = [];
  const performed: Perform[] = [];
  const pending: Outcome[] = [];
  let state = evolve(undefined, first);
  let at = first.at;

  const take = (event: RunEvent): void => {
    const recorded: Recorded = { seq: records.length + 1, at, event: asRead(event) };
    records.push(recorded);
    told.event(recorded);
    if (records.length > 1) state = evolve(state, recorded);
  };

  const perform = (effect: Effect): void => {
    told.effect(effect);
    if (effect.type !== "perform") return;
    performed.push(effect);
    const outcome = outside(effect);
    const { path, attempt, token } = effect;
    if (outcome !== "hang") pending.push({ type: "outcome", path, attempt, token, outcome });
  };

  const batch = (
    inputs: readonly (Signal | Outcome | Skip | Turn | Inquiry)[],
    also?: Iterable<string>,
  ) => {
    const effects: Effect[] = [];
    const touched = new Set(also);
    let whole = also === undefined && inputs.length === 0;
    const admissions = inputs.map((input) => {
      const admission = admit(state, input);
      if (!admission.ok) told.refused(admission.reason);
      if (admission.ok) effects.push(...(admission.effects ?? []));
      for (const event of admission.ok ? admission.events : []) {
        take(event);
        if ("path" in event && event.path !== undefined) touched.add(event.path);
        else whole = true;
      }
      return admission;
    });
    for (let paths = whole ? undefined : touched; ; ) {
      const commands = decideAll(program, state, at, paths);
      if (commands.length === 0) break;
      const next = new Set<string>();
      for (const { event, effect } of commands) {
        take(event);
        if (effect) effects.push(effect);
        if ("path" in event && event.path !== undefined) next.add(event.path);
      }
      paths = next;
    }
    for (const effect of effects) perform(effect);
    return admissions;
  };

  const goOn = (): void => {
    for (let next = pending.shift(); next; next = pending.shift()) batch([next]);
  };

  take(first.event);
  batch([]);
  goOn();
  return {
    records,
    performed,
    get state() {
      return state;
    },
    get at() {
      return at;
    },
    set at(time) {
      at = time;
    },
    post: (inputs) => {
      const admissions = batch(inputs);
      goOn();
      return admissions;
    },
    tick: (time) => {
      at = time;
      batch([], duePaths(state, at));
      goOn();
    },
    due: () => nextDue(state),
    jump: (by) => {
      at += by;
      batch([{ type: "skip", shift: by, why: "clock" }], duePaths(state, at));
      goOn();
    },
    crash: (down = 0) => {
      state = folded(records);
      at += down;
      const skipped: Skip[] = down > 0 ? [{ type: "skip", shift: down, why: "unowned" }] : [];
      batch([...skipped, ...[...state.open.values()].flatMap(lost)], duePaths(state, at));
      batch([]);
      goOn();
    },
  };
}

/** The fold of records that were written and read back. */
export function folded(records: readonly Recorded[]): RunState {
  const state = fold(structuredClone(records));
  assert.ok(state);
  return state;
}

/** A run that is over asks nothing, waits for nothing, runs nothing; only a failed one keeps what can be retried. */
export function assertNothingLeft(state: RunState): void {
  assert.equal(state.breakpoints.size, 0, "breakpoints are left behind");
  assert.equal(state.timers.size, 0, "timers are left behind");
  assert.equal(state.running, 0, "attempts are left behind");
  assert.equal(state.queue.size, 0, "attempts still wait for their turn");
  const open = [...state.tasks.values()].filter(({ ended_at }) => ended_at === undefined);
  assert.deepEqual(open, [], "tasks seem not to have ended");
  if (state.status === "failed") return;
  assert.equal(state.open.size, 0, "tasks are left behind");
  assert.deepEqual([...state.frames.keys()], [""], "lists are left behind");
}

/**
 * The commands for what was touched. They must be those of the full walk, the same when asked again, and asking must
 * leave the state as it is (in long runs, looked at now and then).
 */
function decideAll(
  program: Program,
  state: RunState,
  at: number,
  paths: Iterable<string> | undefined,
): readonly Command[] {
  const looked = state.seq <= 50 || state.seq % 7 === 0;
  const before = looked && stateText(state);
  const commands = decide({ program, state, at }, paths);
  const again = decide({ program, state, at }, paths);
  assert.deepEqual(texts(again), texts(commands), "decide is not deterministic");
  const all = decide({ program, state, at });
  const same = "incremental decide differs from the full walk";
  assert.deepEqual(texts(commands).sort(), texts(all).sort(), same);
  assert.equal(looked && stateText(state), before, "decide changed the state");
  return commands;
}

function texts(commands: readonly Command[]): string[] {
  return commands.map((command) => JSON.stringify(command));
}

function lost(task: RunState["open"] extends ReadonlyMap<string, infer T> ? T : never): Outcome[] {
  if (task.state.is !== "running") return [];
  const { path, attempts: attempt } = task;
  const failure = {
    code: "outcome_unknown" as const,
    message: `The host stopped while ${path} ran.`,
  };
  const outcome = { type: "unknown" as const, failure };
  return [{ type: "outcome", path, attempt, token: task.state.token, outcome, host_died: true }];
}

/** An event as a journal gives it back. */
function asRead(event: RunEvent): RunEvent {
  return JSON.parse(JSON.stringify(event));
}
