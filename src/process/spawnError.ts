/**
 * A command that could not be started, in words. Owns the wording of every such failure; callers that know better
 * what was missing (an agent, a tool server) keep the message and give their own code.
 */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Failure, failure } from "../run/failure.ts";
import { describeCommand } from "../util/shellQuote.ts";
import { findCommand } from "./path.ts";

/** Rejection of `spawnGuarded`; `failure` is what to report. */
export class SpawnError extends Error {
  readonly failure: Failure;
  /** The system's code: ENOENT, EACCES, E2BIG. */
  readonly code: string;
  /** What happened, without the next move where a caller may know a better one. */
  readonly said: string;
  constructor(reported: Failure, code: string, said = reported.message) {
    super(reported.message);
    this.name = "SpawnError";
    this.failure = reported;
    this.code = code;
    this.said = said;
  }
}

export interface RefusedCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Explains why a command was not started, by the system's code or the guard's: RECORD, GUARD (it did not run). */
export async function explainRefusal(
  refused: RefusedCommand,
  code: string,
  message: string,
): Promise<SpawnError> {
  const { command, cwd } = refused;
  const name = command[0] ?? "";
  if (code === "RECORD") {
    const text = `Could not record the guard of \`${name}\`, so it was not started: ${message}. Check the state folder's space and permissions.`;
    return new SpawnError(failure("internal", text), code);
  }
  if (code === "GUARD") {
    const text = `The guard of \`${name}\` did not run: ${message}. Check that Fermata is installed whole, then retry.`;
    return new SpawnError(failure("internal", text), code);
  }
  if (code === "ENOENT" || code === "EACCES" || code === "ENOTDIR") {
    if (!(await isFolder(cwd))) {
      const text = `Cannot run \`${name}\`: its working folder ${cwd} does not exist or is no folder. Create it or correct \`cwd\`.`;
      return new SpawnError(failure("invalid_input", text), code);
    }
    return await explainMissing(refused, name, code);
  }
  const text = `Could not start \`${describeCommand(command).slice(0, 200)}\`: ${message}. Correct the command.`;
  return new SpawnError(failure("invalid_input", text, { code }), code);
}

async function explainMissing(
  { env, cwd }: RefusedCommand,
  name: string,
  code: string,
): Promise<SpawnError> {
  const path = env.PATH ?? "";
  const detail = { command: name, cwd, path };
  const found = await findCommand(name, path);
  if (found === undefined && code !== "EACCES") {
    const [said, fix] = /[\\/]/.test(name)
      ? [`There is no program ${resolve(cwd, name)}.`, "Put it there, or correct the path."]
      : [
          `There is no command \`${name}\`. Searched: ${path || "(PATH is empty)"}.`,
          "Install it, or give its full path.",
        ];
    return new SpawnError(failure("tool_unavailable", `${said} ${fix}`, detail), code, said);
  }
  const text =
    found !== undefined
      ? `Found ${found} but the system cannot run it; the program named in its first line is missing or not allowed. Check that line.`
      : `\`${name}\` is not executable. Make it so (chmod +x) or run it through its interpreter.`;
  return new SpawnError(failure("tool_unavailable", text, detail), code);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
