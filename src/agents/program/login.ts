/**
 * What shows, without starting anything, that a vendor's program is here and somebody logged in to it.
 * Owns looking into files for a sign. Reads no secret's value into anything that is kept.
 */
import { access, readFile } from "node:fs/promises";
import type { Detected, Setting } from "../adapter.ts";

export interface FoundProgram {
  /** Absolute path of the program; undefined when it is not on the PATH. */
  readonly program?: string;
  /** What shows that someone logged in: the name of a variable or a file, never its value. */
  readonly credentials?: string;
}

/** What a look for a vendor's program came to. */
export function detectedProgram(name: string, found: FoundProgram): Detected | undefined {
  const { program, credentials } = found;
  if (credentials !== undefined) return { found: `found ${name} on PATH` };
  return program === undefined ? undefined : { amiss: `${name} is not logged in` };
}

/** The setting that names another program than the one of the PATH. */
export function programSetting(name: string): Setting {
  return {
    form: "words",
    separator: "space",
    describes: `The program to run in place of \`${name}\` on the PATH, with its first arguments.`,
  };
}

export async function fileExists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** True when a file is there and one of its lines fits. */
export async function fileSays(file: string, words: RegExp): Promise<boolean> {
  return readFile(file, "utf8").then(
    (text) => words.test(text),
    () => false,
  );
}
