/**
 * What becomes of a failure: another attempt, a question to a person, the step's own handling, or the end of the task.
 * The only place that decides about retries (DESIGN promise 9).
 */
import { seededRandom } from "../../expression/random.ts";
import type { RetryPolicy } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import { type Failure, isTransient } from "../failure.ts";
import type { OpenTask, RunState } from "../state.ts";
import type { Moment } from "./scope.ts";
import type { Standing } from "./standing.ts";

/** Attempts of one task that may call an agent, whatever the reason, unless the workflow says otherwise. */
export const MAX_CALLS = 8;

/** The next command for a task whose attempt ended without a result. */
export function settle(moment: Moment, task: OpenTask): readonly Command[] {
  if (task.state.is !== "settled") return [];
  const { failure, unknown, host_died } = task.state;
  if (moment.state.status === "cancelling") return [];
  if (!unknown)
    return mayRetry(moment.state, task, failure)
      ? [retry(moment, task, failure)]
      : finallyFail(task, failure);
  const again = host_died || mayRetry(moment.state, task, failure);
  const callable = task.attempts < callLimit(moment.state, task);
  if (task.effects === "repeatable") {
    return again && callable ? [retry(moment, task, failure)] : finallyFail(task, failure);
  }
  if (failure.code === "timeout" && !again) return finallyFail(task, failure);
  return [askForOutcome(task, failure)];
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
    return [{ event: { type: "task_closed", path, status: "done", result: { error: { ...at } } } }];
  }
  if (typeof step.on_error === "object" && !handled) {
    return [{ event: { type: "task_opened", path, opening: { kind: "handler", failure: at } } }];
  }
  return [{ event: { type: "task_closed", path, status: "failed", failure: at } }];
}

function mayRetry(state: RunState, task: OpenTask, failure: Failure): boolean {
  const policy = task.step.retry;
  if (!policy || failure.code === "cancelled" || failure.code === "rejected") return false;
  if (task.attempts - task.lost >= policy.max_attempts) return false;
  if (task.attempts >= callLimit(state, task)) return false;
  if (policy.non_retryable?.includes(failure.code)) return false;
  return policy.retry_on ? policy.retry_on.includes(failure.code) : isTransient(failure);
}

function callLimit(state: RunState, task: OpenTask): number {
  if (task.request?.activity !== "agent") return Number.POSITIVE_INFINITY;
  return state.started.bundle.workflows[task.frame.body.workflow]?.limits.max_calls ?? MAX_CALLS;
}

function retry(moment: Moment, task: OpenTask, failure: Failure): Command {
  const policy = task.step.retry;
  const delay =
    policy && task.state.is === "settled" && !task.state.host_died
      ? pause(moment, task, policy)
      : 0;
  return {
    event: {
      type: "retry_scheduled",
      path: task.path,
      attempt: task.attempts + 1,
      due: moment.at + delay,
      ...(failure.code === "invalid_output" ? { correction: failure.message } : {}),
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

function askForOutcome(task: OpenTask, failure: Failure): Command {
  const message =
    `Nobody knows whether attempt ${task.attempts} of ${task.step.name ?? task.step.id} took effect: ${failure.message} ` +
    "Look at what it may have changed, then choose: retry makes a new attempt, done counts it as finished without a " +
    "result, fail counts it as failed.";
  return {
    event: {
      type: "breakpoint_opened",
      path: task.path,
      id: `${task.path}@${task.questions + 1}`,
      form: { kind: "outcome", message, options: ["retry", "done", "fail"] },
    },
  };
}
