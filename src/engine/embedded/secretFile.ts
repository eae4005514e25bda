/**
 * Secrets of somebody at a terminal: variables `FERMATA_SECRET_NAME`, or a file of names and values that nobody else
 * may read. Owns where they are looked for; keeps none.
 */
import { readFile, stat } from "node:fs/promises";
import type { SecretSource } from "../secrets.ts";

/** Begins the names of variables that hold secrets; no command and no expression gets to see them as variables. */
export const SECRET_VARIABLE = "FERMATA_SECRET_";

export interface SecretFile extends SecretSource {
  readonly file: string;
  /** Why the file is not read, as a sentence; undefined when it is fine or not there. */
  problem(): Promise<string | undefined>;
}

/** A source over an environment and a JSON file `{"NAME": "value"}`, which lies outside every workspace. */
export function openSecretFile(
  env: Readonly<Record<string, string | undefined>>,
  file: string,
): SecretFile {
  return {
    file,
    get: async (name) =>
      env[`${SECRET_VARIABLE}${name}`] ?? (await readTable(file)).table.get(name),
    names: async () => {
      const inEnv = Object.keys(env).filter((name) => name.startsWith(SECRET_VARIABLE));
      const inFile = (await readTable(file)).table.keys();
      return [...inEnv.map((name) => name.slice(SECRET_VARIABLE.length)), ...inFile];
    },
    problem: async () => (await readTable(file)).problem,
  };
}

interface Read {
  readonly table: ReadonlyMap<string, string>;
  readonly problem?: string;
}

async function readTable(file: string): Promise<Read> {
  const none = new Map<string, string>();
  const info = await stat(file).catch(() => undefined);
  if (!info) return { table: none };
  if (process.platform !== "win32" && (info.mode & 0o077) !== 0) {
    const problem = `${file} may be read by others, so it is not used. Make it yours alone: chmod 600 ${file}`;
    return { table: none, problem };
  }
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error();
    const texts = Object.entries(value).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, text] as const] : [],
    );
    return { table: new Map(texts) };
  } catch {
    // The parser's own words would quote what stands there.
    return { table: none, problem: `${file} is not a JSON object of names and texts. Correct it.` };
  }
}
