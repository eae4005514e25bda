/**
 * What becomes of a failure: another attempt, a question to a person, the step's own handling, or the end of the task.
 * The only place that decides about retries (DESIGN promise 9).
 */
import { seededRandom } from "../../expression/random.ts";
import { withoutMiddle } from "../../util/shorten.ts";
import type { RetryPolicy } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import { type Failure, type FailureCode, failure, isTransient } from "../failure.ts";
import type { ActivityRequest } from "../request.ts";
import type { OpenTask, RunState } from "../state.ts";
import { noAnswer } from "../supervise/validate.ts";
import { limitAt } from "./flow/limits.ts";
import { workReplaced } from "./gates/workEnd.ts";
import type { Moment } from "./scope.ts";
import type { Standing } from "./standing.ts";

/** The next command for a task whose attempt ended without a result. */
export function settle(moment: Moment, task: OpenTask): readonly Command[] {
  if (task.state.is !== "settled") return [];
  const { failure, unknown, host_died } = task.state;
  if (moment.state.status === "cancelling" && !moment.state.undoing) return [];
  if (task.cut) return finallyFail(task, failure);
  if (!unknown)
    return mayRetry(moment.state, task, failure)
      ? [retry(moment, task, failure)]
      : giveUp(task, failure);
  const again = host_died || mayRetry(moment.state, task, failure, true);
  const callable = task.request === undefined || !callsSpent(moment.state, task, task.request);
  if (task.effects === "repeatable" || task.state.unbegun) {
    return again && callable ? [retry(moment, task, failure)] : giveUp(task, failure);
  }
  if (failure.code === "timeout" && !again) return giveUp(task, failure);
  return [askForOutcome(task, failure)];
}

/** What becomes of a task whose attempt came back with something that counts as a failure. */
export function failAttempt(
  moment: Moment,
  standing: Standing,
  failure: Failure,
): readonly Command[] {
  const { task } = standing;
  const planned = task?.step.kind === "plan" && PLANNED.has(task.state.is);
  const judged = task?.state.is === "judged" || task?.opening?.kind === "gates" || planned;
  return judged && task.request && mayRetry(moment.state, task, failure)
    ? [retry(moment, task, failure)]
    : finallyFail(standing, failure);
}

/** Where a plan that cannot be carried out stands: as its agent gave it, or as a person took it. */
const PLANNED: ReadonlySet<OpenTask["state"]["is"]> = new Set(["performed", "answered"]);

/** True when this task may call its agent no more. */
export function callsSpent(state: RunState, task: OpenTask, request: ActivityRequest): boolean {
  const calls = request.activity === "agent" || request.activity === "gate";
  const asks = request.activity !== "gate" || request.questions !== undefined;
  return calls && asks && !callsLeft(state, task);
}

/** True while a task may call an agent, whichever and for whatever. */
export function callsLeft(state: RunState, task: OpenTask): boolean {
  const owner = task.frame.kind === "review" ? (task.frame.owner ?? task) : task;
  return owner.attempts + (owner.supervised?.calls ?? 0) < callLimit(state, owner);
}

/** The failure of a task that may call its agent no more. */
export function tooManyCalls(state: RunState, task: OpenTask): Failure {
  const title = task.step.name ?? task.step.id;
  const limit = callLimit(state, task);
  return failure(
    "limit_exceeded",
    `${title} has made all the agent calls it may (limits.max_calls: ${limit}). Start a new run, with a higher limit if it needs more.`,
    { limit: "max_calls", figure: limit },
  );
}

/** What a failure leads to once no further attempt is to be made. */
export function finallyFail(standing: Standing, failure: Failure): readonly Command[] {
  const { path, step } = standing;
  const at: Failure = failure.path === undefined ? { ...failure, path } : failure;
  if (failure.code === "rejected") {
    return [{ event: { type: "task_closed", path, status: "rejected", failure: at } }];
  }
  const handled = standing.task?.opening?.kind === "handler";
  if (step.on_error === "continue") {
    return [workReplaced(standing, { error: { ...at } }, at)];
  }
  if (typeof step.on_error === "object" && !handled) {
    return [{ event: { type: "task_opened", path, opening: { kind: "handler", failure: at } } }];
  }
  return [{ event: { type: "task_closed", path, status: "failed", failure: at } }];
}

/** An attempt that came to nothing is, under supervision, an answer that is not valid: what follows is decided as ever. */
function giveUp(task: OpenTask, failure: Failure): readonly Command[] {
  const { path, supervised } = task;
  const said = task.step.kind === "worker_call" && failure.code === "tool_error";
  if (!supervised || !(said || NO_ANSWER.has(failure.code))) return finallyFail(task, failure);
  const { iteration } = supervised;
  return [{ event: { type: "response_validated", path, iteration, ...noAnswer(failure.message) } }];
}

/** Failures of an answer, not of what an answer needs: another iteration may do better. */
const NO_ANSWER: ReadonlySet<FailureCode> = new Set([
  "timeout",
  "agent_error",
  "invalid_output",
  "network",
]);

/** An unknown outcome is not a failure that `retry_on` could name; only a time-out is, whose processes are stopped. */
function mayRetry(state: RunState, task: OpenTask, failure: Failure, unknown = false): boolean {
  const policy = task.step.retry;
  if (!policy || task.attempts === 0 || failure.code === "cancelled" || failure.code === "rejected")
    return false;
  if (task.attempts - task.lost >= policy.max_attempts) return false;
  if (task.request && callsSpent(state, task, task.request)) return false;
  if (policy.non_retryable?.includes(failure.code)) return false;
  if (unknown && failure.code !== "timeout") return true;
  return policy.retry_on ? policy.retry_on.includes(failure.code) : isTransient(failure);
}

function callLimit(state: RunState, task: OpenTask): number {
  return limitAt(state, task.frame, "max_calls");
}

function retry(moment: Moment, task: OpenTask, failure: Failure): Command {
  const policy = task.step.retry;
  const hostDied = task.state.is === "settled" && task.state.host_died;
  const delay = policy && !hostDied ? pause(moment, task, policy) : 0;
  const mendable = failure.code === "invalid_output" || failure.code === "gate_failed";
  const correction = mendable ? failure.message : task.correction;
  return {
    event: {
      type: "retry_scheduled",
      path: task.path,
      attempt: task.attempts + 1,
      due: moment.at + delay,
      ...(correction === undefined ? {} : { correction }),
    },
  };
}

/** Milliseconds before the next attempt, with jitter drawn from the run's own seed. */
function pause(moment: Moment, task: OpenTask, policy: RetryPolicy): number {
  const made = Math.max(1, task.attempts - task.lost);
  const factor =
    policy.backoff === "fixed" ? 1 : policy.backoff === "linear" ? made : 2 ** (made - 1);
  const full = Math.min(policy.delay * factor, policy.max_delay ?? Number.POSITIVE_INFINITY);
  if (!policy.jitter) return Math.round(full);
  const draw = seededRandom(moment.state.started.seed, `${task.path}!retry`, task.attempts)();
  return Math.round(full * (1 - policy.jitter * draw));
}

/** What the attempt wanted to do and could not, because nobody had answered. */
function unanswered({ pending = [] }: OpenTask): string {
  if (pending.length === 0) return "";
  const asked = pending.map((message) => withoutMiddle(message, 2_000)).join("\n\n");
  return `\n\nIt was asking for this when its host died, and nobody had answered:\n\n${asked}`;
}

function askForOutcome(task: OpenTask, { message: said }: Failure): Command {
  const title = task.step.name ?? task.step.id;
  const why = /[.!?]$/.test(said) ? said : `${said}.`;
  const done =
    task.step.kind === "approve"
      ? "done shows the plan as it was before"
      : "done counts it as finished without a result";
  const message =
    `Nobody knows whether attempt ${task.attempts} of ${title} took effect: ${why} ` +
    `Look at what it may have changed, then choose: retry makes a new attempt, ${done}, fail counts it as failed.${unanswered(task)}`;
  return {
    event: {
      type: "breakpoint_opened",
      path: task.path,
      id: `${task.path}@${task.questions + 1}`,
      form: { kind: "outcome", message, options: ["retry", "done", "fail"] },
    },
  };
}
