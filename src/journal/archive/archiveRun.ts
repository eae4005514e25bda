/**
 * Puts a run's folder into one file and back. Owns the order that makes both safe: a file is renamed into its place
 * whole, and a run appears among the runs only once every byte of it is checked and on disk.
 */
import { createReadStream, createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { JournalFailure } from "../../engine/journal.ts";
import { createBlobStore } from "../blobs.ts";
import { type Disk, errorCode } from "../disk.ts";
import { readJournal } from "../read.ts";
import { makeFolders, runFolder, runPaths } from "../runFolder.ts";
import { type ArchivedFile, decodeArchive, encodeArchive, isArchivable } from "./archiveFormat.ts";
import { ArchiveRefused } from "./archiveRefused.ts";
import { readBytes } from "./byteReader.ts";

export interface ArchivePlace {
  readonly disk: Disk;
  /** The workspace's state folder. */
  readonly state: string;
  readonly random: (count: number) => Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Removes a folder with all that is in it; nothing happens when there is none. */
  readonly erase: (folder: string) => Promise<void>;
}

/** Lies in a run's folder that came from an archive. */
const RESTORED = "restored.json";

/** Where runs are put together, beside the folder of runs. */
export const ARRIVING = "arriving";

/**
 * Writes a run that nobody drives into a file that does not exist yet.
 * @throws JournalFailure when its journal cannot be read; the disk's errors, EEXIST among them
 */
export async function archiveRun(place: ArchivePlace, run: string, file: string): Promise<void> {
  const { disk, state, random, now } = place;
  const folder = runFolder(state, run);
  const { end } = await readWhole(disk, folder);
  let claimed = false;
  const temporary = `${file}.${Buffer.from(random(6)).toString("hex")}.tmp`;
  try {
    // An empty file takes the name and nobody's place; the whole one then comes over it.
    await disk.create(file, new Uint8Array());
    claimed = true;
    const parts = encodeArchive({ run, at: now() }, filesOf(disk, folder, end));
    const options = { flags: "wx", mode: 0o600 };
    await pipeline(parts, createGzip(), createWriteStream(temporary, options));
    await disk.syncFile(temporary);
    await disk.rename(temporary, file);
  } catch (error) {
    await disk.unlink(temporary).catch(() => {});
    if (claimed) await disk.unlink(file).catch(() => {});
    throw error;
  }
}

/**
 * Brings an archived run back among the runs, and gives its id.
 * @throws ArchiveRefused when the file is none, is broken, or its run is here already; the disk's errors
 */
export async function restoreRun(place: ArchivePlace, file: string): Promise<string> {
  const { disk, state, random, erase } = place;
  const archive = await decodeArchive(readBytes(unpacked(file)));
  const target = runFolder(state, archive.run);
  if ((await disk.stat(target)) !== undefined) throw hereAlready(archive.run);
  const arriving = path.join(state, ARRIVING);
  const folder = path.join(arriving, `${archive.run}.${Buffer.from(random(6)).toString("hex")}`);
  try {
    await makeFolders(disk, folder);
    await unpack(disk, folder, archive.files);
    await furnish(place, folder, archive.run, path.basename(file));
    await makeFolders(disk, path.dirname(target));
    await disk.rename(folder, target).catch((error: unknown) => {
      const code = errorCode(error);
      throw code === "ENOTEMPTY" || code === "EEXIST" ? hereAlready(archive.run) : error;
    });
    await disk.syncFolder(path.dirname(target));
  } finally {
    await erase(folder);
  }
  return archive.run;
}

/** True for a run that came from an archive: it goes on only when a person says so. */
export async function isRestored(disk: Disk, folder: string): Promise<boolean> {
  return (await disk.stat(path.join(folder, RESTORED))) !== undefined;
}

async function* filesOf(disk: Disk, folder: string, end: number): AsyncGenerator<ArchivedFile> {
  // The journal first: the values that it names are there already, whatever comes meanwhile.
  const journal = await disk.read(path.join(folder, "journal.jsonl"));
  yield { path: "journal.jsonl", bytes: journal.subarray(0, end) };
  for (const inner of ["blobs", "output"]) {
    const names = await disk.list(path.join(folder, inner)).catch((): string[] => []);
    for (const name of [...names].sort()) {
      if (!isArchivable(`${inner}/${name}`)) continue;
      yield { path: `${inner}/${name}`, bytes: await disk.read(path.join(folder, inner, name)) };
    }
  }
}

async function* unpacked(file: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(file);
  const chunks = stream.on("error", (error) => chunks.destroy(error)).pipe(createGunzip());
  try {
    yield* chunks;
  } catch (error) {
    const code = errorCode(error);
    if (code?.startsWith("Z_") || code === "ERR_ZLIB_INITIALIZATION_FAILED")
      throw new ArchiveRefused("it is broken or no archive of a run");
    throw error;
  } finally {
    stream.destroy();
  }
}

async function unpack(
  disk: Disk,
  folder: string,
  files: AsyncIterable<ArchivedFile>,
): Promise<void> {
  const paths = runPaths(folder);
  for (const inner of [paths.blobs, paths.output, paths.inbox]) await disk.makeFolder(inner);
  for await (const { path: name, bytes } of files) {
    const target = path.join(folder, ...name.split("/"));
    await disk.create(target, bytes);
    await disk.syncFile(target);
  }
  await Promise.all([disk.syncFolder(paths.blobs), disk.syncFolder(paths.output)]);
}

/** Checks the run in its folder, and gives it what archives do not carry. */
async function furnish(
  { disk, random, now }: ArchivePlace,
  folder: string,
  run: string,
  from: string,
): Promise<void> {
  const { header, records, fence, tornBytes } = await readWhole(disk, folder).catch(
    (error: unknown) => {
      if (error instanceof JournalFailure) throw new ArchiveRefused("the journal in it is broken");
      throw error;
    },
  );
  const [first] = records;
  if (header?.run !== run || first?.event.type !== "run_started" || first.event.run !== run)
    throw new ArchiveRefused("the journal in it is another run's");
  if (tornBytes > 0) throw new ArchiveRefused("the journal in it is cut short");
  const put = async (name: string, text: string): Promise<void> => {
    await disk.create(path.join(folder, name), Buffer.from(text));
    await disk.syncFile(path.join(folder, name));
  };
  await put("inbox.key", `${Buffer.from(random(32)).toString("hex")}\n`);
  // Whoever takes the run next must count on from its last owner.
  await put(`owner.${fence}`, "{}\n");
  await put(`released.${fence}`, "");
  await put(RESTORED, `${JSON.stringify({ from, at: now() })}\n`);
  await disk.syncFolder(folder);
}

function readWhole(disk: Disk, folder: string) {
  const { journal, blobs } = runPaths(folder);
  return readJournal(disk, journal, createBlobStore(disk, blobs, "archive"));
}

function hereAlready(run: string): ArchiveRefused {
  return new ArchiveRefused(`its run ${run} is here already`);
}
