/**
 * Reads the lines of a journal in one pass and says what counts: records in order, each by the owner of its time.
 * Owns the rules of torn tails, damage and changes of owner; must not know how anything is written or who owns.
 */
import path from "node:path";
import { JournalFailure, type JournalRecord } from "../engine/journal.ts";
import { type BlobStore, inflate } from "./blobs.ts";
import type { Disk } from "./disk.ts";
import { type Adoption, type Header, parseLine } from "./record.ts";
import { isRunId } from "./runFolder.ts";

export interface Reading<R> {
  /** Undefined when not even the first line is whole: nothing was ever acknowledged. */
  readonly header: Header | undefined;
  readonly records: R[];
  /** The owner whose records count from here on. */
  readonly fence: number;
  /** Where the next owner goes on: the end of the last line that counts. */
  readonly end: number;
  /** Up to here a later line proves that it was durable. */
  readonly proven: number;
  /** Bytes behind `end` that never became a record: a write that was cut short. */
  readonly tornBytes: number;
}

/** Feeds on a journal's bytes as they appear. `scan` throws JournalFailure: `damaged` or `newer_format`. */
export interface Scanner {
  /** Takes the bytes that stand at offset `base` of the file; returns how many of them were whole lines. */
  scan(bytes: Buffer, base: number): number;
  /** What counts so far, in a file of `size` bytes. The list of records is the scanner's own and grows. */
  reading(size: number): Reading<JournalRecord>;
  /** The records that name blobs and were not asked for yet, by index, with their offsets. */
  takeBlobbed(): readonly { readonly index: number; readonly offset: number }[];
  /** Counts adoptions that made records void that had counted: whoever showed them starts afresh. */
  readonly voided: number;
}

/**
 * Reads a whole journal, or what ends before its byte `until`. A missing file reads as an empty one.
 * @throws JournalFailure `damaged` or `newer_format`
 */
export async function readJournal(
  disk: Disk,
  path: string,
  blobs: BlobStore,
  until?: number,
): Promise<Reading<JournalRecord>> {
  const whole = (await disk.stat(path)) ? await disk.read(path) : Buffer.alloc(0);
  const bytes = whole.subarray(0, until);
  const scanner = createScanner(path);
  scanner.scan(bytes, 0);
  const reading = scanner.reading(bytes.length);
  await inflateRecords(scanner, reading.records, path, blobs);
  return reading;
}

/** Puts the blobs back into the records just scanned. @throws JournalFailure `damaged` when one is not there. */
export async function inflateRecords(
  scanner: Scanner,
  records: JournalRecord[],
  path: string,
  blobs: BlobStore,
): Promise<void> {
  for (const { index, offset } of scanner.takeBlobbed()) {
    const record = records[index];
    if (!record) continue;
    try {
      records[index] = { ...record, event: await inflate(record.event, blobs) };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw damaged(
        path,
        offset,
        `record ${record.seq} names a value that cannot be read (${why})`,
        cause,
      );
    }
  }
}

export function createScanner(path: string): Scanner {
  return new LineScanner(path);
}

const NEWLINE = 10;
const BLOB_MARK = '$blob":';

class LineScanner implements Scanner {
  voided = 0;
  readonly #path: string;
  readonly #records: JournalRecord[] = [];
  /** Offset of each record's line. */
  readonly #starts: number[] = [];
  /** Where each record's line ends; the write that follows may begin with a newline of its own. */
  readonly #ends: number[] = [];
  #blobbed: number[] = [];
  #header: Header | undefined;
  #fence = 0;
  #end = 0;
  /** So many records were durable when a later one was written. */
  #synced = 0;
  /** Offset of the first line that could not be read since the last one that counts. */
  #broken: number | undefined;
  /** Set once records are missing: only a later owner's adoption makes anything count again. */
  #gap = false;

  constructor(path: string) {
    this.#path = path;
  }

  scan(bytes: Buffer, base: number): number {
    let start = 0;
    let mark = bytes.indexOf(BLOB_MARK);
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) return start;
      if (mark >= 0 && mark < start) mark = bytes.indexOf(BLOB_MARK, start);
      if (end > start) this.#line(bytes, start, end, base, mark >= 0 && mark < end);
      else this.#skip(base + end + 1);
      start = end + 1;
    }
  }

  reading(size: number): Reading<JournalRecord> {
    return {
      header: this.#header,
      records: this.#records,
      fence: this.#fence,
      end: this.#end,
      proven: this.#ends[this.#synced - 1] ?? 0,
      tornBytes: size - this.#end,
    };
  }

  takeBlobbed() {
    return this.#blobbed.splice(0).map((index) => ({ index, offset: this.#starts[index] ?? 0 }));
  }

  #line(bytes: Buffer, start: number, end: number, base: number, marked: boolean): void {
    const line = parseLine(bytes, start, end);
    const offset = base + start;
    const next = base + end + 1;
    switch (line.kind) {
      case "record":
        return this.#record(line.record, line.synced, offset, next, marked);
      case "header":
        return this.#start(line.header, offset, next);
      case "adopt":
        return this.#adopt(line.adoption, next);
      case "broken":
        this.#broken ??= offset;
        return;
      case "newer":
        throw new JournalFailure(
          "newer_format",
          `${this.#path} has format ${line.format}, which is newer than this version of Fermata reads. ` +
            "It was left untouched; open it with the version that wrote it.",
        );
    }
  }

  #record(
    record: JournalRecord,
    synced: number,
    offset: number,
    next: number,
    marked: boolean,
  ): void {
    if (this.#header && record.fence < this.#fence) return this.#skip(next);
    const expected = this.#records.length + 1;
    // Before it came to anything, the file lost what this record stands on: both are of one torn write.
    if ((!this.#header || this.#gap || record.seq > expected) && synced < expected) {
      this.#broken ??= offset;
      this.#gap = true;
      return;
    }
    if (!this.#header || record.seq > expected || this.#gap) {
      throw damaged(
        this.#path,
        this.#broken ?? offset,
        `record ${expected} was durable and cannot be read`,
      );
    }
    if (record.fence > this.#fence || record.seq < expected) {
      throw damaged(
        this.#path,
        this.#broken ?? offset,
        `record ${record.seq} does not follow what is before it`,
      );
    }
    this.#records.push(record);
    this.#starts.push(offset);
    this.#ends.push(next);
    this.#synced = Math.max(this.#synced, synced);
    if (marked) this.#blobbed.push(expected - 1);
    this.#count(next);
  }

  /** A line that counts: what could not be read before it was nobody's. */
  #count(next: number): void {
    this.#end = next;
    this.#broken = undefined;
  }

  /** A line that is void proves nothing about a broken one before it. */
  #skip(next: number): void {
    if (this.#broken === undefined) this.#end = next;
  }

  #start(header: Header, offset: number, next: number): void {
    if (this.#header) return this.#skip(next);
    const folder = path.basename(path.dirname(this.#path));
    if (isRunId(folder) && header.run !== folder) {
      throw damaged(this.#path, offset, `it is the journal of another run, ${header.run}`);
    }
    this.#header = header;
    this.#fence = header.fence;
    this.#gap = false;
    this.#count(next);
  }

  #adopt(adoption: Adoption, next: number): void {
    if (adoption.fence <= this.#fence) return this.#skip(next);
    let kept = this.#records.length;
    while (kept > 0 && (this.#starts[kept - 1] ?? 0) >= adoption.after) kept -= 1;
    if (kept < this.#records.length) {
      this.#records.length = kept;
      this.#starts.length = kept;
      this.#ends.length = kept;
      this.#synced = Math.min(this.#synced, kept);
      this.#blobbed = this.#blobbed.filter((index) => index < kept);
      this.voided += 1;
    }
    this.#fence = adoption.fence;
    this.#gap = false;
    this.#count(next);
  }
}

function damaged(path: string, offset: number, what: string, cause?: unknown): JournalFailure {
  return new JournalFailure(
    "damaged",
    `${path} is damaged at byte ${offset}: ${what}. Only this run is stopped, and the file was left as it is. ` +
      "Put it back from a copy or an archive, or export what can be read of it and start a new run.",
    { offset, cause },
  );
}
