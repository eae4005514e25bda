/**
 * The folder of one run: what lies where in it, its name, its making, and the list of all.
 * Owns the layout; must not know what is in the files.
 */
import path from "node:path";
import { type Disk, errorCode } from "./disk.ts";

export interface RunPaths {
  readonly folder: string;
  readonly journal: string;
  readonly blobs: string;
  /** Transcripts and logs, per task and attempt. */
  readonly output: string;
  /** Signals from other processes; `inboxKey` seals them. */
  readonly inbox: string;
  readonly inboxKey: string;
}

/** Where things are in a run's folder. */
export function runPaths(folder: string): RunPaths {
  return {
    folder,
    journal: path.join(folder, "journal.jsonl"),
    blobs: path.join(folder, "blobs"),
    output: path.join(folder, "output"),
    inbox: path.join(folder, "inbox"),
    inboxKey: path.join(folder, "inbox.key"),
  };
}

/** Where a run lives, in the workspace's state folder. The run need not exist; a name that no run has leads nowhere. */
export function runFolder(state: string, run: string): string {
  // Names come from command lines and from other programs: none leads out of the folder of runs.
  return path.join(state, "runs", isRunId(run) ? run : "no-such-run");
}

/** `run_` and 12 characters of lower-case base 32: 60 random bits. */
export function newRunId(random: (count: number) => Uint8Array): string {
  return `run_${[...random(12)].map((byte) => BASE_32[byte & 31]).join("")}`;
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/**
 * Makes a run's folder with an empty journal and a key for its inbox. The folder is durable once this resolves, what
 * is in it once the run has its owner (which syncs the folder). Rejects with EEXIST when there is such a run.
 */
export async function createRunFolder(place: {
  readonly disk: Disk;
  readonly state: string;
  readonly run: string;
  readonly random: (count: number) => Uint8Array;
  /** Folders known to be durable; grows, so that the next run need not look. */
  readonly durable?: Set<string>;
}): Promise<RunPaths> {
  const { disk, state, run, random, durable = new Set() } = place;
  const paths = runPaths(runFolder(state, run));
  const runs = path.dirname(paths.folder);
  await makeFolders(disk, runs, durable);
  await disk.makeFolder(paths.folder);
  await Promise.all([
    disk.makeFolder(paths.blobs),
    disk.makeFolder(paths.output),
    disk.makeFolder(paths.inbox),
    disk.create(paths.inboxKey, Buffer.from(`${Buffer.from(random(32)).toString("hex")}\n`)),
    disk.create(paths.journal, new Uint8Array()),
    disk.syncFolder(runs),
  ]);
  return paths;
}

/** The runs of a workspace's state folder, in no order; none when there is no such folder. */
export async function listRuns(disk: Disk, state: string): Promise<readonly string[]> {
  try {
    return (await disk.list(path.join(state, "runs"))).filter(isRunId);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/**
 * Makes a folder and those above it that are missing. All their names are on disk then, whoever made them: one that is
 * there may be the work of a process that died before its sync.
 */
export async function makeFolders(
  disk: Disk,
  folder: string,
  durable: Set<string> = new Set(),
): Promise<void> {
  if (durable.has(folder)) return;
  const parent = path.dirname(folder);
  if (parent === folder) return;
  await makeFolders(disk, parent, durable);
  const isThere = (await disk.stat(folder)) !== undefined;
  if (!isThere) {
    await disk.makeFolder(folder).catch((error: unknown) => {
      // Another process was faster.
      if (errorCode(error) !== "EEXIST") throw error;
    });
  }
  await disk.syncFolder(parent).catch((error: unknown) => {
    // The system's own folders are not ours to sync, nor to doubt.
    if (!isThere || !NOT_OURS.has(errorCode(error) ?? "")) throw error;
  });
  durable.add(folder);
}

const NOT_OURS: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "EINVAL"]);
const BASE_32 = "abcdefghijklmnopqrstuvwxyz234567";
const RUN_ID = /^run_[a-z2-7]{12}$/;
