/**
 * What was promised to anybody in a simulated run, and whether it was kept: DESIGN promises 1 to 5.
 * Owns the questions; asks them of what is acknowledged, recovered and called. Knows no scheduler and no disk.
 */
import type { JournalRecord } from "../../src/engine/journal.ts";
import type { Answer } from "../../src/run/ask/breakpoint.ts";
import type { RunEvent } from "../../src/run/event.ts";
import { evolve, fold } from "../../src/run/evolve/evolve.ts";
import type { Signal } from "../../src/run/signal.ts";
import { isFinished, type RunState } from "../../src/run/state.ts";
import { stateText } from "../../src/run/stateHash.ts";

export type Kept = JournalRecord<RunEvent>;

/** One call of the world outside. */
export interface Call {
  readonly by: string;
  readonly path: string;
  readonly attempt: number;
  readonly token: string;
  readonly key: string;
  over: boolean;
}

export interface Ledger {
  /** What is known to be durable: acknowledged, or read by an owner. */
  readonly records: readonly Kept[];
  /** The fold of `records`; undefined before the first. */
  readonly state: RunState | undefined;
  readonly calls: readonly Call[];
  /** The first promise that was broken. */
  readonly broken: string | undefined;
  breach(what: string): void;
  acknowledged(by: string, records: readonly Kept[]): void;
  /** A new owner has read these. */
  recovered(by: string, records: readonly Kept[]): void;
  /** Somebody was told that his signal was taken. */
  admitted(signal: Signal): void;
  called(call: Call): void;
  /** An agent that asked was told this. */
  told(call: Call, answer: Answer): void;
  /** At the end: what is on the disk, and how its last owner saw the run. */
  closed(records: readonly Kept[]): void;
  /** Reported failures of the task so far. */
  failures(path: string): number;
}

type Outcome = Extract<RunEvent, { attempt: number; token: string }>["type"];

const OUTCOMES: ReadonlySet<string> = new Set<Outcome>([
  "attempt_completed",
  "attempt_failed",
  "attempt_lost",
]);

/** @param run the name of the run at present */
export function createLedger(run: () => string): Ledger {
  const records: Kept[] = [];
  const texts: string[] = [];
  const started = new Map<string, string>();
  const outcomes = new Set<string>();
  const done = new Set<string>();
  const failures = new Map<string, number>();
  const calls: Call[] = [];
  const counts = new Map<string, number>();
  const signalIds = new Set<string>();
  const signals = new Map<string, number>();
  let state: RunState | undefined;
  let fence = 0;
  let broken: string | undefined;

  const breach = (what: string): void => {
    broken ??= what;
  };

  const learn = (record: Kept): void => {
    const { seq, at, event } = record;
    if (seq !== records.length + 1) return breach(`record ${seq} follows record ${records.length}`);
    records.push(record);
    const text = JSON.stringify(event);
    texts.push(text);
    state = evolve(state, { seq, at, event: JSON.parse(text) });
    if (event.signal_id !== undefined) {
      if (signalIds.has(event.signal_id)) breach(`signal ${event.signal_id} was admitted twice`);
      signalIds.add(event.signal_id);
    }
    const name = nameOf(event);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (event.type === "task_closed" && event.status === "done") done.add(event.path);
    if (!("attempt" in event && "token" in event)) return;
    const attempt = `${event.path} #${event.attempt}`;
    if (event.type === "task_started") started.set(attempt, event.token);
    if (event.type === "attempt_failed")
      failures.set(event.path, (failures.get(event.path) ?? 0) + 1);
    if (!OUTCOMES.has(event.type)) return;
    if (outcomes.has(attempt)) breach(`${attempt} has two outcomes on record`);
    outcomes.add(attempt);
  };

  return {
    records,
    calls,
    breach,
    get state() {
      return state;
    },
    get broken() {
      return broken;
    },
    failures: (path) => failures.get(path) ?? 0,
    acknowledged: (by, told) => {
      for (const record of told) {
        if (record.fence < fence)
          breach(`${by} (owner ${record.fence}) was acknowledged after owner ${fence}`);
        fence = Math.max(fence, record.fence);
        learn(record);
      }
    },
    recovered: (by, found) => {
      compare(`${by} recovers`, found);
      for (const record of found.slice(records.length)) learn(record);
    },
    admitted: (signal) => {
      const name = nameOf(signal);
      signals.set(name, (signals.get(name) ?? 0) + 1);
    },
    called: (call) => {
      const { path, attempt, token, by, key } = call;
      const name = `${path} #${attempt}`;
      if (started.get(name) !== token) breach(`${name} was performed before it was on record`);
      if (outcomes.has(name)) breach(`${name} was performed after its outcome`);
      if (calls.some((other) => other.path === path && other.attempt === attempt))
        breach(`${name} was performed twice`);
      if (done.has(path)) breach(`${path} is done, and was performed again`);
      if (key !== `${run()}/${path}`) breach(`${name} has the key ${key}`);
      calls.push(call);
      const open = calls.filter((other) => other.path === path && !other.over);
      if (open.length > 2) breach(`${path} is under way ${open.length} times`);
      if (open.filter((other) => other.by === by).length > 1)
        breach(`${by} performs ${path} twice at once`);
    },
    told: ({ path, attempt }, answer) => {
      const opened = records.findLast(
        ({ event }) =>
          event.type === "breakpoint_opened" && event.path === path && event.attempt === attempt,
      );
      const given = records.some(
        ({ seq, event }) =>
          seq > (opened?.seq ?? Number.POSITIVE_INFINITY) &&
          event.type === "breakpoint_answered" &&
          event.path === path &&
          JSON.stringify(event.answer) === JSON.stringify(answer),
      );
      if (!given) breach(`${path} #${attempt} was told an answer that is not on record`);
    },
    closed: (found) => {
      compare("the disk", found);
      for (const record of found.slice(records.length)) learn(record);
      const folded = fold(found.map(({ seq, at, event }) => ({ seq, at, event })));
      if (!folded || !state || stateText(folded) !== stateText(state))
        breach("the fold of the journal is another state");
      for (const [name, count] of signals) {
        const kept = counts.get(name) ?? 0;
        if (kept < (name.startsWith("answer") ? 1 : count))
          breach(`${name}: taken ${count} times, on record ${kept} times`);
      }
    },
  };

  function compare(who: string, found: readonly Kept[]): void {
    for (const [index, text] of texts.entries()) {
      const record = found[index];
      if (!record) return breach(`${who} ${index} records; ${texts.length} were acknowledged`);
      if (JSON.stringify(record.event) !== text)
        return breach(`${who} record ${index + 1} other than it was acknowledged`);
    }
  }
}

/** A signal, and the event that it becomes, have one name. */
function nameOf(what: RunEvent | Signal): string {
  switch (what.type) {
    case "answer":
      return `answer to ${what.breakpoint}`;
    case "breakpoint_answered":
      return `answer to ${what.id}`;
    case "pause":
    case "run_paused":
      return "pause";
    case "resume":
    case "run_resumed":
      return "resume";
    case "retry":
    case "retry_requested":
      return "retry";
    case "cancel":
    case "kill":
    case "cancel_requested":
    case "kill_requested":
      return "end";
    case "signal":
    case "signal_received":
      return `signal ${what.name}`;
    default:
      return what.type;
  }
}

/** True once nothing more happens by itself. */
export function isOver(ledger: Ledger): boolean {
  return ledger.state !== undefined && isFinished(ledger.state);
}
