/**
 * The few file operations that a durable journal is made of, as a port, and the real disk behind it.
 * Owns the limit of syncs in flight; knows nothing of journals. A simulated disk stands in for it in tests.
 */
import fs from "node:fs";
import type { Disposable } from "../util/disposable.ts";

/** A file open for appending. Every write goes to the file's present end, whoever else appends. */
export interface DiskFile {
  /** Appends; may take fewer bytes than given, as a full disk does. Returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** What was written and the file's size are on disk once this resolves. */
  datasync(): Promise<void>;
  size(): Promise<number>;
  /**
   * Cuts the file, unless there is something at the path `unless`: then it answers false. The look and the cut are one
   * step as far as a process can make them one, since a cut takes what others wrote.
   */
  truncate(size: number, unless: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface FileInfo {
  readonly size: number;
  readonly mtimeMs: number;
  /** A plain file: reading it cannot hang, as a pipe's reading can. */
  readonly isFile: boolean;
}

/** Failures are errors with a `code` as Node's (ENOENT, EEXIST, ENOSPC, EIO). Paths are absolute. */
export interface Disk {
  /** Opens for appending, creating the file when it is missing. */
  openAppend(path: string): Promise<DiskFile>;
  /** Creates a file that must not exist yet; `mode` as chmod's, 0o600 when left out. */
  create(path: string, bytes: Uint8Array, mode?: number): Promise<void>;
  /** The whole file, or what follows byte `from`. */
  read(path: string, from?: number): Promise<Buffer>;
  /**
   * Writes over what stands at byte `at`, not synced. A sync that failed has made the system forget what was still to
   * be written, though it goes on showing it: written once more, it is not forgotten by the next sync.
   */
  rewrite(path: string, at: number, bytes: Uint8Array): Promise<void>;
  /** Undefined when there is nothing at the path. */
  stat(path: string): Promise<FileInfo | undefined>;
  /** Names in a folder, in no order. */
  list(path: string): Promise<readonly string[]>;
  /** Makes one folder; its parent must exist (EEXIST when it is there already). */
  makeFolder(path: string): Promise<void>;
  /** Makes a second name; EEXIST when it is taken. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Sets the time of change to `at` (ms). */
  touch(path: string, at: number): Promise<void>;
  /** Syncs a file's bytes and size, by name. */
  syncFile(path: string): Promise<void>;
  /** The names in the folder are on disk once this resolves. */
  syncFolder(path: string): Promise<void>;
  /** Calls back on any change at the path; silent about its own death, so poll besides. */
  watch(path: string, changed: () => void): Disposable;
}

/** The `code` of a failed operation, e.g. ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** Writes a new file under its name and syncs its bytes, not its folder. */
export async function createSynced(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  await disk.create(path, bytes);
  await disk.syncFile(path);
}

/** Runs a job when its turn comes. */
export type Limit = <T>(job: () => Promise<T>) => Promise<T>;

/** Lets `most` jobs run at once; the others wait in line. */
export function createLimit(most: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return async (job) => {
    if (running < most) running += 1;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await job();
    } finally {
      leave();
    }
  };
}

/** Syncs at once in one process: the thread pool has four threads, and file reads and look-ups need some too. */
const SYNCS_IN_FLIGHT = 2;

/** Up to here a write goes straight into the page cache; the way to a thread and back costs ten times as much. */
const DIRECT_WRITE_BYTES = 64 * 1024;

/**
 * The real disk. Make one for the process: the limit on syncs is its own. Questions that the system answers from
 * memory (stat, sizes) are asked directly; what may wait for the device goes to the thread pool.
 */
export function createDisk(): Disk {
  const sync = createLimit(SYNCS_IN_FLIGHT);
  return {
    openAppend: async (path) => openFile(await fs.promises.open(path, "a", 0o600), sync),
    create: (path, bytes, mode = 0o600) => fs.promises.writeFile(path, bytes, { flag: "wx", mode }),
    read: (path, from = 0) => (from === 0 ? fs.promises.readFile(path) : readFrom(path, from)),
    rewrite,
    stat: async (path) => {
      const info = fs.statSync(path, { throwIfNoEntry: false });
      return info && { size: info.size, mtimeMs: info.mtimeMs, isFile: info.isFile() };
    },
    list: (path) => fs.promises.readdir(path),
    makeFolder: (path) => fs.promises.mkdir(path, { mode: 0o700 }),
    link: (from, to) => fs.promises.link(from, to),
    rename: (from, to) => fs.promises.rename(from, to),
    unlink: (path) => fs.promises.unlink(path),
    touch: (path, at) => fs.promises.utimes(path, at / 1000, at / 1000),
    syncFile: (path) => sync(() => syncFile(path)),
    syncFolder: (path) => sync(() => syncFolder(path)),
    watch: (path, changed) => {
      const watcher = fs.watch(path, { persistent: false }, changed);
      watcher.on("error", () => watcher.close());
      return { dispose: () => watcher.close() };
    },
  };
}

function openFile(handle: fs.promises.FileHandle, sync: Limit): DiskFile {
  return {
    write: async (bytes) =>
      bytes.length <= DIRECT_WRITE_BYTES
        ? fs.writeSync(handle.fd, bytes)
        : (await handle.write(bytes)).bytesWritten,
    datasync: () => sync(() => handle.datasync()),
    size: async () => fs.fstatSync(handle.fd).size,
    truncate: async (size, unless) => {
      if (fs.statSync(unless, { throwIfNoEntry: false })) return false;
      fs.ftruncateSync(handle.fd, size);
      return true;
    },
    close: () => handle.close(),
  };
}

async function readFrom(path: string, from: number): Promise<Buffer> {
  const handle = await fs.promises.open(path, "r");
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.allocUnsafe(Math.max(0, size - from));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function rewrite(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await fs.promises.open(path, "r+");
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    }
  } finally {
    await handle.close();
  }
}

async function syncFile(path: string): Promise<void> {
  // Windows syncs only what may be written.
  const handle = await fs.promises.open(path, process.platform === "win32" ? "r+" : "r");
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no folder handles; its file systems keep their names in a journal themselves.
  if (process.platform === "win32") return;
  const handle = await fs.promises.open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
