/**
 * Whether a folder may hold a run that is not over, told from the last line of each journal alone.
 * Owns that guess, cheap enough for an editor's start: a run is taken for unfinished wherever it is not plain that it
 * is over. Whoever is told yes looks properly.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { isRunId } from "../runFolder.ts";

/** Bytes of a journal's end that are read; the last line of a run with a large value may be longer. */
const TAIL = 20_000;

/** True when some run of a workspace's state folder may not be over. Never throws. */
export function mayBeUnfinished(state: string): boolean {
  const runs = path.join(state, "runs");
  const buffer = Buffer.allocUnsafe(TAIL);
  return runsIn(runs).some((run) => !isOver(path.join(runs, run, "journal.jsonl"), buffer));
}

function runsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(isRunId);
  } catch {
    return [];
  }
}

function isOver(journal: string, buffer: Buffer): boolean {
  let file: number | undefined;
  try {
    file = openSync(journal, "r");
    const { size } = fstatSync(file);
    const length = Math.min(size, buffer.length);
    readSync(file, buffer, 0, length, size - length);
    const start = buffer.lastIndexOf(10, length - 2) + 1;
    // The event's type stands before anything that a workflow or an agent wrote.
    const head = buffer.toString("latin1", start, Math.min(length, start + 200));
    return /"event":\{"type":"run_finished"/.test(head);
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
