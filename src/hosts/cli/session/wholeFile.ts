/** Writes a file that a person named, whole or not at all. Knows nothing of what is in it. */
import { randomBytes } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";

/**
 * Puts the text into a file that is there whole or, when the disk refuses, stays as it was. What is no plain file, such
 * as a pipe, is written to. Rejects with the system's error.
 */
export async function writeWholeFile(file: string, text: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there && !there.isFile()) return writeFile(file, text);
  const target = there ? await realpath(file) : file;
  const temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx", ...(there ? { mode: there.mode } : {}) });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
