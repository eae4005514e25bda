/**
 * Drafts on disk, each a file that is there whole or as it was before: what was reported as kept outlives the window,
 * its extension host and the machine's power. Knows no editor, and not what a draft says.
 */
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { shortHash } from "../../../util/hash.ts";
import { isObject, type Json } from "../../../util/json.ts";

export interface DraftFiles {
  /** What was there when the folder was opened. */
  readonly found: ReadonlyMap<string, Json>;
  /** Resolves once it is on the disk; undefined takes the file away. Rejects with the system's error. */
  write(key: string, value: Json | undefined): Promise<void>;
}

const ENDING = ".json";

/** Opens a folder, which is made with the first draft. What no draft can be read from is left out, and stays. */
export async function openDraftFiles(folder: string): Promise<DraftFiles> {
  const names = await readdir(folder).catch((): string[] => []);
  const read = await Promise.all(
    names.filter((name) => name.endsWith(ENDING)).map((name) => readDraftFile(join(folder, name))),
  );
  let last: Promise<void> = Promise.resolve();
  return {
    found: new Map(read.flat()),
    write: (key, value) => {
      const file = join(folder, `${shortHash(key)}${ENDING}`);
      const turn = () =>
        value === undefined ? remove(folder, file) : put(folder, file, { key, value });
      // In the order of the calls, whatever became of the one before.
      const done = last.then(turn);
      last = done.catch(() => undefined);
      return done;
    },
  };
}

async function readDraftFile(file: string): Promise<readonly (readonly [string, Json])[]> {
  try {
    const stored: unknown = JSON.parse(await readFile(file, "utf8"));
    if (!isObject(stored) || typeof stored.key !== "string") return [];
    return [[stored.key, stored.value ?? null]];
  } catch {
    return [];
  }
}

async function put(folder: string, file: string, draft: Json): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Another window on this folder may write the same draft.
  const temporary = `${file}.${process.pid}`;
  try {
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.writeFile(JSON.stringify(draft));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

async function remove(folder: string, file: string): Promise<void> {
  await rm(file, { force: true });
  await syncFolder(folder);
}

/** The name is on the disk too, where the system can be asked for that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
