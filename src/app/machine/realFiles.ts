/** The files of a person and of a workspace, on the real disk. Never the journals: those have a disk of their own. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { readPlainFile } from "../../search/plainFile.ts";
import type { Files } from "../files.ts";

/** What a person wrote to be read is smaller. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

export const realFiles: Files = {
  readText: async (file) => {
    const bytes = await readPlainFile(file, { most: MAX_TEXT_BYTES }).catch(() => undefined);
    return bytes?.toString("utf8");
  },
  isInside: async (folder, file) => {
    const [root, found] = await Promise.all([folder, file].map(realPathOf));
    if (root === undefined || found === undefined) return false;
    const between = path.relative(root, found);
    return between !== ".." && !between.startsWith(`..${path.sep}`) && !path.isAbsolute(between);
  },
  writeText: async (file, text) => {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await put(file, text, 0o600);
  },
  replaceText: async (file, text) => {
    const target = await realpath(file);
    const { mode } = await stat(target);
    await put(target, text, mode);
  },
  list: async (folder) => (await readdir(folder).catch((): string[] => [])).sort(),
  join: (...parts) => path.join(...parts),
  resolve: (base, file) => path.resolve(base, file),
  folderOf: (file) => path.dirname(file),
};

/** The whole text or, when the disk refuses, what was there before. */
async function put(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(temporary, text, { mode });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

function realPathOf(file: string): Promise<string | undefined> {
  return realpath(file).catch(() => undefined);
}
