/**
 * The loop that advances a run, and the only thing that does.
 * Owns the order of things: admit, fold, decide, make durable, tell, act. Knows no disk, no clock and no vendor:
 * all come in as ports. Runs unchanged in any engine.
 */
import { admit } from "../run/admit.ts";
import type { Admission, Effect } from "../run/command.ts";
import { decide, duePaths, nextDue } from "../run/decide/decide.ts";
import type { Recorded, RunEvent } from "../run/event.ts";
import { evolve } from "../run/evolve/evolve.ts";
import type { Inquiry, Outcome, Signal, Skip, Turn } from "../run/signal.ts";
import type { Program } from "../run/start/program.ts";
import { isFinished, type RunState } from "../run/state.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import type { Performer, Report } from "./performer.ts";

/** Steps without an outside effect that are folded before a batch is made durable. */
const BATCH = 200;

export interface Alarm {
  /** Calls back once the clock reaches `due` (ms); one at a time, a later call replaces the earlier. Undefined: never. */
  set(due: number | undefined, ring: () => void): void;
  /**
   * By how many ms the clock jumped, since it was last asked, while an alarm was set: the machine slept (then no
   * deadline may run out for it), or its clock was set (negative: back). Absent: it never does.
   */
  readonly jumped?: () => number;
}

export interface DrivePorts {
  readonly program: Program;
  readonly journal: Journal<RunEvent>;
  readonly performer: Performer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly alarm: Alarm;
  /** Resolves once what happens at this very moment has arrived, so that one batch holds it. Absent: at once. */
  readonly gather?: () => Promise<void>;
  /** Told of records once they are durable, and of the state after them. */
  readonly publish: (records: readonly JournalRecord<RunEvent>[], state: RunState) => void;
  /** Told whenever all that follows by itself is durable: until then a state that looks at rest may not be. */
  readonly quiet?: () => void;
}

export interface Drive {
  /** The working state, ahead of the disk while a batch is under way. To show only facts, fold what is published. */
  readonly state: RunState;
  /** Hands in an outcome or signal; resolves once it is durable, or says why it was refused. */
  post(input: Signal | Outcome | Skip | Turn | Inquiry): Promise<Admission>;
  /** Resolves when the run is finished, or has been stopped. Rejects when the journal failed. A new one after a retry. */
  readonly finished: Promise<RunState>;
  /** Stops driving after the batch under way; the run stays as it is. */
  stop(): Promise<void>;
}

interface Letter {
  readonly input: Signal | Outcome | Skip | Turn | Inquiry | "tick" | "walk";
  readonly answer?: (admission: Admission) => void;
  readonly refuse?: (error: unknown) => void;
}

/** What becomes durable at once, while it is made. */
interface Batch {
  readonly at: number;
  readonly events: RunEvent[];
  readonly effects: Effect[];
  /** What to look at next; everything, once something happened that no path names. */
  readonly touched: Set<string>;
  whole: boolean;
}

/** Drives a run on from `state`, which must be the fold of what the journal holds. */
export function drive(ports: DrivePorts, state: RunState): Drive {
  const mailbox: Letter[] = [];
  let end = ending();
  let over = false;
  let loop: Promise<void> | undefined;
  let stopped = false;
  /** All that had fallen due by then was looked at: an alarm for what is still due would ring for ever. */
  let looked = Number.NEGATIVE_INFINITY;

  const post = (letter: Letter): void => {
    mailbox.push(letter);
    wake();
  };

  const wake = (): void => {
    if (loop || stopped || mailbox.length === 0) return;
    loop = run().finally(() => {
      loop = undefined;
      wake();
      if (!loop && !stopped) ports.quiet?.();
    });
  };

  async function run(): Promise<void> {
    try {
      await ports.gather?.();
      while (mailbox.length > 0 && !stopped) await deliver(mailbox.splice(0));
      if (stopped) return;
      ports.alarm.set(nextDue(state, looked), () => post({ input: "tick" }));
      over = isFinished(state);
      if (over) end.resolve(state);
    } catch (error) {
      letGo(error);
      end.reject(error);
    }
  }

  /** Makes one batch of letters durable, then answers them and acts. */
  async function deliver(letters: readonly Letter[]): Promise<void> {
    try {
      const batch = emptyBatch(ports.now());
      const ticks = letters.some(({ input }) => input === "tick");
      // A clock that was set back makes times due again.
      looked = ticks ? batch.at : Math.min(looked, batch.at);
      const shift = ports.alarm.jumped?.() ?? 0;
      if (shift !== 0) read(ports, state, batch, { input: { type: "skip", shift, why: "clock" } });
      const answers = letters.map((letter) => read(ports, state, batch, letter));
      if (!advance(ports, state, batch)) post({ input: "walk" });
      if (batch.events.length > 0) {
        ports.publish(await ports.journal.append(batch.events, batch.at), state);
      }
      ports.performer.hold?.(state.status === "paused");
      for (const answer of answers) answer?.();
      for (const effect of batch.effects) if (!stopped) ports.performer.perform(effect, report);
    } catch (error) {
      for (const letter of letters) letter.refuse?.(error);
      throw error;
    }
  }

  function letGo(why: unknown): void {
    stopped = true;
    ports.alarm.set(undefined, () => undefined);
    for (const letter of mailbox.splice(0)) letter.refuse?.(why);
  }

  const report: Report = (input) => {
    const { promise, resolve: answer, reject: refuse } = Promise.withResolvers<Admission>();
    // Nobody need listen: an outcome that comes after the end is nobody's matter.
    promise.catch(() => undefined);
    post({ input, answer, refuse });
    return promise;
  };

  post({ input: "walk" });
  return {
    get state() {
      return state;
    },
    post: (input) =>
      new Promise((answer, refuse) => {
        if (stopped) return refuse(notDriven());
        if (over) end = ending();
        over = false;
        post({ input, answer, refuse });
      }),
    get finished() {
      return end.promise;
    },
    stop: async () => {
      stopped = true;
      await loop;
      letGo(notDriven());
      end.resolve(state);
    },
  };
}

/** A journal's record as the fold takes it. */
export function recordedOf(record: JournalRecord<RunEvent>): Recorded {
  return { seq: record.seq, at: record.at, event: record.event };
}

/** Takes a letter into the batch; gives back how it is to be answered. */
function read(
  ports: DrivePorts,
  state: RunState,
  batch: Batch,
  { input, answer }: Letter,
): (() => void) | undefined {
  if (input === "walk") batch.whole = true;
  else if (input === "tick") for (const path of duePaths(state, batch.at)) batch.touched.add(path);
  else {
    const admission = admit(state, input);
    if (admission.ok) {
      for (const event of admission.events) take(ports, state, batch, event);
      batch.effects.push(...(admission.effects ?? []));
    }
    return answer && (() => answer(admission));
  }
  return undefined;
}

/** Decides and folds until nothing follows by itself. False when there is more than one batch should hold. */
function advance(ports: DrivePorts, state: RunState, batch: Batch): boolean {
  for (let folded = 0; folded < BATCH; ) {
    if (!batch.whole && batch.touched.size === 0) return true;
    const paths = batch.whole ? undefined : [...batch.touched];
    batch.whole = false;
    batch.touched.clear();
    const commands = decide({ program: ports.program, state, at: batch.at }, paths);
    for (const { event, effect } of commands) {
      take(ports, state, batch, event);
      if (effect) batch.effects.push(effect);
    }
    folded += commands.length;
  }
  return false;
}

function take(ports: DrivePorts, state: RunState, batch: Batch, event: RunEvent): void {
  const { at, events } = batch;
  evolve(state, { seq: ports.journal.seq + events.length + 1, at, event });
  events.push(event);
  if ("path" in event && event.path !== undefined) batch.touched.add(event.path);
  else batch.whole = true;
}

function emptyBatch(at: number): Batch {
  return { at, events: [], effects: [], touched: new Set(), whole: false };
}

function ending(): PromiseWithResolvers<RunState> {
  const end = Promise.withResolvers<RunState>();
  end.promise.catch(() => undefined);
  return end;
}

function notDriven(): Error {
  return new Error("The run is no longer driven here.");
}
