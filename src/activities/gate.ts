/** Performs the command checks of a gate step, one after the other. Reports; the run decides what passes. */
import type { Activity } from "../engine/activity.ts";
import type { GateRequest } from "../run/request.ts";
import { attemptCommand, type CommandDependencies } from "./command.ts";

/**
 * Completes with {commands: [{name, exit_code, stdout, stderr, duration, truncated}]} whatever the exit codes. A
 * command that cannot be started counts as a shell counts it: 127 when it is missing, otherwise 126, with the reason
 * as its stderr.
 */
export function createGateActivity(dependencies: CommandDependencies): Activity<GateRequest> {
  return async (request, context) => {
    const commands = [];
    for (const { name, command } of request.commands) {
      context.progress(`checking ${name}`);
      const attempted = await attemptCommand({ command }, context, dependencies);
      if (attempted.type === "broken") return attempted.outcome;
      if (attempted.type === "refused") {
        const { failure, missing } = attempted;
        if (failure.code === "internal") return { type: "failed", failure };
        const exit_code = missing ? 127 : 126;
        const stderr = failure.message;
        commands.push({ name, exit_code, stdout: "", stderr, duration: 0, truncated: false });
        continue;
      }
      const { stdout, stderr, duration, truncated } = attempted.result;
      commands.push({ name, exit_code: attempted.exitCode, stdout, stderr, duration, truncated });
    }
    return { type: "completed", result: { commands } };
  };
}
