/**
 * Which files of a workspace were created, changed or deleted between two looks at it, with what they held. Works
 * anywhere, in git or not; ignore files are heeded, links are not followed, what holds secrets is not read.
 * Bounded in files and bytes; owns no clock and no process.
 */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { FileSeen } from "../../run/supervise/evidence.ts";
import { readText, walkWorkspace } from "../../search/workspaceFiles.ts";
import { withoutMiddle } from "../../util/shorten.ts";
import { unifiedDiff } from "../../util/unifiedDiff.ts";

/** Bounds of a look. Beyond them a file is known by its size and time alone, and then not at all. */
export interface WatchLimits {
  readonly files: number;
  /** Of a file whose text is kept, in bytes. */
  readonly fileBytes: number;
  /** Of all texts kept together. */
  readonly textBytes: number;
}

export const WATCH_LIMITS: WatchLimits = {
  files: 20_000,
  fileBytes: 128 * 1024,
  textBytes: 16 * 1024 * 1024,
};

/** One file at one moment. */
export interface Seen {
  readonly size: number;
  readonly modified: number;
  /** Absent for what is not text, or too much of it. */
  readonly text?: string;
}

/** A workspace at one moment. `whole`: no bound was met. */
export interface Snapshot {
  readonly files: ReadonlyMap<string, Seen>;
  readonly whole: boolean;
}

/** Looks at a workspace. Rejects with the signal's reason when aborted. */
export async function takeSnapshot(
  root: string,
  signal?: AbortSignal,
  limits: WatchLimits = WATCH_LIMITS,
): Promise<Snapshot> {
  const files = new Map<string, Seen>();
  let left = limits.textBytes;
  for await (const { path } of walkWorkspace({ root, ...(signal ? { signal } : {}) })) {
    if (files.size >= limits.files) return { files, whole: false };
    const stats = await lstat(join(root, path)).catch(() => undefined);
    if (!stats?.isFile()) continue;
    const fits = stats.size <= Math.min(limits.fileBytes, left);
    const text = fits ? await readText(join(root, path), stats.size) : undefined;
    if (text !== undefined) left -= stats.size;
    const seen = { size: stats.size, modified: stats.mtimeMs };
    files.set(path, text === undefined ? seen : { ...seen, text });
  }
  return { files, whole: true };
}

/** Characters of one file, and of all files of an attempt, that are told on. */
const TOLD = 16_000;
const TOLD_IN_ALL = 96_000;

/**
 * What happened between two looks, in the order of the paths; `also` are files that are told of whether anything
 * happened to them or not.
 */
export function changesBetween(
  before: Snapshot,
  after: Snapshot,
  also: readonly string[] = [],
): readonly FileSeen[] {
  const changes: FileSeen[] = [];
  let left = TOLD_IN_ALL;
  const tell = (text: string): string => {
    const told = withoutMiddle(text, Math.max(200, Math.min(TOLD, left)));
    left -= told.length;
    return told;
  };
  const named = (path: string) => also.some((name) => path === name || path.endsWith(`/${name}`));
  for (const path of [...new Set([...before.files.keys(), ...after.files.keys()])].sort()) {
    const old = before.files.get(path);
    const now = after.files.get(path);
    const change = changeOf(old, now);
    if (change === undefined) {
      if (now && named(path))
        changes.push({
          path,
          change: "earlier",
          ...(now.text === undefined ? {} : { text: tell(now.text) }),
        });
      continue;
    }
    // Beyond a bound nobody knows what was not there.
    if (!before.whole && change === "created") continue;
    if (!after.whole && change === "deleted") continue;
    const text = now?.text === undefined ? {} : { text: tell(now.text) };
    const diff =
      change !== "created" && old?.text !== undefined
        ? { diff: tell(unifiedDiff(path, old.text, now?.text ?? "")) }
        : {};
    changes.push({ path, change, ...text, ...diff });
  }
  return changes;
}

function changeOf(
  old: Seen | undefined,
  now: Seen | undefined,
): "created" | "changed" | "deleted" | undefined {
  if (!old) return now ? "created" : undefined;
  if (!now) return "deleted";
  if (old.text !== undefined && now.text !== undefined)
    return old.text === now.text ? undefined : "changed";
  return old.size === now.size && old.modified === now.modified ? undefined : "changed";
}
