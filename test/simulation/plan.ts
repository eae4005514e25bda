/**
 * What a seed stands for: a workflow, and the evil that befalls its run. Drawn once, before anything happens.
 */
import type { Operation } from "./disk.ts";
import type { Random } from "./random.ts";

export type Evil =
  | "kill"
  | "power cut"
  | "freeze"
  | "rival"
  | "clock jump"
  | "sleep"
  | "disk full"
  | "disk error"
  | "too many files"
  | "read-only";

export interface Plan {
  readonly seed: number;
  /** Which generated workflow. */
  readonly workflow: number;
  /** How many evils at most, and how many turns lie between two on average. */
  readonly evils: number;
  readonly pace: number;
  readonly kinds: readonly Evil[];
  /** People pause, resume, cancel and retry; workflows fail, ask and run out of time: any end will do. */
  readonly rough: boolean;
  readonly echoes: boolean;
  readonly unproven: boolean;
  readonly untold: boolean;
}

/** Of so many workflows are the seeds' runs; making one costs as much as running it. */
const WORKFLOWS = 400;

const CRASHES: readonly Evil[] = ["kill", "power cut"];
const MORE: readonly (readonly Evil[])[] = [
  [],
  ["freeze", "rival"],
  ["freeze", "rival", "clock jump", "sleep"],
  ["disk full", "disk error", "too many files", "read-only"],
  ["clock jump", "sleep", "rival"],
  ["freeze", "rival", "disk full", "disk error", "too many files"],
];

/** The first evil of any seed is a crash. */
export function planOf(seed: number, random: Random): Plan {
  return {
    seed,
    workflow: 1 + (seed % WORKFLOWS),
    evils: 1 + random.below(6),
    pace: [4, 15, 40, 100][random.below(4)] ?? 40,
    kinds: [...CRASHES, ...(MORE[random.below(MORE.length)] ?? [])],
    rough: random.below(3) === 0,
    echoes: random.below(2) === 0,
    unproven: random.below(4) === 0,
    untold: random.below(4) === 0,
  };
}

/** The errors that a disk gives, and to which operations. */
export const DISK_ERRORS: Readonly<
  Record<string, { readonly code: string; readonly kinds: ReadonlySet<Operation["kind"]> }>
> = {
  "disk full": {
    code: "ENOSPC",
    kinds: new Set(["write", "create", "link", "makeFolder", "rename", "datasync", "syncFile"]),
  },
  "disk error": {
    code: "EIO",
    kinds: new Set([
      ...(["write", "datasync", "syncFile", "syncFolder"] as const),
      ...(["read", "list", "truncate", "rewrite"] as const),
    ]),
  },
  "too many files": {
    code: "EMFILE",
    kinds: new Set(["openAppend", "create", "read", "list", "syncFile", "syncFolder"]),
  },
  "read-only": {
    code: "EROFS",
    kinds: new Set([
      ...(["openAppend", "create", "makeFolder", "link", "rename", "unlink", "touch"] as const),
      ...(["syncFile", "syncFolder"] as const),
    ]),
  },
};
