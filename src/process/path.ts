/**
 * Where commands are found: looking a name up in a PATH, and the PATH of a person's login shell, which an editor
 * started from a desktop does not have. Owns the lookup; caches nothing.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { sendSignal } from "./tree/tree.ts";

/** The executable file that `name` means with this PATH (a `delimiter`-separated list), or undefined. */
export async function findCommand(name: string, path: string): Promise<string | undefined> {
  const pathed = /[\\/]/.test(name);
  const folders = pathed || isAbsolute(name) ? [""] : path.split(delimiter).filter((f) => f !== "");
  for (const folder of folders) {
    for (const ending of ENDINGS) {
      const file = folder === "" ? name + ending : join(folder, name + ending);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

const ENDINGS =
  process.platform === "win32"
    ? ["", ...(process.env.PATHEXT ?? ".EXE;.CMD;.BAT").split(";")]
    : [""];

export interface LoginShellOptions {
  /** Absolute path of the person's shell, `$SHELL`. */
  readonly shell: string;
  readonly timeoutMs: number;
}

/**
 * The PATH that an interactive login shell ends up with, or undefined when the shell fails or takes too long. Not
 * guarded: what a profile starts (an ssh-agent) is the person's and stays.
 */
export async function loginShellPath(options: LoginShellOptions): Promise<string | undefined> {
  const { shell, timeoutMs } = options;
  // An outside program prints it: every shell spells its own variables differently.
  const script = `echo ${BEGIN}; /usr/bin/env printenv PATH; echo ${END}`;
  const child = spawn(shell, ["-i", "-l", "-c", script], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
    windowsHide: true,
  });
  let text = "";
  return await new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve(between(text));
    };
    const timer = setTimeout(() => {
      hangUp(child);
      settle();
    }, timeoutMs);
    child.on("error", settle);
    // The printed end counts, not the stream's: a background process of the profile may hold it open.
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (between(text) !== undefined) settle();
    });
    child.stdout.on("end", settle);
  });
}

/**
 * Ends a shell as a terminal that is closed does, so that a profile in the middle of its work removes its locks: one left
 * behind would hold up every shell of the person. What does not care is killed.
 */
function hangUp(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  sendSignal(-pid, "SIGHUP");
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) sendSignal(-pid, "SIGKILL");
  };
  setTimeout(kill, PATIENCE_MS).unref();
}

const PATIENCE_MS = 2_000;
const BEGIN = "fermata-path-begins";
const END = "fermata-path-ends";

function between(text: string): string | undefined {
  const found = new RegExp(`${BEGIN}\\r?\\n(.+?)\\r?\\n${END}`).exec(text)?.[1]?.trim();
  return found === "" ? undefined : found;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false;
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
