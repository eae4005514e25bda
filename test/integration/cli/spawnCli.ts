/**
 * The real CLI from source as a process of its own, over a workspace and a state folder that nobody else has.
 * Owns making and removing those; only the cache of compiled code is shared. Says nothing of what a command does.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const CLI = fileURLToPath(new URL("../../../src/hosts/cli/main.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  /** The workspace; commands run in it. */
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
  write(name: string, text: string): string;
  /** Runs one command to its end, without a terminal. */
  run(...args: readonly string[]): Promise<Ended>;
  /** Starts a command that somebody else will end. */
  start(...args: readonly string[]): ReturnType<typeof spawn>;
  remove(): void;
}

/** A fresh workspace, trusted by nobody. */
export function makePlace(env: NodeJS.ProcessEnv = {}): Place {
  const folder = mkdtempSync(join(tmpdir(), "fermata-cli-"));
  const workspace = mkdtempSync(join(folder, "ws-"));
  const around: NodeJS.ProcessEnv = {
    ...process.env,
    XDG_STATE_HOME: join(folder, "state"),
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_CACHE_HOME: fileURLToPath(new URL("../../../.cache/cli-tests", import.meta.url)),
    NO_COLOR: "1",
    ...env,
  };
  for (const name of ["FERMATA_FROM_NPM", "FORCE_COLOR", "NODE_TEST_CONTEXT"]) delete around[name];
  const start = (...args: readonly string[]) =>
    spawn(process.execPath, [CLI, ...args], {
      cwd: workspace,
      env: around,
      stdio: ["ignore", "pipe", "pipe"],
    });
  return {
    workspace,
    env: around,
    start,
    write: (name, text) => {
      const file = join(workspace, name);
      writeFileSync(file, text);
      return file;
    },
    run: (...args) => endOf(start(...args)),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** What a process said and how it ended. */
export function endOf(child: ReturnType<typeof spawn>): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
