/**
 * The words for the state of a run and of a task: the same on every surface, and no others.
 * Owns the words and when each is said; knows no icon and no colour.
 */
import type { Doing } from "../run/doing.ts";
import type { TaskRecord } from "../run/history/taskRecord.ts";
import { isFinished, type RunState } from "../run/state.ts";

/** What icons, colours and filters go by. `asking`: waits for a person; `waiting`: for anything else. */
export type Status =
  | "queued"
  | "running"
  | "asking"
  | "waiting"
  | "paused"
  | "retrying"
  | "done"
  | "skipped"
  | "rejected"
  | "failed"
  | "cancelled"
  | "interrupted";

export interface StatusWord {
  readonly status: Status;
  readonly word: string;
}

/** `driven`: some process drives the run now; otherwise what was executing is interrupted. */
export interface Driven {
  readonly driven: boolean;
}

const WORDS: Readonly<Record<Status, string>> = {
  queued: "Queued",
  running: "Running",
  asking: "Waiting for you",
  waiting: "Waiting",
  paused: "Paused",
  retrying: "Retrying",
  done: "Done",
  skipped: "Skipped",
  rejected: "Rejected",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
};

/** A status with its plain word. */
export function wordOf(status: Status): StatusWord {
  return { status, word: WORDS[status] };
}

/** A task's own word. For a container that is at work it is what holds when nothing inside says more. */
export function taskWord(state: RunState, record: TaskRecord, { driven }: Driven): StatusWord {
  switch (record.status) {
    case "running":
      return wordOf(driven ? "running" : "interrupted");
    case "queued":
      return wordOf(driven ? "queued" : "interrupted");
    case "retrying":
      return driven ? retrying(state, record) : wordOf("interrupted");
    case "asking":
      return wordOf("asking");
    case "waiting":
      return waiting(state, record);
    case "open":
      return atWork(state, { driven });
    case "done":
      return wordOf(record.failure ? "failed" : "done");
    default:
      return wordOf(record.status);
  }
}

/** The word for what has begun and has nothing executing in it at this moment. */
export function atWork(state: RunState, { driven }: Driven): StatusWord {
  if (isFinished(state)) return wordOf("cancelled");
  if (state.status === "paused") return wordOf("paused");
  return wordOf(driven ? "running" : "interrupted");
}

/** What several things at work come to, the one that a person must know of first; undefined when none is. */
export function foremost(words: Iterable<StatusWord>): StatusWord | undefined {
  let first: StatusWord | undefined;
  let rank = AT_WORK.length;
  for (const word of words) {
    const at = AT_WORK.indexOf(word.status);
    if (at < 0 || at >= rank) continue;
    first = word;
    rank = at;
  }
  return first && { status: first.status, word: first.word };
}

/** What a list of runs knows of each: enough for its word without its journal. */
export interface RunFacts {
  readonly status: RunState["status"];
  /** Open breakpoints. */
  readonly waiting: number;
  readonly doing: Doing;
  readonly driven: boolean;
}

/** A run's word on every surface, from the few facts that a list keeps. */
export function runWord({ status, waiting: asked, doing, driven }: RunFacts): StatusWord {
  switch (status) {
    case "done":
    case "failed":
    case "rejected":
    case "cancelled":
    case "paused":
      return wordOf(status);
    case "cancelling":
      return wordOf(driven ? "running" : "interrupted");
    case "running":
      if (asked > 0) return wordOf("asking");
      // As with a question: it is somebody outside whom it waits for, driven or not.
      if (doing === "signal") return waitingFor("signal");
      return driven ? atWorkOn(doing) : wordOf("interrupted");
  }
}

/**
 * A run's word as programs read it (`--json`) and questions ask for it (`status:`): `waiting` is for a person, a signal or
 * a time.
 */
export function runStatusName(facts: RunFacts): string {
  const { status } = runWord(facts);
  if (status === "asking") return "waiting";
  return status === "retrying" ? "running" : status;
}

/** True for a status that nothing follows unless a person retries. */
export function isOver(status: Status): boolean {
  return ENDED.has(status);
}

const AT_WORK: readonly Status[] = [
  "asking",
  "running",
  "retrying",
  "waiting",
  "interrupted",
  "paused",
];

const ENDED: ReadonlySet<Status> = new Set(["done", "skipped", "rejected", "failed", "cancelled"]);

function retrying(state: RunState, record: TaskRecord): StatusWord {
  const most = state.open.get(record.path)?.step.retry?.max_attempts;
  const next = record.attempts + 1;
  const of = most === undefined || most < next ? "" : ` of ${most}`;
  return { status: "retrying", word: `${WORDS.retrying} (attempt ${next}${of})` };
}

function waiting(state: RunState, record: TaskRecord): StatusWord {
  const now = state.open.get(record.path)?.state;
  return waitingFor(now?.is === "waiting" && now.signal !== undefined ? "signal" : "timer");
}

function waitingFor(what: "signal" | "timer"): StatusWord {
  return { status: "waiting", word: `${WORDS.waiting} (${what})` };
}

function atWorkOn(doing: Exclude<Doing, "signal">): StatusWord {
  if (doing === "timer") return waitingFor(doing);
  return wordOf(doing === "retrying" ? "retrying" : "running");
}
