/**
 * The journal of one run in a file: natural group commit, one write and one sync for all that waits.
 * Owns writing; reading is read.ts, the lines are record.ts. Must not know how a run is owned, only whether it still is.
 */
import {
  type Journal,
  type JournalEvent,
  JournalFailure,
  type JournalRecord,
  type Typed,
} from "../engine/journal.ts";
import { type BlobStore, createBlobStore, type Deflated, deflate } from "./blobs.ts";
import { type Disk, type DiskFile, errorCode } from "./disk.ts";
import { type Reading, readJournal } from "./read.ts";
import { encodeAdoption, encodeHeader, encodeRecord } from "./record.ts";
import { runPaths } from "./runFolder.ts";

/** The right to write: what the journal must know of it. */
export interface Tenure {
  /** 1 for the first owner, one more for each after. */
  readonly fence: number;
  /** Every earlier writer is proven dead, so that its torn tail may be cut. */
  readonly earlierDead: boolean;
  /** True once another owner has taken over. */
  passed(): Promise<boolean>;
  /** The path at which there is something from then on. */
  readonly successor: string;
}

export interface JournalPlace {
  readonly disk: Disk;
  /** The run's folder; it exists, and `blobs` in it. */
  readonly folder: string;
  readonly run: string;
  readonly tenure: Tenure;
  /** The present time in ms, for the header and the adoption. */
  readonly now: () => number;
  /** What was read before the run was owned: it need not be read again when nobody can have written since. */
  readonly before?: Glimpse;
}

/** A journal as it was at a moment. */
export type Glimpse = Reading<JournalRecord>;

/**
 * Reads a run's journal as it stands.
 * @throws JournalFailure `damaged` or `newer_format`
 */
export function glimpseJournal(disk: Disk, folder: string): Promise<Glimpse> {
  const paths = runPaths(folder);
  return readJournal(disk, paths.journal, createBlobStore(disk, paths.blobs, "reader"));
}

export interface OpenedJournal<E extends Typed> {
  readonly journal: Journal<E>;
  /** What was there, in order. */
  readonly records: readonly JournalRecord<E>[];
  /** Bytes of a write that a crash cut short; no record of it was ever acknowledged. */
  readonly tornBytes: number;
}

/**
 * Reads a run's journal and opens it for its present owner, who adopts what earlier owners left.
 * @throws JournalFailure `damaged` or `newer_format` (the file is left as it is), `fenced`, `write_failed`
 */
export async function openJournal<E extends Typed = JournalEvent>(
  place: JournalPlace,
): Promise<OpenedJournal<E>> {
  const { disk, folder, tenure } = place;
  const paths = runPaths(folder);
  const path = paths.journal;
  const blobs = createBlobStore(disk, paths.blobs, String(tenure.fence));
  const size = (await disk.stat(path))?.size;
  const isNew = size === undefined;
  const { before } = place;
  const reading =
    before && holdsStill(before, size, tenure) ? before : await readJournal(disk, path, blobs);
  const file = await disk.openAppend(path);
  const journal = new FileJournal<E>({ ...place, path, file, blobs, reading });
  try {
    if (isNew) await disk.syncFolder(folder);
    await journal.takeOver(reading);
  } catch (error) {
    await journal.close();
    throw error;
  }
  // The events were checked by their seals; what they mean is the run's matter.
  const records = reading.records as unknown as readonly JournalRecord<E>[];
  return { journal, records, tornBytes: reading.tornBytes };
}

/**
 * The owner that was last is the one before this: nobody else can have written. It appends, or cuts back what failed and
 * then stops, so that a file of the same size is the same.
 */
function holdsStill(before: Glimpse, size: number | undefined, { fence }: Tenure): boolean {
  return before.fence === fence - 1 && before.end + before.tornBytes === size;
}

interface Parts extends JournalPlace {
  readonly path: string;
  readonly file: DiskFile;
  readonly blobs: BlobStore;
  readonly reading: Reading<JournalRecord>;
}

interface Waiting<E extends Typed> {
  readonly events: readonly E[];
  readonly deflated: readonly Deflated[];
  readonly at: number;
  readonly resolve: (records: readonly JournalRecord<E>[]) => void;
  readonly reject: (why: JournalFailure) => void;
}

class FileJournal<E extends Typed> implements Journal<E> {
  readonly #parts: Parts;
  #seq: number;
  /** Lines that go out before the next record: the header of a new journal. */
  #prefix = "";
  #waiting: Waiting<E>[] = [];
  #flushing: Promise<void> | undefined;
  #failure: JournalFailure | undefined;
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#seq = parts.reading.records.length;
  }

  get seq(): number {
    return this.#seq;
  }

  get failure(): JournalFailure | undefined {
    return this.#failure;
  }

  append(events: readonly E[], at: number): Promise<readonly JournalRecord<E>[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#closed) return Promise.reject(closed(this.#parts.run));
    if (events.length === 0) return Promise.resolve([]);
    let deflated: Deflated[];
    try {
      deflated = events.map(deflate);
    } catch (fault) {
      return Promise.reject(fault);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, deflated, at, resolve, reject });
      // A microtask later, so that what is appended in one turn shares one sync.
      this.#flushing ??= Promise.resolve().then(() => this.#flush());
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flushing;
    await this.#parts.file.close().catch(() => {});
  }

  /** Makes the file this owner's: a torn tail goes, what earlier owners left is adopted. */
  async takeOver(reading: Reading<JournalRecord>): Promise<void> {
    const { header, fence: present, end, tornBytes } = reading;
    const { tenure, run, file, now, path } = this.#parts;
    const { fence } = tenure;
    if (header && present >= fence) throw ownersLost(path, present, fence);
    let start = await file.size();
    try {
      if (tornBytes > 0 && tenure.earlierDead) {
        if (!(await file.truncate(end, tenure.successor))) throw fenced(run, fence);
        start = end;
      }
      await this.#renew(reading);
      const head = header ? "" : encodeHeader({ run, fence, at: now() });
      if (fence === 1 && start === 0) {
        this.#prefix = head;
        return;
      }
      await this.#write(head + encodeAdoption({ fence, at: now(), after: end }), start);
    } catch (error) {
      throw await this.#stop(error, start);
    }
  }

  /**
   * What was read and nothing proves durable may be there only as long as the machine runs: an earlier owner's sync may
   * have failed. Written again as it stands, it becomes durable with the adoption, and what was so already stays so.
   */
  async #renew({ proven, end }: Reading<JournalRecord>): Promise<void> {
    if (proven >= end) return;
    const { disk, path } = this.#parts;
    const bytes = await disk.read(path, proven);
    await disk.rewrite(path, proven, bytes.subarray(0, end - proven));
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const written = await this.#commit(group);
        group.forEach(({ resolve }, index) => {
          resolve(written[index] ?? []);
        });
      } catch (error) {
        const failure = toFailure(error);
        for (const { reject } of [...group, ...this.#waiting]) reject(failure);
        this.#waiting = [];
      }
    }
    this.#flushing = undefined;
  }

  /** Makes a group durable with one write and one sync; its blobs before it. */
  async #commit(group: readonly Waiting<E>[]): Promise<(readonly JournalRecord<E>[])[]> {
    const { file, blobs, tenure } = this.#parts;
    const start = await file.size();
    try {
      const large = group.flatMap(({ deflated }) => deflated.flatMap((each) => [...each.blobs]));
      if (large.length > 0) await blobs.store(new Map(large));
      let seq = this.#seq;
      let text = this.#prefix;
      const written = group.map(({ events, deflated, at }) =>
        events.map((event, index): JournalRecord<E> => {
          seq += 1;
          const record = { seq, fence: tenure.fence, at, event };
          text += encodeRecord(record, deflated[index]?.text ?? "", this.#seq);
          return record;
        }),
      );
      await this.#write(text, start);
      this.#prefix = "";
      this.#seq = seq;
      return written;
    } catch (error) {
      throw await this.#stop(error, start);
    }
  }

  /** Writes and syncs; resolves only while the run is still this owner's. `start` is the file's end before it. */
  async #write(text: string, start: number): Promise<void> {
    const { file, tenure, run } = this.#parts;
    // An earlier owner that is not dead for sure may have left half a line.
    const bytes = Buffer.from(tenure.fence > 1 ? `\n${text}` : text);
    for (let tries = 1; !(await writeWhole(file, bytes, start)); tries += 1) {
      if (tries === 20) throw new Error("another process keeps writing in between");
      if (!(await file.truncate(start, tenure.successor))) throw fenced(run, tenure.fence);
    }
    await file.datasync();
    if (await tenure.passed()) throw fenced(run, tenure.fence);
  }

  /** Read-only from here on. What the failed write left is cut off, unless the run is somebody else's by now. */
  async #stop(cause: unknown, start: number): Promise<JournalFailure> {
    if (cause instanceof JournalFailure) {
      this.#failure = cause;
      return cause;
    }
    const { file, tenure, run, path } = this.#parts;
    let left = `It was cut back to its last whole record (${this.#seq}, byte ${start})`;
    try {
      if (!(await file.truncate(start, tenure.successor))) {
        this.#failure = fenced(run, tenure.fence);
        return this.#failure;
      }
      await file.datasync();
    } catch (error) {
      left = `Nothing after record ${this.#seq} (byte ${start}) counts, though cutting it off failed too (${reason(error)})`;
    }
    this.#failure = new JournalFailure(
      "write_failed",
      `${path} could not be written: ${reason(cause)}. ${left} and takes no more. ` +
        `Make room or mend the disk, then resume ${run}.`,
      { cause },
    );
    return this.#failure;
  }
}

/**
 * Writes all bytes. False when an earlier owner that is awake wrote in between, which it can only when the disk took
 * them in pieces: what lies behind `start` is then its void lines and half of ours.
 */
async function writeWhole(file: DiskFile, bytes: Buffer, start: number): Promise<boolean> {
  let written = await file.write(bytes);
  if (written === bytes.length) return true;
  while (written < bytes.length) {
    const more = await file.write(bytes.subarray(written));
    if (more === 0) throw new Error("the disk takes no more bytes");
    written += more;
  }
  return (await file.size()) === start + bytes.length;
}

function toFailure(error: unknown): JournalFailure {
  return error instanceof JournalFailure
    ? error
    : new JournalFailure("write_failed", reason(error), { cause: error });
}

function reason(error: unknown): string {
  const code = errorCode(error);
  if (code === "ENOSPC") return "the disk is full (ENOSPC)";
  if (code === "EDQUOT") return "the disk quota is used up (EDQUOT)";
  if (code === "EIO") return "the disk reported an error (EIO)";
  return error instanceof Error ? error.message : String(error);
}

function closed(run: string): JournalFailure {
  return new JournalFailure(
    "closed",
    `The journal of ${run} is closed; open the run again to go on.`,
  );
}

function fenced(run: string, fence: number): JournalFailure {
  return new JournalFailure(
    "fenced",
    `Another process took over ${run} (this was owner ${fence}). Nothing more is written here; follow the run there.`,
  );
}

function ownersLost(path: string, present: number, fence: number): JournalFailure {
  return new JournalFailure(
    "fenced",
    `${path} was last written by owner ${present}, but the files owner.N beside it end before that: this would be ` +
      `owner ${fence}. Put the missing files back, then resume the run.`,
  );
}
