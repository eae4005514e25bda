/**
 * The port of the durable, ordered events of one run.
 * Owns the promise every journal keeps (acknowledged = recovered); knows no disk, no event of a run.
 */
import type { JsonObject } from "../util/json.ts";

/** Anything with a `type` that JSON can hold. A run's own union of events is narrower. */
export type JournalEvent = JsonObject & { readonly type: string };

/** What a journal asks of its events: interfaces fit, without an index signature. They must be plain JSON. */
export interface Typed {
  readonly type: string;
}

export interface JournalRecord<E extends Typed = JournalEvent> {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Which owner wrote it: 1, 2, ... */
  readonly fence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: E;
}

export interface Journal<E extends Typed = JournalEvent> {
  /** The last durable record's number; 0 when there is none. */
  readonly seq: number;
  /** Why the journal is read-only for good; undefined while it can be written. */
  readonly failure: JournalFailure | undefined;
  /**
   * Appends the events in order, all at time `at` (ms). Resolves once all of them are durable. Calls made while a
   * write is under way share the next one.
   * @throws JournalFailure; from then on every append rejects, and none of the rejected events was acknowledged.
   */
  append(events: readonly E[], at: number): Promise<readonly JournalRecord<E>[]>;
  /** Waits for what was appended, then lets go of the file. Never rejects. */
  close(): Promise<void>;
}

/**
 * - `write_failed`: the disk refused a write or a sync
 * - `fenced`: another process owns the run now
 * - `closed`: appended after close
 * - `damaged`: a durable record cannot be read; `offset` says where
 * - `newer_format`: written by a newer version; left untouched
 */
export type JournalFailureCode = "write_failed" | "fenced" | "closed" | "damaged" | "newer_format";

/** Why a journal cannot be written or read. */
export class JournalFailure extends Error {
  readonly code: JournalFailureCode;
  /** Byte offset of the damage, when that is what is wrong. */
  readonly offset: number | undefined;

  constructor(
    code: JournalFailureCode,
    message: string,
    more: { readonly offset?: number; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = "JournalFailure";
    this.code = code;
    this.offset = more.offset;
  }
}
