/**
 * The port behind which every outside effect stands: one attempt of one task.
 * An activity makes one try and reports; it never retries (DESIGN promise 9) and never touches a journal.
 */
import type { PermissionAnswer, PermissionForm } from "../run/ask/breakpoint.ts";
import type { ActivityOutcome, ActivityRequest } from "../run/request.ts";

/** Who asks: enough to address, deduplicate and log one attempt. */
export interface AttemptId {
  readonly run: string;
  readonly path: string;
  /** From 1. */
  readonly attempt: number;
  /** Refuses late and duplicate outcomes; new with every attempt. */
  readonly token: string;
  /** `run/path`: the same for every attempt of a task; the idempotency key given to the outside. */
  readonly key: string;
}

/** A line for the person who watches and for the transcript; not an event. `data` must be JSON. */
export interface OutputLine {
  readonly kind: "text" | "stdout" | "stderr" | "tool_call" | "tool_result" | "thought" | "note";
  readonly text: string;
}

/** A line that was said at `at`, in ms since the epoch. */
export interface SaidLine extends OutputLine {
  readonly at: number;
}

/** What an attempt asks of a person. */
export type Question = Omit<PermissionForm, "kind">;

/** `none`: nobody will answer, because the attempt ends, the question was taken back, or nobody may be asked. */
export type Reply = PermissionAnswer | { readonly kind: "none"; readonly reason: string };

export interface ActivityContext {
  readonly attempt: AttemptId;
  /** Aborted on cancel, kill and time-out: stop politely, then for good, then settle. */
  readonly signal: AbortSignal;
  /** Absolute path of the workspace's root. */
  readonly workspace: string;
  /** Appends to the attempt's transcript. */
  readonly output: (line: OutputLine) => void;
  /** One short present-tense line on what happens now ("reading src/store.ts"). */
  readonly progress: (text: string) => void;
  /**
   * Asks a person, who may take as long as they want: no time of the attempt runs meanwhile. Settles when the attempt
   * is stopped, too; `withdraw` takes the question back. Never rejects.
   */
  readonly ask: (question: Question, withdraw?: AbortSignal) => Promise<Reply>;
  /** File in which a guarded child process is recorded, so that recovery can prove it gone. Folder exists. */
  readonly guardRecord: string;
  /** File in which an attempt may keep what its recovery needs to know, such as a session's name. Folder exists. */
  readonly memo: string;
  /** File in which an attempt that is watched may keep how its workspace was before it. Folder exists. */
  readonly before: string;
  /** True for a text that no file may keep: it holds the value of a secret. Absent: none is known. */
  readonly holdsSecret?: (text: string) => boolean;
  /** Present when the attempt began under a host that died: what it said there, oldest first. */
  readonly earlier?: readonly SaidLine[];
}

/** Performs one attempt. Resolves for every failure of the domain; rejects only on our own faults. */
export type Activity<R extends ActivityRequest = ActivityRequest> = (
  request: R,
  context: ActivityContext,
) => Promise<ActivityOutcome>;
