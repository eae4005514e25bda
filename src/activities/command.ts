/**
 * What shell steps and command gates share: one command run inside the workspace for one attempt, with its lines
 * going to the transcript. Owns folder, environment and the words for a stop; must not judge exit codes.
 */
import { constants } from "node:os";
import type { ActivityContext } from "../engine/activity.ts";
import type { Vault } from "../engine/secrets.ts";
import { allowedEnvironment } from "../process/environment.ts";
import { type CommandResult, runCommand } from "../process/run.ts";
import { shellCommand } from "../process/shell.ts";
import { SpawnError } from "../process/spawnError.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { ActivityOutcome, ShellRequest } from "../run/request.ts";
import { describeCommand } from "../util/shellQuote.ts";
import { resolveFolder } from "./folder.ts";
import { withSecrets } from "./withSecrets.ts";

export interface CommandDependencies {
  /** The host's environment, its PATH as a person's login shell has it. Only an allowed part reaches a command. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of variables that the person allowed beyond the usual ones. */
  readonly allowedVariables?: readonly string[];
  /** Gives the values of secrets to the commands that name them. */
  readonly secrets?: Pick<Vault, "resolve">;
  /** Entry file of the guard, where it does not lie beside the program. */
  readonly guardScript?: string;
  /** Bytes kept of each stream; default 1 MiB. */
  readonly maxOutputBytes?: number;
}

export type AttemptedCommand =
  /** It ended by itself. `exitCode`: its own, or 128 and the number of the signal that ended it, as shells count. */
  | { readonly type: "ended"; readonly exitCode: number; readonly result: CommandResult }
  /** It never started. */
  | { readonly type: "refused"; readonly failure: Failure; readonly missing: boolean }
  /** It was stopped, or nobody knows how it ended. `result`: what there was of it, once nothing of it runs any more. */
  | { readonly type: "broken"; readonly outcome: ActivityOutcome; readonly result?: CommandResult };

/** Runs one command of an attempt to its end. */
export async function attemptCommand(
  request: Omit<ShellRequest, "activity">,
  context: ActivityContext,
  dependencies: CommandDependencies,
): Promise<AttemptedCommand> {
  const folder = await resolveFolder(context.workspace, request.cwd);
  if (folder.type === "refused") return { ...folder, missing: false };
  const name = `\`${shortCommand(request.command)}\``;
  const never = failure("cancelled", `${name} was cancelled before it started.`);
  const { environment, allowedVariables, guardScript, maxOutputBytes } = dependencies;
  const own = await withSecrets(request.env ?? {}, dependencies.secrets);
  if ("code" in own) return { type: "refused", failure: own, missing: false };
  if (context.signal.aborted) return broken({ type: "failed", failure: never });
  const env = { ...allowedEnvironment(environment, allowedVariables), ...own.values };
  try {
    const result = await runCommand({
      ...shellCommand(request.command, env),
      cwd: folder.path,
      reopenable: true,
      env,
      guardRecord: context.guardRecord,
      signal: context.signal,
      onLine: (kind, text) => context.output({ kind, text }),
      ...(guardScript !== undefined && { guardScript }),
      ...(maxOutputBytes !== undefined && { maxOutputBytes }),
    });
    return judgeEnd(name, result, context);
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
    const missing = error.failure.code === "tool_unavailable";
    return { type: "refused", failure: error.failure, missing };
  }
}

/** A command as people read it, in one short line. */
export function shortCommand(command: string | readonly string[]): string {
  const line = describeCommand(command)
    .trim()
    .replace(/\s*\n\s*/g, "; ");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

function judgeEnd(name: string, result: CommandResult, context: ActivityContext): AttemptedCommand {
  if (result.gone === "unproven" && result.stopped) {
    const text = `${name} was stopped, but some of its processes may still run. Look for them and end them before you go on.`;
    return broken({ type: "unknown", failure: failure("outcome_unknown", text) });
  }
  if (result.stopped) {
    const text = `${name} was stopped after ${result.duration} s; nothing of it still runs.`;
    return { ...broken({ type: "failed", failure: failure("cancelled", text) }), result };
  }
  if (result.exitCode === null && result.signal === null) {
    const text = `The guard of ${name} was killed, so nobody saw how it ended. Check what it did, then retry or skip it.`;
    return broken({ type: "unknown", failure: failure("outcome_unknown", text) });
  }
  if (result.gone === "unproven") {
    context.output({
      kind: "note",
      text: "Some process that the command left behind may still run.",
    });
  }
  const ended = result.signal === null ? 0 : 128 + constants.signals[result.signal];
  return { type: "ended", exitCode: result.exitCode ?? ended, result };
}

function broken(outcome: ActivityOutcome): Extract<AttemptedCommand, { type: "broken" }> {
  return { type: "broken", outcome };
}
