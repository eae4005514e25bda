/**
 * The file behind the built-in memory: one checked JSON record a line, appended and synced before anyone is told.
 * Owns the file's format and its safety (torn tails, two processes, one record a task); must not know tools.
 *
 * Writers of different processes meet only in the file. Each record is one appending write; whoever appended reads on
 * from where it knew the file and takes what stands there first, so that both agree on one record a task.
 */
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { shortHash } from "../../util/hash.ts";
import { isObject, type Json, type JsonObject } from "../../util/json.ts";

/** A value kept under a name; saving it again replaces it. */
export interface SavedValue {
  readonly kind: "value";
  readonly key: string;
  readonly value: Json;
  readonly at: string;
}

/** An item of a category; adding never replaces another task's. */
export interface AddedItem {
  readonly kind: "item";
  readonly id: string;
  readonly category: string;
  readonly content: Json;
  readonly at: string;
}

export type MemoryEntry = SavedValue | AddedItem;

/** What to remember, without its time. */
export type MemoryWrite = Omit<SavedValue, "at"> | Omit<AddedItem, "at" | "id">;

export interface MemoryStore {
  /**
   * Remembers durably. The same task and content stores nothing again and answers the entry that stands; the same
   * task with other content replaces its own entry. Rejects when the disk refuses.
   */
  readonly write: (task: string, write: MemoryWrite) => Promise<MemoryEntry>;
  /** Everything remembered, also by other processes, oldest first. */
  readonly entries: () => Promise<readonly MemoryEntry[]>;
}

/** Opens the store at `file`; nothing is created before the first write. */
export function openMemoryStore(file: string, now: () => Date = () => new Date()): MemoryStore {
  const known = createKnown();
  let turn: Promise<unknown> = Promise.resolve();
  let broken: Error | undefined;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const write = async (task: string, wanted: MemoryWrite): Promise<MemoryEntry> => {
    if (broken !== undefined) throw broken;
    const content = shortHash(JSON.stringify(wanted));
    return await withFile(file, async (handle) => {
      await readOn(handle, known);
      for (let round = 0; round < 2 && known.byTask.get(task)?.hash !== content; round++) {
        const entry = stamp(task, wanted, now());
        await append(handle, { task, hash: content, entry }, known.torn);
        await readOn(handle, known);
      }
      // Also for a record of another process: it may have died before it synced.
      await handle.datasync().catch((error: unknown) => {
        broken = new Error(
          `${file} could not be synced (${String(error)}); what was saved last may be lost`,
        );
        throw broken;
      });
      const stands = known.byTask.get(task);
      if (stands?.hash !== content) throw new Error(`${file} does not keep what is written to it`);
      return stands.entry;
    });
  };
  return {
    write: (task, wanted) => inTurn(() => write(task, wanted)),
    entries: () =>
      inTurn(async () => {
        await withExisting(
          file,
          (handle) => readOn(handle, known),
          () => forget(known),
        );
        return entriesOf(known);
      }),
  };
}

interface MemoryRecord {
  readonly task: string;
  /** Of what was asked to be remembered: tells a repeat from a change. */
  readonly hash: string;
  readonly entry: MemoryEntry;
}

interface Known {
  readonly byTask: Map<string, MemoryRecord>;
  /** How far the file was read, in bytes: always behind a line's end. */
  offset: number;
  /** The file's identity; another one is read from its start. */
  inode: number;
  /** The file ends inside a line that its writer never finished. */
  torn: boolean;
}

const VERSION = 1;

function createKnown(): Known {
  return { byTask: new Map(), offset: 0, inode: 0, torn: false };
}

function forget(known: Known): void {
  known.byTask.clear();
  known.offset = 0;
  known.torn = false;
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const created = await open(file, "ax+", 0o600).catch(() => undefined);
  const handle = created ?? (await open(file, "a+", 0o600));
  try {
    if (created !== undefined) await syncFolder(dirname(file));
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function withExisting(
  file: string,
  use: (handle: FileHandle) => Promise<void>,
  missing: () => void,
): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return missing();
    throw error;
  }
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

/** A new file is only there for good once its folder is on disk. Windows has no such sync, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads what was appended since; a line that is not whole, or whose checksum is wrong, remembers nothing. */
async function readOn(handle: FileHandle, known: Known): Promise<void> {
  const { size, ino } = await handle.stat();
  if (ino !== known.inode || size < known.offset) forget(known);
  known.inode = ino;
  const bytes = Buffer.alloc(size - known.offset);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, known.offset);
  const whole = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1;
  for (const line of bytes.subarray(0, whole).toString("utf8").split("\n")) {
    const record = decode(line);
    if (record !== undefined) take(record, known);
  }
  known.offset += whole;
  known.torn = bytesRead > whole;
}

function take(record: MemoryRecord, { byTask }: Known): void {
  if (byTask.get(record.task)?.hash === record.hash) return;
  // Deleted first, so that a changed entry moves to the end: entries are in the order of their last change.
  byTask.delete(record.task);
  byTask.set(record.task, record);
}

/** A name's value is the one that was saved last, by whatever task. */
function entriesOf({ byTask }: Known): readonly MemoryEntry[] {
  const latest = new Map<string, MemoryEntry>();
  for (const { entry } of byTask.values()) {
    const name = entry.kind === "value" ? `value ${entry.key}` : `item ${entry.id}`;
    latest.delete(name);
    latest.set(name, entry);
  }
  return [...latest.values()];
}

function stamp(task: string, wanted: MemoryWrite, at: Date): MemoryEntry {
  const time = at.toISOString();
  if (wanted.kind === "value") return { ...wanted, at: time };
  return { ...wanted, id: `mem_${shortHash(task).slice(0, 12)}`, at: time };
}

async function append(handle: FileHandle, record: MemoryRecord, torn: boolean): Promise<void> {
  const line = Buffer.from(`${torn ? "\n" : ""}${encode(record)}\n`);
  const { bytesWritten } = await handle.write(line);
  if (bytesWritten < line.length) throw new Error("the disk took only a part of the record");
}

function encode({ task, hash, entry }: MemoryRecord): string {
  const body = JSON.stringify({ v: VERSION, task, hash, entry });
  return `${body.slice(0, -1)},"sum":"${shortHash(body)}"}`;
}

function decode(line: string): MemoryRecord | undefined {
  const checked = /^(\{"v":\d+,.*),"sum":"([0-9a-f]+)"\}$/.exec(line);
  if (checked === null || shortHash(`${checked[1]}}`) !== checked[2]) return undefined;
  const record: unknown = JSON.parse(`${checked[1]}}`);
  if (!isObject(record) || record.v !== VERSION) return undefined;
  const { task, hash, entry } = record;
  if (typeof task !== "string" || typeof hash !== "string" || !isObject(entry)) return undefined;
  return { task, hash, entry: entry as JsonObject & MemoryEntry };
}
