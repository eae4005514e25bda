/**
 * Packages from npm in a folder of the git-ignored cache, installed once: programs that tests and a look around need, and
 * that are no part of the product. Owns that folder and its lock; knows no package.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { environmentFor, npm } from "./bootstrap.mjs";
import { withLock } from "./lock.mjs";

export interface OnceInstalled {
  /** Absolute path of the folder: named after what is in it and its version, so that another version is another folder. */
  readonly home: string;
  /** `name@version`. */
  readonly packages: readonly string[];
  /** Further words for npm. */
  readonly flags?: readonly string[];
  /** Packages whose install scripts may run. */
  readonly scripts?: readonly string[];
  /** What has to be done besides; the folder counts as installed only after it. */
  readonly then?: (env: NodeJS.ProcessEnv) => Promise<void>;
  /** One line before a long wait. */
  readonly say: (line: string) => void;
}

/** Resolves once all of it is there; at once when it was. Rejects with a `SetupError` that says what is in the way. */
export async function installOnce(wanted: OnceInstalled): Promise<void> {
  const { home, say } = wanted;
  if (existsSync(join(home, "ready"))) return;
  await withLock(`${home}.lock`, {
    waiting: () => say(`another process is installing ${basename(home)}; waiting for it`),
    work: () => install(wanted),
  });
}

async function install(wanted: OnceInstalled): Promise<void> {
  const { home, packages, flags = [], scripts = [], then, say } = wanted;
  const ready = join(home, "ready");
  if (existsSync(ready)) return;
  say(`installing ${packages.join(", ")} (once)`);
  const env = environmentFor(process.execPath);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const allowScripts = Object.fromEntries(scripts.map((name) => [name, true]));
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true, allowScripts }));
  await npm(["install", "--no-save", ...flags, ...packages], { cwd: home, env });
  await then?.(env);
  writeFileSync(ready, "");
}
