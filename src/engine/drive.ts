/**
 * The loop that advances a run, and the only thing that does.
 * Owns the order of things: admit, fold, decide, make durable, tell, act. Knows no disk, no clock and no vendor:
 * all come in as ports. Runs unchanged in any engine.
 */
import { admit, type Admission } from "../run/admit.ts";
import type { Command } from "../run/command.ts";
import { decide, duePaths, nextDue } from "../run/decide/decide.ts";
import type { Recorded, RunEvent } from "../run/event.ts";
import { evolve } from "../run/evolve/evolve.ts";
import type { Program } from "../run/program.ts";
import type { Outcome, Signal } from "../run/signal.ts";
import { isFinished, type RunState } from "../run/state.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import type { Performer } from "./performer.ts";

/** Steps without an outside effect that are folded before a batch is made durable. */
const BATCH = 200;

export interface Alarm {
  /** Calls back once the clock reaches `due` (ms); one at a time, a later call replaces the earlier. Undefined: never. */
  set(due: number | undefined, ring: () => void): void;
}

export interface DrivePorts {
  readonly program: Program;
  readonly journal: Journal<RunEvent>;
  readonly performer: Performer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly alarm: Alarm;
  /** Told of records once they are durable, and of the state after them. */
  readonly publish: (records: readonly JournalRecord<RunEvent>[], state: RunState) => void;
}

export interface Drive {
  /** The state as of the last batch. Only whole, durable batches are seen between calls. */
  readonly state: RunState;
  /** Hands in an outcome or signal; resolves once it is durable, or says why it was refused. */
  post(input: Signal | Outcome): Promise<Admission>;
  /** Resolves when the run is finished, or has been stopped. Rejects when the journal failed. */
  readonly finished: Promise<RunState>;
  /** Stops driving after the batch under way; the run stays as it is. */
  stop(): Promise<void>;
}

interface Letter {
  readonly input: Signal | Outcome | "tick" | "walk";
  readonly answer?: (admission: Admission) => void;
  readonly refuse?: (error: unknown) => void;
}

/** Drives a run on from `state`, which must be the fold of what the journal holds. */
export function drive(ports: DrivePorts, state: RunState): Drive {
  const mailbox: Letter[] = [];
  const end = Promise.withResolvers<RunState>();
  end.promise.catch(() => undefined);
  let loop: Promise<void> | undefined;
  let stopped = false;

  const post = (letter: Letter): void => {
    mailbox.push(letter);
    wake();
  };

  const wake = (): void => {
    if (loop || stopped || mailbox.length === 0) return;
    loop = run().finally(() => {
      loop = undefined;
      wake();
    });
  };

  async function run(): Promise<void> {
    try {
      await Promise.resolve();
      while (mailbox.length > 0 && !stopped) await batch(mailbox.splice(0));
      if (!stopped) ports.alarm.set(nextDue(state), () => post({ input: "tick" }));
      if (isFinished(state)) end.resolve(state);
    } catch (error) {
      stopped = true;
      for (const letter of mailbox.splice(0)) letter.refuse?.(error);
      end.reject(error);
    }
  }

  async function batch(letters: readonly Letter[]): Promise<void> {
    const at = ports.now();
    const events: RunEvent[] = [];
    const done: Command[] = [];
    const answers: (() => void)[] = [];
    const touched = new Set<string>();
    let whole = false;
    const take = (event: RunEvent): void => {
      evolve(state, { seq: ports.journal.seq + events.length + 1, at, event });
      events.push(event);
      if ("path" in event && event.path !== undefined) touched.add(event.path);
      else whole = true;
    };
    for (const { input, answer } of letters) {
      if (input === "tick") for (const path of duePaths(state, at)) touched.add(path);
      else if (input === "walk") whole = true;
      else {
        const admission = admit(state, input);
        if (admission.ok) admission.events.forEach(take);
        if (answer) answers.push(() => answer(admission));
      }
    }
    advance(at, take, done, touched, () => {
      const all = whole;
      whole = false;
      return all;
    });
    try {
      if (events.length > 0) {
        const records = await ports.journal.append(events, at);
        ports.publish(records, state);
      }
    } catch (error) {
      for (const letter of letters) letter.refuse?.(error);
      throw error;
    }
    for (const told of answers) told();
    for (const { effect } of done) if (effect && !stopped) ports.performer.perform(effect, report);
  }

  function advance(
    at: number,
    take: (event: RunEvent) => void,
    done: Command[],
    touched: Set<string>,
    whole: () => boolean,
  ): void {
    for (let folded = 0; folded < BATCH; ) {
      const all = whole();
      if (!all && touched.size === 0) return;
      const paths = all ? undefined : [...touched];
      touched.clear();
      const commands = decide({ program: ports.program, state, at }, paths);
      if (commands.length === 0) return;
      for (const command of commands) {
        take(command.event);
        done.push(command);
      }
      folded += commands.length;
    }
    post({ input: "walk" });
  }

  const report = (outcome: Outcome): void => post({ input: outcome });

  post({ input: "walk" });
  return {
    get state() {
      return state;
    },
    post: (input) =>
      new Promise((answer, refuse) => {
        if (stopped) refuse(new Error("The run is no longer driven here."));
        else post({ input, answer, refuse });
      }),
    finished: end.promise,
    stop: async () => {
      stopped = true;
      ports.alarm.set(undefined, () => undefined);
      await loop;
      end.resolve(state);
    },
  };
}

/** A journal's record as the fold takes it. */
export function recordedOf(record: JournalRecord<RunEvent>): Recorded {
  return { seq: record.seq, at: record.at, event: record.event };
}
