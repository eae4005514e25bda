/**
 * Folders, disks with faults and rights to write that the tests of the journal share.
 */
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Disk, DiskFile } from "../../src/journal/disk.ts";
import type { JournalPlace, Tenure } from "../../src/journal/fileJournal.ts";

export const RUN = "run_aaaaaaaaaaaa";

/** A new folder with `blobs` in it; the caller removes it. */
export async function scratchFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "fermata-journal-"));
  await fs.mkdir(path.join(folder, "blobs"));
  return folder;
}

export function removeFolder(folder: string): Promise<void> {
  return fs.rm(folder, { recursive: true, force: true });
}

/** Runs `body` in a scratch folder. */
export async function inScratch(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await scratchFolder();
  try {
    await body(folder);
  } finally {
    await removeFolder(folder);
  }
}

/** An owner that nobody follows. */
export function tenure(fence = 1, more: Partial<Tenure> = {}): Tenure {
  const never = "/no/such/place";
  return { fence, earlierDead: true, passed: async () => false, successor: never, ...more };
}

export function place(disk: Disk, folder: string, owner: Tenure = tenure()): JournalPlace {
  return { disk, folder, run: RUN, tenure: owner, now: () => 1_700_000_000_000 };
}

/** A disk whose files behave as `change` makes them. */
export function withFiles(
  disk: Disk,
  change: (file: DiskFile, path: string) => Partial<DiskFile>,
): Disk {
  return {
    ...disk,
    openAppend: async (path) => {
      const file = await disk.openAppend(path);
      return { ...file, ...change(file, path) };
    },
  };
}

export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}
