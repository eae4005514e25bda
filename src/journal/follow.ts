/**
 * Reads a run that another process drives, as its records become durable.
 * Owns catching up and starting afresh; never writes, and knows nothing of owners but their fences in the journal.
 */
import {
  type JournalEvent,
  JournalFailure,
  type JournalRecord,
  type Typed,
} from "../engine/journal.ts";
import { type BlobStore, createBlobStore } from "./blobs.ts";
import { type Disk, errorCode } from "./disk.ts";
import { watchChanges } from "./machine/changes.ts";
import type { Clock } from "./machine/clock.ts";
import { createScanner, inflateRecords, readJournal, type Scanner } from "./read.ts";
import { runPaths } from "./runFolder.ts";

export interface Followed<E extends Typed> {
  readonly records: readonly JournalRecord<E>[];
  /** These are all records from the first on: what was told before may have been void. */
  readonly restart: boolean;
}

export interface FollowPlace {
  readonly disk: Disk;
  /** The run's folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Between two looks when the system says nothing; 1000 when left out. */
  readonly pollMs?: number;
}

export interface RunReading<E extends Typed> {
  readonly records: readonly JournalRecord<E>[];
  /** Bytes of a write that was cut short, or is under way. */
  readonly tornBytes: number;
}

/**
 * Reads what a run's journal holds now, without following it. Empty when there is none.
 * @throws JournalFailure `damaged` or `newer_format`
 */
export async function readRun<E extends Typed = JournalEvent>(
  disk: Disk,
  folder: string,
): Promise<RunReading<E>> {
  const { journal, blobs } = runPaths(folder);
  const reading = await readJournal(disk, journal, createBlobStore(disk, blobs, "reader"));
  return { records: typed(reading.records), tornBytes: reading.tornBytes };
}

/** What stands before the damage of a run's journal, and what the damage is. */
export interface Salvage<E extends Typed> {
  readonly records: readonly JournalRecord<E>[];
  /** Absent when all of it can be read. */
  readonly damage?: JournalFailure;
}

/**
 * Reads as much of a run's journal as can be trusted: for looking at it, never for going on.
 * @throws JournalFailure `newer_format`; the disk's errors
 */
export async function salvageRun<E extends Typed = JournalEvent>(
  disk: Disk,
  folder: string,
): Promise<Salvage<E>> {
  const { journal, blobs } = runPaths(folder);
  const store = createBlobStore(disk, blobs, "reader");
  let damage: JournalFailure | undefined;
  for (;;) {
    try {
      const { records } = await readJournal(disk, journal, store, damage?.offset);
      return { records: typed(records), ...(damage ? { damage } : {}) };
    } catch (error) {
      if (!(error instanceof JournalFailure) || error.offset === undefined) throw error;
      // What is before a damage may be damaged in turn: a value that is not there.
      if (damage?.offset !== undefined && error.offset >= damage.offset) throw error;
      damage = error;
    }
  }
}

/**
 * Gives the records that are there, then those that come, in order and only once they are on disk.
 * @throws JournalFailure `damaged` or `newer_format`
 */
export async function* followJournal<E extends Typed = JournalEvent>(
  place: FollowPlace,
): AsyncGenerator<Followed<E>, void, undefined> {
  const { disk, folder, clock, signal, pollMs = DEFAULT_POLL_MS } = place;
  const { journal, blobs } = runPaths(folder);
  const store = createBlobStore(disk, blobs, "reader");
  const changes = watchChanges(disk, journal, clock);
  const stop = () => void changes.dispose();
  signal.addEventListener("abort", stop);
  try {
    let tail = newTail(journal);
    for (;;) {
      if (signal.aborted) return;
      const step = await readOn(disk, tail, store);
      if (step.replaced) changes.renew();
      tail = step.tail;
      if (step.records.length > 0 || step.restart) {
        yield { records: typed(step.records), restart: step.restart };
        // A busy writer syncs a thousand times a second: nobody watches that fast, and its disk is the same as ours.
        await clock.wait(REST_MS, { signal });
      }
      if (!signal.aborted) await changes.next(pollMs);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

const DEFAULT_POLL_MS = 1000;
const REST_MS = 20;
/** So much of what was read last is compared at the next look: a file cut back and grown again shows there. */
const OVERLAP = 256;

interface Tail {
  readonly path: string;
  readonly scanner: Scanner;
  /** Whole lines up to this byte were read. */
  readonly offset: number;
  /** The bytes before `offset`. */
  readonly last: Buffer;
  readonly published: number;
  readonly voided: number;
}

interface Step {
  readonly tail: Tail;
  readonly records: readonly JournalRecord[];
  readonly restart: boolean;
  /** The file was not there, or is another one. */
  readonly replaced: boolean;
}

function newTail(path: string): Tail {
  const scanner = createScanner(path);
  return { path, scanner, offset: 0, last: Buffer.alloc(0), published: 0, voided: 0 };
}

async function readOn(disk: Disk, tail: Tail, store: BlobStore): Promise<Step> {
  const { path, scanner, offset, last } = tail;
  const size = (await disk.stat(path))?.size;
  if (size === undefined) return { tail, records: [], restart: false, replaced: true };
  if (size === offset) return { tail, records: [], restart: false, replaced: false };
  const bytes = size > offset ? await readIfThere(disk, path, offset - last.length) : undefined;
  if (!bytes?.subarray(0, last.length).equals(last)) return startAgain(disk, tail, store);
  // What the writer has not synced yet, this does: nothing is told that a power cut could take back.
  await disk.syncFile(path).catch(ignoreRefusal);
  const fresh = bytes.subarray(last.length);
  const taken = scanner.scan(fresh, offset);
  const { records } = scanner.reading(offset + taken);
  const restart = scanner.voided !== tail.voided;
  const from = restart ? 0 : tail.published;
  await inflateRecords(scanner, records, path, store);
  const end = last.length + taken;
  return {
    tail: {
      ...tail,
      offset: offset + taken,
      last: Buffer.from(bytes.subarray(Math.max(0, end - OVERLAP), end)),
      published: records.length,
      voided: scanner.voided,
    },
    records: records.slice(from),
    restart,
    replaced: false,
  };
}

async function readIfThere(disk: Disk, path: string, from: number): Promise<Buffer | undefined> {
  try {
    return await disk.read(path, from);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function startAgain(disk: Disk, tail: Tail, store: BlobStore): Promise<Step> {
  const step = await readOn(disk, newTail(tail.path), store);
  return { ...step, restart: tail.published > 0, replaced: true };
}

/** A folder that may only be read cannot be synced either; the writer does. Other failures are the disk's. */
function ignoreRefusal(error: unknown): void {
  const code = errorCode(error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOENT") return;
  throw new JournalFailure("write_failed", `The journal cannot be synced (${code ?? error}).`, {
    cause: error,
  });
}

/** The records were checked by their seals; what their events mean is the run's matter. */
function typed<E extends Typed>(records: readonly JournalRecord[]): readonly JournalRecord<E>[] {
  return records as unknown as readonly JournalRecord<E>[];
}
