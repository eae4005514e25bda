/**
 * Takes a run away for good. Owns the order that no crash can spoil: the run leaves the folder of runs in one rename,
 * whole or not at all; what it was is then deleted at leisure, by this process or the next.
 */
import path from "node:path";
import { errorCode } from "../disk.ts";
import { makeFolders, runFolder } from "../runFolder.ts";
import { ARRIVING, type ArchivePlace } from "./archiveRun.ts";

const LEAVING = "leaving";
/** A run that is being put together for longer, in ms, was forgotten by a process that died. */
const FORGOTTEN = 3_600_000;

/** Removes the folder of a run that this process holds and has closed. */
export async function removeRun(place: ArchivePlace, run: string): Promise<void> {
  const { disk, state, random, erase } = place;
  const leaving = path.join(state, LEAVING);
  await makeFolders(disk, leaving);
  const gone = path.join(leaving, `${run}.${Buffer.from(random(6)).toString("hex")}`);
  const folder = runFolder(state, run);
  await disk.rename(folder, gone);
  await disk.syncFolder(path.dirname(folder));
  await erase(gone);
}

/** Deletes what crashes left of removals and restorations. */
export async function sweep(place: ArchivePlace): Promise<void> {
  const { disk, state, erase, now } = place;
  for (const folder of [path.join(state, LEAVING), path.join(state, ARRIVING)]) {
    for (const name of await namesIn(place, folder)) {
      const there = path.join(folder, name);
      const age = now() - ((await disk.stat(there))?.mtimeMs ?? 0);
      if (folder.endsWith(LEAVING) || age > FORGOTTEN) await erase(there);
    }
  }
}

/** Bytes of all files in a run's folder. */
export async function sizeOfRun({ disk, state }: ArchivePlace, run: string): Promise<number> {
  const sizeIn = async (folder: string): Promise<number> => {
    let size = 0;
    for (const name of await disk.list(folder)) {
      const info = await disk.stat(path.join(folder, name));
      if (!info) continue;
      size += info.isFile ? info.size : await sizeIn(path.join(folder, name)).catch(() => 0);
    }
    return size;
  };
  return sizeIn(runFolder(state, run));
}

async function namesIn({ disk }: ArchivePlace, folder: string): Promise<readonly string[]> {
  try {
    return await disk.list(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
