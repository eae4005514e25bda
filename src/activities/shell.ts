/** Performs a shell step: one command, its output and its exit code. Never retries. */
import type { Activity } from "../engine/activity.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { ShellRequest } from "../run/request.ts";
import { attemptCommand, type CommandDependencies, shortCommand } from "./command.ts";

/**
 * Completes with {stdout, stderr, exit_code, duration in seconds, truncated} on exit code 0; fails with
 * `command_failed` and the same as detail on any other. Aborted, it stops the whole tree and fails as `cancelled`.
 */
export function createShellActivity(dependencies: CommandDependencies): Activity<ShellRequest> {
  return async (request, context) => {
    context.progress(`running ${shortCommand(request.command)}`);
    const attempted = await attemptCommand(request, context, dependencies);
    if (attempted.type === "broken") return attempted.outcome;
    if (attempted.type === "refused") return { type: "failed", failure: attempted.failure };
    const { exitCode, result } = attempted;
    const { stdout, stderr, duration, truncated } = result;
    const value = { stdout, stderr, exit_code: exitCode, duration, truncated };
    if (exitCode === 0) return { type: "completed", result: value };
    return { type: "failed", failure: explainExit(request, value, result.signal) };
  };
}

type ShellResult = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly duration: number;
  readonly truncated: boolean;
};

function explainExit(request: ShellRequest, value: ShellResult, signal: string | null): Failure {
  const name = shortCommand(request.command);
  const end = signal === null ? `exited with code ${value.exit_code}` : `was ended by ${signal}`;
  const lines = lastLines(value.stderr) || lastLines(value.stdout);
  const said = lines === "" ? "It printed nothing." : `It said last: ${lines}`;
  const message = `\`${name}\` ${end}. ${said}\nCorrect the command or what it checks, then retry.`;
  return failure("command_failed", message, value);
}

/** The end of a text: at most five lines and 500 characters. */
function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n").slice(-500).trim();
}
