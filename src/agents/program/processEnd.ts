/**
 * What the end of an agent's process means when the agent itself did not say: a failure in words, or an unknown outcome.
 * Owns those words for every agent that is a program. Knows no vendor.
 */
import type { CommandResult } from "../../process/run.ts";
import type { SpawnError } from "../../process/spawnError.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome, Effects } from "../../run/request.ts";
import { failed, stopped } from "../answer.ts";

/** A program that ended, how people call it, and whether it may have acted on the world. */
export interface EndedProgram {
  readonly title: string;
  readonly effects: Effects;
  readonly began: boolean;
  readonly result: CommandResult;
}

/** The outcome of a program that gave no word of its own. */
export function outcomeOfEnd({ title, effects, began, result }: EndedProgram): ActivityOutcome {
  if (result.stopped) {
    if (result.gone === "gone") return stopped(title, began ? effects : "repeatable");
    const message = `${title} was stopped, but some of its processes may still run. Look for them and end them before you go on.`;
    return { type: "unknown", failure: failure("outcome_unknown", message) };
  }
  const reason = withoutWord(title, began, result);
  return began && effects === "once" ? { type: "unknown", failure: reason } : failed(reason);
}

/** A program that could not be started; `install` is what to do, a sentence. */
export function notStarted(error: SpawnError, install: string): Failure {
  if (error.failure.code === "internal") return error.failure;
  return failure("agent_unavailable", `${error.said} ${install}`, error.failure.detail);
}

/** The last words of a program, for a failure. */
export function lastWords({ stderr, stdout }: Pick<CommandResult, "stderr" | "stdout">): string {
  return tail(stderr) || tail(stdout);
}

function withoutWord(title: string, began: boolean, result: CommandResult): Failure {
  const end =
    result.signal === null
      ? result.exitCode === null
        ? "ended unseen"
        : `exited with code ${result.exitCode}`
      : `was ended by ${result.signal}`;
  const when = began ? "in the middle of its answer" : "without an answer";
  const last = lastWords(result);
  const words = last === "" ? "It printed nothing." : `It printed last: ${last}`;
  const detail = { exit_code: result.exitCode, signal: result.signal, last };
  return failure("agent_error", `${title} ${end} ${when}. ${words}`, detail);
}

function tail(text: string): string {
  const lines = text.trim().split(/\r?\n/).slice(-5).join("\n");
  return lines.length <= 600 ? lines : `...${lines.slice(-597)}`;
}
