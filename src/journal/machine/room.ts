/** Whether a folder can be written, and how much room is left on its disk and in memory: the machine's own word. */
import { statfs } from "node:fs/promises";
import path from "node:path";
import { availableMemory } from "node:process";
import type { Disk } from "../disk.ts";
import { makeFolders } from "../runFolder.ts";

export interface Room {
  /** Why a small file could not be written, synced and removed again; absent when it could. */
  readonly problem?: string;
  /** Bytes that this user may still write; absent where the system does not tell. */
  readonly free?: number;
}

/** Tries the folder, which is made when it is missing. Never rejects. */
export async function roomIn(
  disk: Disk,
  folder: string,
  random: (count: number) => Uint8Array,
): Promise<Room> {
  const file = path.join(folder, `probe.${Buffer.from(random(6)).toString("hex")}`);
  try {
    await makeFolders(disk, folder);
    await disk.create(file, Buffer.alloc(4096));
    await disk.syncFile(file);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    await disk.unlink(file).catch(() => {});
  }
  const free = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
  return free === undefined ? {} : { free };
}

/** Bytes of memory that this process may still get, limits of its container counted. */
export function memoryLeft(): number {
  return availableMemory();
}
