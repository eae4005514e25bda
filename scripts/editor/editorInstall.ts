/**
 * A real VS Code from npm: installs code-server into the git-ignored cache, once for the whole machine's clone.
 * Owns the version and where it lies; knows neither browsers nor workspaces.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentFor, npm, ROOT } from "../bootstrap.mjs";
import { withLock } from "../lock.mjs";

const VERSION = "4.139.1";
const HOME = join(ROOT, ".cache", `editor-${VERSION}`);
const READY = join(HOME, "ready");
const PACKAGE = join(HOME, "node_modules", "code-server");

/**
 * Installs the editor where it is missing and answers the absolute path of its entry file, to be run by our own Node.
 * About a minute the first time; then at once. `say` gets one line before a long wait.
 */
export async function installEditor(say: (line: string) => void): Promise<string> {
  if (!existsSync(READY)) {
    await withLock(`${HOME}.lock`, {
      waiting: () => say("another process is installing the editor; waiting for it"),
      work: () => install(say),
    });
  }
  return join(PACKAGE, "out", "node", "entry.js");
}

async function install(say: (line: string) => void): Promise<void> {
  if (existsSync(READY)) {
    return;
  }
  say(`installing a local VS Code (code-server ${VERSION}, once, about a minute)`);
  const env = environmentFor(process.execPath);
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  writeFileSync(join(HOME, "package.json"), '{ "private": true }\n');
  // Its install scripts compile native modules that neither the tests nor a look around need (the terminal, loggers).
  const packageArgs = ["install", "--no-save", "--ignore-scripts", `code-server@${VERSION}`];
  await npm(packageArgs, { cwd: HOME, env });
  const innerArgs = ["install", "--omit=dev", "--ignore-scripts"];
  await npm(innerArgs, { cwd: join(PACKAGE, "lib", "vscode"), env });
  writeFileSync(READY, "");
}
