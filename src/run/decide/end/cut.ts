/**
 * What ends because it has used up what it may: the commands that stop it.
 * Looks at accounts; keeps none.
 */
import { type Account, accountPath, workflowKey } from "../../account.ts";
import type { Command } from "../../command.ts";
import { type Failure, failure } from "../../failure.ts";
import type { OpenTask, RunState } from "../../state.ts";
import type { Moment } from "../scope.ts";
import { attemptOf, stopWith } from "../stop.ts";
import { stateTooLarge, timeIsUp } from "./words.ts";

/** The commands that end a run that is over its time or has grown too large; undefined while it is not. */
export function haltRun(moment: Moment): readonly Command[] | undefined {
  const { state } = moment;
  if (state.oversize) return halt(state, stateTooLarge(state, state.oversize));
  const account = state.accounts.get("");
  if (!account || !isDue(account, moment.at)) return undefined;
  return halt(state, timeIsUp(state, account));
}

/** The commands that end a task whose time is up; undefined while it is not. */
export function cutTask(moment: Moment, task: OpenTask): readonly Command[] | undefined {
  const account = dueAccount(moment, task);
  if (!account || task.cut) return undefined;
  return cut(task, timeIsUp(moment.state, account));
}

/** Ends the run as failed by this limit. */
export function halt(state: RunState, reached: Failure): readonly Command[] {
  const stopped = [...state.open.values()].flatMap((task) => stop(task, "the run"));
  return [...stopped, { event: { type: "limit_reached", failure: reached } }];
}

/** Ends a task and all inside it as failed by this limit. */
export function cut(task: OpenTask, reached: Failure): readonly Command[] {
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

/** Every time at which an account's time is up, by its task's path. */
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
  const { token } = task.state;
  const message = `${task.step.name ?? task.step.id} was stopped, because ${around} had reached its limit.`;
  const lost = failure("outcome_unknown", message);
  const attempt = attemptOf(task, token);
  return [
    stopWith(task, token, { type: "attempt_timed_out", ...attempt, failure: lost, cut: true }),
  ];
}
