/**
 * A run that is driven over the memory journal, with everything it does written down in the order it was done:
 * what was handed to the disk, what came back, what watchers were told, what was performed.
 */
import { setImmediate as turn } from "node:timers/promises";
import { type Alarm, type Drive, drive } from "../../src/engine/drive.ts";
import type { Journal } from "../../src/engine/journal.ts";
import { createMemoryJournal, type MemoryJournal } from "../../src/journal/memory.ts";
import type { Effect } from "../../src/run/command.ts";
import type { Recorded, RunEvent } from "../../src/run/event.ts";
import { fold } from "../../src/run/evolve/evolve.ts";
import type { ActivityOutcome } from "../../src/run/request.ts";
import type { Outcome } from "../../src/run/signal.ts";
import { createProgram } from "../../src/run/start/program.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { begin, bundleOf } from "../run/simulate.ts";

export type Perform = Extract<Effect, { type: "perform" }>;

export interface Driven {
  readonly drive: Drive;
  /** `append 3`, `durable 3`, `publish 3`, `perform path #1`, `stop path #1`, `alarm 5000`, `alarm -`. */
  readonly log: string[];
  readonly journal: MemoryJournal<RunEvent>;
  /** Attempts that were performed and have not reported, by path. */
  readonly open: Map<string, { readonly effect: Perform; report(outcome: ActivityOutcome): void }>;
  /** Milliseconds since the run began. */
  clock: { now: number };
  /** Rings the alarm, if one is set and its time has come. */
  ring(): void;
  /** Holds writes back, or lets them go on. */
  disk: { held: boolean; release(): void };
  /** Resolves when nothing more happens by itself. */
  quiet(): Promise<void>;
}

export interface DrivenOptions {
  /** What the drive waits for before it makes a batch. */
  readonly gather?: () => Promise<void>;
  /** What an attempt comes to at once; without it, nothing until the test reports. */
  readonly outcome?: (effect: Perform) => ActivityOutcome | undefined;
  /** Another alarm than the one that `ring` rings. */
  readonly alarm?: (now: () => number) => Alarm;
  /** What the journal holds already. */
  readonly records?: readonly Recorded[];
}

/** Drives a run of the workflow with these keys. */
export function driven(keys: JsonObject, options: DrivenOptions = {}): Driven {
  const program = createProgram();
  const first = begin(
    program,
    bundleOf(JSON.stringify({ name: "test", version: "1.0.0", ...keys })),
  );
  const records = options.records ?? [first];
  const state = fold(structuredClone(records));
  if (!state) throw new Error("no records");
  const log: string[] = [];
  const journal = createMemoryJournal<RunEvent>({
    records: records.map((recorded) => ({ ...recorded, fence: 1 })),
  });
  const disk = heldDisk();
  const open: Driven["open"] = new Map();
  const clock = { now: 0 };
  let alarm: { readonly due: number; readonly ring: () => void } | undefined;
  let changes = 0;
  const note = (line: string): void => {
    changes += 1;
    log.push(line);
  };
  const driving = drive(
    {
      program,
      journal: watched(journal, disk, note),
      performer: {
        perform: (effect, report) => {
          note(`${effect.type} ${effect.path} #${effect.attempt}`);
          if (effect.type !== "perform") return;
          const send = (outcome: ActivityOutcome): void => {
            open.delete(effect.path);
            report(outcomeOf(effect, outcome));
          };
          const atOnce = options.outcome?.(effect);
          open.set(effect.path, { effect, report: send });
          if (atOnce) send(atOnce);
        },
        dispose: () => Promise.resolve(),
      },
      now: () => first.at + clock.now,
      ...(options.gather ? { gather: options.gather } : {}),
      alarm: options.alarm?.(() => first.at + clock.now) ?? {
        set: (due, ring) => {
          alarm = due === undefined ? undefined : { due, ring };
          note(`alarm ${due === undefined ? "-" : due - first.at}`);
        },
      },
      publish: (published) => note(`publish ${published.length}`),
    },
    state,
  );
  return {
    drive: driving,
    log,
    journal,
    open,
    clock,
    disk,
    ring: () => {
      const due = alarm;
      if (!due || due.due > first.at + clock.now) return;
      alarm = undefined;
      due.ring();
    },
    quiet: async () => {
      for (let before = -1; before !== changes; ) {
        before = changes;
        await turn();
        await turn();
      }
    },
  };
}

/** What was done, without the alarm. */
export function deeds(log: readonly string[]): readonly string[] {
  return log.filter((line) => !line.startsWith("alarm"));
}

function outcomeOf({ path, attempt, token }: Perform, outcome: ActivityOutcome): Outcome {
  return { type: "outcome", path, attempt, token, outcome };
}

function heldDisk(): Driven["disk"] & { readonly free: () => Promise<void> } {
  let waiting: (() => void)[] = [];
  const disk = {
    held: false,
    release: () => {
      disk.held = false;
      for (const go of waiting.splice(0)) go();
      waiting = [];
    },
    free: () => (disk.held ? new Promise<void>((go) => waiting.push(go)) : Promise.resolve()),
  };
  return disk;
}

/** Durable a turn of the event loop after it was handed over, and not while the disk is held. */
function watched(
  journal: MemoryJournal<RunEvent>,
  disk: { readonly free: () => Promise<void> },
  note: (line: string) => void,
): Journal<RunEvent> {
  return {
    get seq() {
      return journal.seq;
    },
    get failure() {
      return journal.failure;
    },
    append: async (events, at) => {
      note(`append ${events.length}`);
      await disk.free();
      await turn();
      const records = await journal.append(events, at);
      note(`durable ${records.length}`);
      return records;
    },
    close: () => journal.close(),
  };
}
