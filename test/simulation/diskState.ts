/**
 * Files and folders of the simulated disk, each in two views: `now`, which the system shows, and what a crash leaves.
 * Owns what "unsynced" means: any part of it may be lost, torn at any byte, and in any order.
 */
import type { Random } from "./random.ts";

export type Node = SimulatedFile | SimulatedFolder;

/** A write at an offset, or a new size. */
export type FileChange =
  | { readonly at: number; readonly bytes: Buffer }
  | { readonly size: number };

/** Names change one at a time; a rename sets one and drops the other as one. */
export interface NameChange {
  readonly set?: readonly [string, Node];
  readonly drop?: string;
}

/** Disks write whole sectors; a write in flight may be cut anywhere. */
const SECTOR = 512;

export class SimulatedFile {
  readonly kind = "file";
  readonly watchers = new Set<() => void>();
  now: Buffer = Buffer.alloc(0);
  mtimeMs = 0;
  #disk: Buffer = Buffer.alloc(0);
  #unsynced: FileChange[] = [];

  change(change: FileChange): void {
    this.now = apply(this.now, change);
    this.#unsynced.push(change);
    for (const told of this.watchers) told();
  }

  sync(): void {
    for (const change of this.#unsynced) this.#disk = apply(this.#disk, change);
    this.#unsynced = [];
  }

  /** A failed sync: some of it is on disk, and the rest never will be. */
  lose(random: Random): void {
    this.#disk = this.#partly(random);
    this.#unsynced = [];
  }

  afterCrash(survival: "nothing" | "some" | "everything", random: Random): SimulatedFile {
    if (survival === "everything") this.sync();
    const left = new SimulatedFile();
    left.now = survival === "some" ? this.#partly(random) : Buffer.from(this.#disk);
    left.#disk = Buffer.from(left.now);
    left.mtimeMs = this.mtimeMs;
    return left;
  }

  #partly(random: Random): Buffer {
    let disk = this.#disk;
    for (const change of this.#unsynced) {
      if ("size" in change) {
        if (random.below(2) === 0) disk = apply(disk, change);
        continue;
      }
      for (const piece of pieces(change, random)) disk = apply(disk, piece);
    }
    return disk;
  }
}

export class SimulatedFolder {
  readonly kind = "folder";
  readonly watchers = new Set<() => void>();
  now = new Map<string, Node>();
  mtimeMs = 0;
  #disk = new Map<string, Node>();
  #unsynced: NameChange[] = [];

  change(change: NameChange): void {
    rename(this.now, change);
    this.#unsynced.push(change);
    for (const told of this.watchers) told();
  }

  sync(): void {
    for (const change of this.#unsynced) rename(this.#disk, change);
    this.#unsynced = [];
  }

  afterCrash(
    survival: "nothing" | "some" | "everything",
    random: Random,
    seen = new Map<Node, Node>(),
  ): SimulatedFolder {
    const names = new Map(this.#disk);
    for (const change of this.#unsynced) {
      if (survival === "everything" || (survival === "some" && random.below(2) === 0)) {
        rename(names, change);
      }
    }
    const left = new SimulatedFolder();
    for (const [name, node] of names) {
      // Two names of one file stay two names of one file.
      const after =
        seen.get(node) ??
        (node.kind === "file"
          ? node.afterCrash(survival, random)
          : node.afterCrash(survival, random, seen));
      seen.set(node, after);
      left.now.set(name, after);
    }
    left.#disk = new Map(left.now);
    return left;
  }
}

/** @param at its time of change, in ms */
export function newFile(at: number): SimulatedFile {
  const file = new SimulatedFile();
  file.mtimeMs = at;
  return file;
}

function apply(bytes: Buffer, change: FileChange): Buffer {
  const end = "size" in change ? change.size : change.at + change.bytes.length;
  const size = "size" in change ? end : Math.max(bytes.length, end);
  const next = Buffer.alloc(size);
  bytes.copy(next, 0, 0, Math.min(bytes.length, size));
  if (!("size" in change)) change.bytes.copy(next, change.at);
  return next;
}

function rename(names: Map<string, Node>, { set, drop }: NameChange): void {
  if (drop !== undefined) names.delete(drop);
  if (set) names.set(set[0], set[1]);
}

/** Some of a write's sectors, one of them perhaps cut short. */
function* pieces(change: { at: number; bytes: Buffer }, random: Random): Generator<FileChange> {
  let from = 0;
  while (from < change.bytes.length) {
    const end = Math.min(change.bytes.length, from + SECTOR - ((change.at + from) % SECTOR));
    const fate = random.below(3);
    if (fate === 0) yield { at: change.at + from, bytes: change.bytes.subarray(from, end) };
    if (fate === 1) {
      const cut = from + random.below(end - from + 1);
      if (cut > from) yield { at: change.at + from, bytes: change.bytes.subarray(from, cut) };
    }
    from = end;
  }
}
