/**
 * The profiles of a workspace's files, read once and again only where a file has changed.
 * Owns the walk and what is remembered between two questions; judges nothing.
 */
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { createSlices } from "../../../engine/slices.ts";
import { MAX_TEXT_BYTES, readText, walkWorkspace } from "../../../search/workspaceFiles.ts";
import { type FileProfile, profileOf } from "./profile.ts";

export interface Survey {
  /** In the order of the walk. */
  readonly files: readonly FileProfile[];
  readonly byPath: ReadonlyMap<string, FileProfile>;
}

/** Surveys a workspace (absolute path). Throws the signal's reason when aborted. */
export type Surveyor = (root: string, signal: AbortSignal) => Promise<Survey>;

const MAX_FILES = 20_000;
const REMEMBERED_WORKSPACES = 2;

interface Remembered {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly profile: FileProfile;
}

/** A surveyor that remembers the files of the last two workspaces by size and time of change. */
export function createSurveyor(): Surveyor {
  const workspaces = new Map<string, Map<string, Remembered>>();
  let turn: Promise<unknown> = Promise.resolve();
  return (root, signal) => {
    const known = workspaces.get(root) ?? new Map<string, Remembered>();
    workspaces.delete(root);
    workspaces.set(root, known);
    for (const oldest of [...workspaces.keys()].slice(0, -REMEMBERED_WORKSPACES))
      workspaces.delete(oldest);
    // One after the other: what the first has read, the others need not.
    const mine = turn.then(() => surveyWorkspace(root, signal, known));
    turn = mine.catch(() => undefined);
    return mine;
  };
}

async function surveyWorkspace(
  root: string,
  signal: AbortSignal,
  known: Map<string, Remembered>,
): Promise<Survey> {
  const files: FileProfile[] = [];
  const seen = new Set<string>();
  const inSlices = createSlices({ now: () => performance.now(), turn });
  for await (const { path, bytes, modifiedMs } of walkWorkspace({ root, signal })) {
    seen.add(path);
    const earlier = known.get(path);
    if (earlier?.bytes === bytes && earlier.modifiedMs === modifiedMs) files.push(earlier.profile);
    else {
      const text = bytes > MAX_TEXT_BYTES ? "" : ((await readText(join(root, path), bytes)) ?? "");
      const profile = profileOf(path, isMinified(text) ? "" : text);
      known.set(path, { bytes, modifiedMs, profile });
      files.push(profile);
    }
    if (files.length >= MAX_FILES) break;
    await inSlices();
    signal.throwIfAborted();
  }
  for (const path of known.keys()) if (!seen.has(path)) known.delete(path);
  return { files, byPath: new Map(files.map((file) => [file.path, file])) };
}

/** Few, very long lines: nobody wrote it to be read. */
function isMinified(text: string): boolean {
  const head = text.slice(0, 20_000);
  return head.length > 4000 && head.length / (head.split("\n").length + 1) > 400;
}
