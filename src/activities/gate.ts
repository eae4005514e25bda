/** Performs the checks of a gate step by commands and agents, one after the other. Reports; the run decides what passes. */
import type { Activity, ActivityContext } from "../engine/activity.ts";
import type { CommandResult } from "../process/run.ts";
import type {
  ActivityOutcome,
  AgentRequest,
  GateCommand,
  GateRequest,
  Usage,
} from "../run/request.ts";
import type { Json } from "../util/json.ts";
import { attemptCommand, type CommandDependencies } from "./command.ts";
import { placedIn, type Restore } from "./folder.ts";

/**
 * Completes with {commands: [{name, exit_code, stdout, stderr, duration, truncated}]} whatever the exit codes. A
 * command that cannot be started counts as a shell counts it: 127 (and `missing`) when it is missing, otherwise 126, with the reason
 * as its stderr. One that takes longer than its own time is stopped, with 124 and `timed_out`, its time in seconds; the
 * others go on.
 */
export function createGateActivity(
  dependencies: CommandDependencies,
  askAgent?: Activity<AgentRequest>,
  restore?: Restore,
): Activity<GateRequest> {
  return async (request, outer) => {
    const context = await placedIn(request.folder, outer, restore);
    if ("code" in context) return { type: "failed", failure: context };
    const commands: Json[] = [];
    for (const check of request.commands) {
      context.progress(`checking ${check.name}`);
      const ran = await runCheck(check, context, dependencies);
      if ("type" in ran) return ran;
      commands.push({ name: check.name, ...ran });
    }
    if (request.questions === undefined) return { type: "completed", result: { commands } };
    const asked = await askAll(request.questions, context, askAgent);
    const { answers, usage } = asked;
    return { type: "completed", result: { commands, answers }, ...(usage ? { usage } : {}) };
  };
}

/** What one command came to, or the end of the attempt. */
async function runCheck(
  { command, timeout }: GateCommand,
  context: ActivityContext,
  dependencies: CommandDependencies,
): Promise<Ran | ActivityOutcome> {
  const limit = limited(context.signal, timeout);
  const own = { ...context, signal: limit.signal };
  const attempted = await attemptCommand({ command }, own, dependencies);
  switch (attempted.type) {
    case "ended":
      return { exit_code: attempted.exitCode, ...shown(attempted.result) };
    case "refused": {
      const { failure, missing } = attempted;
      if (failure.code === "internal") return { type: "failed", failure };
      const said = { ...NOTHING, stderr: failure.message };
      return missing ? { exit_code: 127, ...said, missing } : { exit_code: 126, ...said };
    }
    case "broken": {
      const { outcome, result = NOTHING } = attempted;
      if (!limit.over() || outcome.type !== "failed") return outcome;
      return { exit_code: TIMED_OUT, timed_out: (timeout ?? 0) / 1000, ...shown(result) };
    }
  }
}

type Shown = Pick<CommandResult, "stdout" | "stderr" | "duration" | "truncated">;

type Ran = Shown & {
  readonly exit_code: number;
  readonly timed_out?: number;
  readonly missing?: true;
};

function shown({ stdout, stderr, duration, truncated }: Shown): Shown {
  return { stdout, stderr, duration, truncated };
}

/** As `timeout` of the shell counts it. */
const TIMED_OUT = 124;
/** What a command said that never began. */
const NOTHING = { stdout: "", stderr: "", duration: 0, truncated: false };

/** The signal of one check, and whether it ended because the check's own time was up. */
function limited(
  attempt: AbortSignal,
  timeout: number | undefined,
): { readonly signal: AbortSignal; readonly over: () => boolean } {
  if (timeout === undefined) return { signal: attempt, over: () => false };
  const timer = AbortSignal.timeout(timeout);
  return {
    signal: AbortSignal.any([attempt, timer]),
    over: () => timer.aborted && !attempt.aborted,
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
  for (const { name, timeout, ...question } of questions) {
    context.progress(`judging ${name}`);
    const limit = limited(context.signal, timeout);
    const own = { ...context, signal: limit.signal };
    const outcome = await askAgent?.({ activity: "agent", ...question }, own);
    if (outcome && outcome.type !== "unknown" && outcome.usage)
      usage = usage ? sum(usage, outcome.usage) : outcome.usage;
    answers[name] =
      outcome?.type === "completed"
        ? outcome.result
        : { problem: limit.over() ? tooLong(timeout) : problemOf(outcome) };
  }
  return usage ? { answers, usage } : { answers };
}

function tooLong(timeout = 0): string {
  return `it took longer than ${timeout / 1000} s and was stopped; raise the step's timeout if it needs more`;
}

function problemOf(outcome: Exclude<ActivityOutcome, { type: "completed" }> | undefined): string {
  return outcome?.failure.message ?? "no agent can be asked here";
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
