/**
 * The few file operations that a durable journal is made of, as a port, and the real disk behind it.
 * Owns the limit of syncs in flight; knows nothing of journals. A simulated disk stands in for it in tests.
 */
import fs from "node:fs";
import { promisify } from "node:util";
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

/**
 * One job for all who ask for a path before it has begun: it begins after all that they did. Who asks later gets the
 * next one.
 */
export function sharedByPath(
  limit: Limit,
  job: (path: string) => Promise<void>,
): (path: string) => Promise<void> {
  const waiting = new Map<string, Promise<void>>();
  return (path) => {
    const known = waiting.get(path);
    if (known) return known;
    let hasBegun = false;
    const done = limit(() => {
      hasBegun = true;
      waiting.delete(path);
      return job(path);
    });
    // A free limit begins at once: then nobody may join any more.
    if (!hasBegun) waiting.set(path, done);
    return done;
  };
}

/** Syncs at once in one process: the thread pool has four threads, and file reads and look-ups need some too. */
const SYNCS_IN_FLIGHT = 2;

/** Up to here bytes go straight into the page cache; the way to a thread and back costs ten times as much. */
const DIRECT_BYTES = 64 * 1024;

/**
 * The real disk. Make one for the process: the limit on syncs is its own. What the system answers from memory and what
 * it only notes there (looks, names, a few bytes) is done directly; what waits for the device goes to the thread pool.
 */
export function createDisk(): Disk {
  const sync = createLimit(SYNCS_IN_FLIGHT);
  return {
    openAppend: async (path) => openFile(await fs.promises.open(path, "a", 0o600), sync),
    create: async (path, bytes, mode = 0o600) => {
      const options = { flag: "wx", mode };
      if (bytes.length > DIRECT_BYTES) await fs.promises.writeFile(path, bytes, options);
      else fs.writeFileSync(path, bytes, options);
    },
    read: (path, from = 0) => (from === 0 ? readWhole(path) : readFrom(path, from)),
    rewrite,
    stat: async (path) => {
      const info = fs.statSync(path, { throwIfNoEntry: false });
      return info && { size: info.size, mtimeMs: info.mtimeMs, isFile: info.isFile() };
    },
    list: (path) => fs.promises.readdir(path),
    makeFolder: async (path) => fs.mkdirSync(path, { mode: 0o700 }),
    link: async (from, to) => fs.linkSync(from, to),
    rename: async (from, to) => fs.renameSync(from, to),
    unlink: async (path) => fs.unlinkSync(path),
    touch: async (path, at) => fs.utimesSync(path, at / 1000, at / 1000),
    syncFile: (path) => sync(() => syncFile(path)),
    syncFolder: sharedByPath(sync, syncFolder),
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
      bytes.length <= DIRECT_BYTES
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

/** Small files directly; never by waiting for what is no file, such as a pipe. */
async function readWhole(path: string): Promise<Buffer> {
  const { size, isFile } = lookAt(path);
  return isFile && size <= DIRECT_BYTES ? fs.readFileSync(path) : fs.promises.readFile(path);
}

function lookAt(path: string): { readonly size: number; readonly isFile: boolean } {
  const info = fs.statSync(path);
  return { size: info.size, isFile: info.isFile() };
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
  const file = fs.openSync(path, process.platform === "win32" ? "r+" : "r");
  try {
    await datasync(file);
  } finally {
    fs.closeSync(file);
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no folder handles; its file systems keep their names in a journal themselves.
  if (process.platform === "win32") return;
  const folder = fs.openSync(path, "r");
  try {
    await fsync(folder);
  } finally {
    fs.closeSync(folder);
  }
}

const datasync = promisify(fs.fdatasync);
const fsync = promisify(fs.fsync);
