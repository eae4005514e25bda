/**
 * What ends because it has used up what it may: the commands that stop it, and the words for each limit.
 * Looks at accounts; keeps none.
 */
import { formatDuration } from "../../../workflow/duration.ts";
import { type Account, accountPath, workflowKey } from "../../account.ts";
import type { Command } from "../../command.ts";
import { type Failure, failure } from "../../failure.ts";
import type { OpenTask, RunState } from "../../state.ts";
import type { Moment } from "../scope.ts";

/** The commands that end a run whose time is up; undefined while it is not. */
export function haltRun(moment: Moment): readonly Command[] | undefined {
  const { state } = moment;
  const account = state.accounts.get("");
  if (!account || !isDue(account, moment.at)) return undefined;
  const reached = timeUp(state, account);
  const stopped = [...state.open.values()].flatMap((task) => stop(task, "the run"));
  return [...stopped, { event: { type: "limit_reached", failure: reached } }];
}

/** The commands that end a task whose time is up; undefined while it is not. */
export function cutTask(moment: Moment, task: OpenTask): readonly Command[] | undefined {
  const account = dueAccount(moment, task);
  if (!account || task.cut) return undefined;
  const reached = timeUp(moment.state, account);
  const stopped = inside(task).flatMap((inner) => stop(inner, task.step.name ?? task.step.id));
  return [...stopped, { event: { type: "limit_reached", path: task.path, failure: reached } }];
}

/** The outermost task at or around a path that was cut or has to be: nothing inside it goes on. */
export function heldAt(moment: Moment, task: OpenTask | undefined): OpenTask | undefined {
  if (moment.state.accounts.size === 1) return undefined;
  let held: OpenTask | undefined;
  for (let at = task; at; at = at.frame.owner) if (at.cut || dueAccount(moment, at)) held = at;
  return held;
}

/** The soonest time at which an account's time is up, in ms since the epoch. */
export function accountDues(state: RunState): readonly (readonly [string, number])[] {
  return [...state.accounts.values()].flatMap(({ key, deadline, stopped_at }) =>
    deadline === undefined || stopped_at !== undefined ? [] : [[accountPath(key), deadline]],
  );
}

function dueAccount({ state, at }: Moment, { path }: OpenTask): Account | undefined {
  if (state.accounts.size === 1) return undefined;
  const own = [state.accounts.get(path), state.accounts.get(workflowKey(path))];
  return own.find((account) => account && isDue(account, at));
}

function isDue({ deadline, stopped_at }: Account, at: number): boolean {
  return deadline !== undefined && stopped_at === undefined && deadline <= at;
}

function inside(task: OpenTask): readonly OpenTask[] {
  const within = [...task.frames.values()].flatMap(({ current }) =>
    current ? inside(current) : [],
  );
  return [task, ...within];
}

/** Stops an attempt that executes; whoever retries its task makes another. */
function stop(task: OpenTask, around: string): readonly Command[] {
  if (task.state.is !== "running") return [];
  const attempt = { path: task.path, attempt: task.attempts, token: task.state.token };
  const message = `${task.step.name ?? task.step.id} was stopped, because the time of ${around} was up.`;
  return [
    {
      event: {
        type: "attempt_timed_out",
        ...attempt,
        failure: failure("outcome_unknown", message),
        cut: true,
      },
      effect: { type: "stop", ...attempt },
    },
  ];
}

function timeUp(state: RunState, { key, limits }: Account): Failure {
  const time = formatDuration(limits.timeout ?? 0);
  const task = state.open.get(accountPath(key));
  const detail = { limit: "timeout", figure: limits.timeout ?? 0 };
  const left = "time spent waiting for people is not counted";
  if (!task) {
    const message = `The run took longer than its limits.timeout of ${time} (${left}). Raise limits.timeout in ${state.started.bundle.main}, then retry it or start anew.`;
    return failure("limit_exceeded", message, detail);
  }
  const title = task.step.name ?? task.step.id;
  if (key === task.path) {
    const message = `${title} took longer than its total_timeout of ${time} (all its attempts; ${left}). Raise its total_timeout if it needs more.`;
    return failure("timeout", message, { ...detail, limit: "total_timeout" });
  }
  const name = task.step.kind === "workflow" ? task.step.workflow.name : title;
  const message = `The workflow ${name} in ${title} took longer than its limits.timeout of ${time} (${left}). Raise limits.timeout in ${name} if it needs more.`;
  return failure("limit_exceeded", message, detail);
}
