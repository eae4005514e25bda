/**
 * A journal in memory, for tests and for runs that need not outlive their process.
 * Owns nothing on disk: "durable" is a turn of the event loop later. Keeps the contract otherwise.
 */
import {
  type Journal,
  type JournalEvent,
  JournalFailure,
  type JournalRecord,
  type Typed,
} from "../engine/journal.ts";

export interface MemoryJournal<E extends Typed> extends Journal<E> {
  /** What was acknowledged, as it would be read back: copies, not the events that were given. */
  readonly records: readonly JournalRecord<E>[];
  /** Makes the next write fail, as a disk would. */
  failNext(reason: string): void;
}

/** @param start.records what is there already; @param start.fence 1 when left out */
export function createMemoryJournal<E extends Typed = JournalEvent>(
  start: { readonly records?: readonly JournalRecord<E>[]; readonly fence?: number } = {},
): MemoryJournal<E> {
  const fence = start.fence ?? 1;
  const records = [...(start.records ?? [])];
  let failure: JournalFailure | undefined;
  let next: string | undefined;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  async function write(copies: readonly E[], events: readonly E[], at: number) {
    if (next !== undefined) {
      failure ??= new JournalFailure("write_failed", `The journal could not be written: ${next}.`);
    }
    if (failure) throw failure;
    const first = records.length + 1;
    records.push(...copies.map((event, index) => ({ seq: first + index, fence, at, event })));
    return events.map((event, index) => ({ seq: first + index, fence, at, event }));
  }

  return {
    records,
    get seq() {
      return records.length;
    },
    get failure() {
      return failure;
    },
    failNext: (reason) => {
      next = reason;
    },
    append: async (events, at) => {
      if (failure) throw failure;
      if (closed) throw new JournalFailure("closed", "The journal is closed.");
      const copies = events.map((event): E => JSON.parse(JSON.stringify(event)));
      const written = last.then(() => write(copies, events, at));
      last = written.catch(() => {});
      return written;
    },
    close: async () => {
      closed = true;
      await last;
    },
  };
}
