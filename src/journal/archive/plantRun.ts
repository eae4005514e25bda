/**
 * Makes a run that has a history from the start: the beginning of another one.
 * Owns that it appears among the runs only once all of it is on disk; must not know what the events mean.
 */
import path from "node:path";
import type { Typed } from "../../engine/journal.ts";
import { createBlobStore, deflate } from "../blobs.ts";
import { encodeHeader, encodeRecord } from "../record.ts";
import { makeFolders, runFolder, runPaths } from "../runFolder.ts";
import { ARRIVING, type ArchivePlace } from "./archiveRun.ts";

/** Who wrote what is planted: the owner before the first real one. */
const FENCE = 1;

/** Plants a run nobody drives. Rejects with EEXIST or ENOTEMPTY when there is such a run, and with the disk's errors. */
export async function plantRun(
  place: Pick<ArchivePlace, "disk" | "state" | "random" | "now" | "erase">,
  run: string,
  records: readonly { readonly seq: number; readonly at: number; readonly event: Typed }[],
): Promise<void> {
  const { disk, state, random, now, erase } = place;
  const target = runFolder(state, run);
  const folder = path.join(state, ARRIVING, `${run}.${Buffer.from(random(6)).toString("hex")}`);
  const paths = runPaths(folder);
  const put = async (file: string, text: string): Promise<void> => {
    await disk.create(file, Buffer.from(text));
    await disk.syncFile(file);
  };
  try {
    await makeFolders(disk, folder);
    for (const inner of [paths.blobs, paths.output, paths.inbox]) await disk.makeFolder(inner);
    const blobs = createBlobStore(disk, paths.blobs, "plant");
    const lines = [encodeHeader({ run, fence: FENCE, at: now() })];
    for (const { seq, at, event } of records) {
      const deflated = deflate(event);
      await blobs.store(deflated.blobs);
      lines.push(encodeRecord({ seq, fence: FENCE, at }, deflated.text, seq - 1));
    }
    await put(paths.journal, lines.join(""));
    await put(paths.inboxKey, `${Buffer.from(random(32)).toString("hex")}\n`);
    await put(path.join(folder, `owner.${FENCE}`), "{}\n");
    await put(path.join(folder, `released.${FENCE}`), "");
    await disk.syncFolder(paths.blobs);
    await disk.syncFolder(folder);
    await makeFolders(disk, path.dirname(target));
    await disk.rename(folder, target);
    await disk.syncFolder(path.dirname(target));
  } finally {
    await erase(folder);
  }
}
