/**
 * A disk that remembers only what was synced: the journal's tests crash it at every operation.
 * Owns a small file system in memory with two views, what the system shows and what a power cut leaves.
 * Everything follows from the seed. Must not know journals.
 */
import type { Disk, DiskFile } from "../../src/journal/disk.ts";
import { type Node, newFile, type SimulatedFile, SimulatedFolder } from "./diskState.ts";
import { createRandom, type Random } from "./random.ts";

export interface Operation {
  /** From 1. */
  readonly number: number;
  readonly kind: keyof Disk | keyof DiskFile;
  readonly path: string;
}

/** An operation that fails. A failed write may still have taken `taken` bytes. */
export interface Fault {
  readonly code: string;
  readonly taken?: number;
}

export interface SimulatedDiskOptions {
  readonly seed: number;
  /** The power goes just before this operation: it and all later ones never come back. */
  readonly crashAt?: number;
  readonly fault?: (operation: Operation) => Fault | undefined;
  /** Some writes take fewer bytes than given. */
  readonly shortWrites?: boolean;
  /** The time of change of what is written; 0 when left out. */
  readonly now?: () => number;
}

/** What of the unsynced is still there after the power is back. */
export type Survival = "nothing" | "some" | "everything";

export interface SimulatedDisk extends Disk {
  /** Resolves at the crash. */
  readonly crashed: Promise<void>;
  readonly operations: number;
  /**
   * The same files as another process sees them, which has its own way to wait before each operation, and to fail; and
   * to be told of changes that it watches for.
   */
  seenBy(step: Step, notify: Notify): Disk;
  /** The disk as the next boot finds it. The old one stays dead. */
  restart(survival: Survival, options?: Partial<SimulatedDiskOptions>): SimulatedDisk;
}

/** An empty disk with one folder, `/`. */
export function createSimulatedDisk(options: SimulatedDiskOptions): SimulatedDisk {
  return mount(new SimulatedFolder(), options);
}

function mount(root: SimulatedFolder, options: SimulatedDiskOptions): SimulatedDisk {
  const random = createRandom(options.seed);
  const power = createPower(options, random);
  const seenBy = (step: Step, notify: Notify): Disk => viewOf(root, options, random, step, notify);
  return {
    // Whoever watches here must look for himself.
    ...seenBy(power.step, () => undefined),
    crashed: power.crashed,
    get operations() {
      return power.operations();
    },
    seenBy,
    restart: (survival, more = {}) => {
      power.cut();
      const left = root.afterCrash(survival, random);
      return mount(left, { seed: random.below(2 ** 31), ...more });
    },
  };
}

function viewOf(
  root: SimulatedFolder,
  options: SimulatedDiskOptions,
  random: Random,
  step: Step,
  notify: Notify,
): Disk {
  const { now = () => 0 } = options;
  const files = createFiles(options, random, step, (path) => look(root, path) !== undefined);
  return {
    openAppend: async (path) => {
      await step("openAppend", path);
      const [folder, name] = parent(root, path);
      const found = folder.now.get(name);
      if (found) return files.open(asFile(found, path), path);
      const file = newFile(now());
      folder.change({ set: [name, file] });
      return files.open(file, path);
    },
    create: async (path, bytes) => {
      await step("create", path);
      const [folder, name] = parent(root, path);
      if (folder.now.has(name)) throw diskError("EEXIST", path);
      const file = newFile(now());
      folder.change({ set: [name, file] });
      file.change({ at: 0, bytes: Buffer.from(bytes) });
    },
    read: async (path, from = 0) => {
      await step("read", path);
      return Buffer.from(asFile(find(root, path), path).now.subarray(from));
    },
    rewrite: async (path, at, bytes) => {
      await step("rewrite", path);
      asFile(find(root, path), path).change({ at, bytes: Buffer.from(bytes) });
    },
    stat: async (path) => {
      await step("stat", path);
      const node = look(root, path);
      if (!node) return undefined;
      const isFile = node.kind === "file";
      return { size: isFile ? node.now.length : 0, mtimeMs: node.mtimeMs, isFile };
    },
    list: async (path) => {
      await step("list", path);
      return [...asFolder(find(root, path), path).now.keys()];
    },
    makeFolder: async (path) => {
      await step("makeFolder", path);
      const [folder, name] = parent(root, path);
      if (folder.now.has(name)) throw diskError("EEXIST", path);
      folder.change({ set: [name, new SimulatedFolder()] });
    },
    link: async (from, to) => {
      await step("link", to);
      const [folder, name] = parent(root, to);
      if (folder.now.has(name)) throw diskError("EEXIST", to);
      folder.change({ set: [name, find(root, from)] });
    },
    rename: async (from, to) => {
      await step("rename", to);
      const node = find(root, from);
      const [source, old] = parent(root, from);
      const [target, name] = parent(root, to);
      const there = target.now.get(name);
      if (there?.kind === "folder" && there.now.size > 0) throw diskError("ENOTEMPTY", to);
      if (source === target) return target.change({ set: [name, node], drop: old });
      // Two folders: a crash may keep either change without the other.
      target.change({ set: [name, node] });
      source.change({ drop: old });
    },
    unlink: async (path) => {
      await step("unlink", path);
      find(root, path);
      const [folder, name] = parent(root, path);
      folder.change({ drop: name });
    },
    touch: async (path, at) => {
      await step("touch", path);
      find(root, path).mtimeMs = at;
    },
    syncFile: async (path) => {
      await step("syncFile", path);
      files.sync(asFile(find(root, path), path));
    },
    syncFolder: async (path) => {
      await step("syncFolder", path);
      asFolder(find(root, path), path).sync();
    },
    watch: (path, changed) => {
      const { watchers } = find(root, path);
      const told = (): void => notify(changed);
      watchers.add(told);
      return { dispose: () => void watchers.delete(told) };
    },
  };
}

/** Calls back when the watcher's process comes to it; a watcher may also die unseen. */
export type Notify = (changed: () => void) => void;

/** Waits before an operation; rejects when it is to fail, with `taken` when a failed write took some bytes. */
export type Step = (kind: Operation["kind"], path: string) => Promise<void>;

/** Counts operations, fails those that shall fail, and ends the world at the right one. */
function createPower(options: SimulatedDiskOptions, random: Random) {
  let operations = 0;
  let off = false;
  let cut = () => {};
  const crashed = new Promise<void>((resolve) => {
    cut = () => {
      off = true;
      resolve();
    };
  });
  const step: Step = async (kind, path) => {
    operations += 1;
    const operation = { number: operations, kind, path };
    if (operations === options.crashAt) cut();
    // The order in which callers go on depends on the seed, not on how the code is written.
    for (let turns = random.below(4); turns > 0; turns -= 1) await Promise.resolve();
    if (off) await new Promise(() => {});
    const fault = options.fault?.(operation);
    if (fault) throw Object.assign(diskError(fault.code, path), { taken: fault.taken });
  };
  return { crashed, cut, step, operations: () => operations };
}

function createFiles(
  options: SimulatedDiskOptions,
  random: Random,
  step: Step,
  exists: (path: string) => boolean,
) {
  const append = (file: SimulatedFile, bytes: Uint8Array) => {
    file.change({ at: file.now.length, bytes: Buffer.from(bytes) });
    file.mtimeMs = options.now?.() ?? 0;
  };
  const open = (file: SimulatedFile, path: string): DiskFile => ({
    write: async (bytes) => {
      try {
        await step("write", path);
      } catch (error) {
        append(file, bytes.subarray(0, takenBy(error)));
        throw error;
      }
      const short = options.shortWrites === true && bytes.length > 1 && random.below(3) === 0;
      const taken = short ? 1 + random.below(bytes.length - 1) : bytes.length;
      append(file, bytes.subarray(0, taken));
      return taken;
    },
    datasync: async () => {
      try {
        await step("datasync", path);
      } catch (error) {
        // The system forgets that these pages are dirty: a second sync would succeed and save nothing.
        file.lose(random);
        throw error;
      }
      file.sync();
    },
    size: async () => {
      await step("size", path);
      return file.now.length;
    },
    truncate: async (size, unless) => {
      await step("truncate", path);
      if (exists(unless)) return false;
      file.change({ size });
      return true;
    },
    close: () => step("close", path),
  });
  return { open, sync: (file: SimulatedFile) => file.sync() };
}

function takenBy(error: unknown): number {
  return error instanceof Error && "taken" in error && typeof error.taken === "number"
    ? error.taken
    : 0;
}

function look(root: SimulatedFolder, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path.split("/").filter((each) => each !== "" && each !== ".")) {
    node = node?.kind === "folder" ? node.now.get(name) : undefined;
  }
  return node;
}

function find(root: SimulatedFolder, path: string): Node {
  const node = look(root, path);
  if (!node) throw diskError("ENOENT", path);
  return node;
}

function parent(root: SimulatedFolder, path: string): [SimulatedFolder, string] {
  const cut = path.lastIndexOf("/");
  return [asFolder(find(root, path.slice(0, cut)), path), path.slice(cut + 1)];
}

function asFolder(node: Node, path: string): SimulatedFolder {
  if (node.kind !== "folder") throw diskError("ENOTDIR", path);
  return node;
}

function asFile(node: Node, path: string): SimulatedFile {
  if (node.kind !== "file") throw diskError("EISDIR", path);
  return node;
}

export function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${path}`), { code });
}
