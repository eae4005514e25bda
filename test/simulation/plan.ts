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
  /** How many evils at most, after how many turns they begin, and how many lie between two on average. */
  readonly evils: number;
  readonly calm: number;
  readonly pace: number;
  /** A crash comes at this turn unless there was one before. */
  readonly doom: number;
  /** What befalls the run besides crashes, of which there is one at least. */
  readonly kinds: readonly Evil[];
  /** People pause, resume, cancel and retry; workflows fail, ask and run out of time: any end will do. */
  readonly rough: boolean;
  readonly echoes: boolean;
  readonly unproven: boolean;
  readonly untold: boolean;
}

/** Of so many workflows are the seeds' runs; making one costs as much as running it. */
const WORKFLOWS = 400;

export const CRASHES: readonly Evil[] = ["kill", "power cut"];
const MORE: readonly (readonly Evil[])[] = [
  [],
  ["freeze", "rival"],
  ["freeze", "rival", "clock jump", "sleep"],
  ["disk full", "disk error", "too many files", "read-only"],
  ["clock jump", "sleep", "rival"],
  ["freeze", "rival", "disk full", "disk error", "too many files"],
];

export function planOf(seed: number, random: Random): Plan {
  return {
    seed,
    workflow: 1 + (seed % WORKFLOWS),
    evils: 1 + random.below(6),
    calm: random.below(4) === 0 ? 0 : random.below(140),
    pace: [2, 5, 12, 30][random.below(4)] ?? 12,
    doom: random.below(12) === 0 ? 120 : random.below(60),
    kinds: MORE[random.below(MORE.length)] ?? [],
    rough: random.below(3) === 0,
    echoes: random.below(2) === 0,
    unproven: random.below(4) === 0,
    untold: random.below(4) === 0,
  };
}

/** Operations on which promises hang: they are struck more often than looks and waits. */
export const GRAVE: ReadonlySet<string> = new Set<Operation["kind"] | "outcome">([
  ...(["write", "datasync", "syncFile", "syncFolder", "truncate", "rewrite"] as const),
  ...(["link", "rename", "close", "unlink", "openAppend", "outcome"] as const),
]);

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
