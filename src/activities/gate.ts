/** Performs the checks of a gate step by commands and agents, one after the other. Reports; the run decides what passes. */
import type { Activity, ActivityContext } from "../engine/activity.ts";
import type { AgentRequest, GateRequest, Usage } from "../run/request.ts";
import type { Json } from "../util/json.ts";
import { attemptCommand, type CommandDependencies } from "./command.ts";

/**
 * Completes with {commands: [{name, exit_code, stdout, stderr, duration, truncated}]} whatever the exit codes. A
 * command that cannot be started counts as a shell counts it: 127 when it is missing, otherwise 126, with the reason
 * as its stderr.
 */
export function createGateActivity(
  dependencies: CommandDependencies,
  askAgent?: Activity<AgentRequest>,
): Activity<GateRequest> {
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
    if (request.questions === undefined) return { type: "completed", result: { commands } };
    const asked = await askAll(request.questions, context, askAgent);
    const { answers, usage } = asked;
    return { type: "completed", result: { commands, answers }, ...(usage ? { usage } : {}) };
  };
}

/** What each agent answered; an answer that failed leaves its problem in its place. */
async function askAll(
  questions: NonNullable<GateRequest["questions"]>,
  context: ActivityContext,
  askAgent: Activity<AgentRequest> | undefined,
): Promise<{ readonly answers: Record<string, Json>; readonly usage?: Usage }> {
  const answers: Record<string, Json> = {};
  let usage: Usage | undefined;
  for (const { name, ...question } of questions) {
    context.progress(`judging ${name}`);
    const outcome = await askAgent?.({ activity: "agent", ...question }, context);
    if (outcome && outcome.type !== "unknown" && outcome.usage)
      usage = usage ? sum(usage, outcome.usage) : outcome.usage;
    answers[name] =
      outcome?.type === "completed"
        ? outcome.result
        : { problem: outcome?.failure.message ?? "no agent can be asked here" };
  }
  return usage ? { answers, usage } : { answers };
}

/** What they cost together is only known when both prices are. */
function sum(a: Usage, b: Usage): Usage {
  const known = a.cost_usd !== undefined && b.cost_usd !== undefined;
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    ...(known ? { cost_usd: (a.cost_usd ?? 0) + (b.cost_usd ?? 0) } : {}),
    ...(a.estimated || b.estimated ? { estimated: true } : {}),
  };
}
