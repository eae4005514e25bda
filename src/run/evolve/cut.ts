/**
 * The fold of a limit that was reached: what is inside stands still, asks nothing and waits for nothing, until a
 * person has it retried; then it goes on from where it stood.
 */
import type { RunEvent } from "../event.ts";
import { type Failure, failure } from "../failure.ts";
import type { Frame, OpenTask, RunState, TaskState } from "../state.ts";
import { isDoubted } from "../worker/doubt.ts";
import { dropClock, ownAccounts, startClock } from "./accounts.ts";
import { startBlocked } from "./flow/blocked.ts";
import { cancelRecord, reopenRecord, setTimer, stopWaiting, taskAt } from "./tree.ts";

/** Folds `limit_reached`. What becomes of a task that it names is decided; a run without a path ends. */
export function cut(
  state: RunState,
  { path, failure: reached }: Extract<RunEvent, { type: "limit_reached" }>,
  at: number,
): void {
  if (path === undefined) {
    state.halt = reached;
    state.status = "cancelling";
    delete state.paused_at;
    delete state.oversize;
    dropClock(state, "");
    return suspendFrame(state, state.root);
  }
  const task = taskAt(state, path, at);
  for (const frame of task.frames.values()) suspendFrame(state, frame);
  stopWaiting(state, task);
  for (const key of ownAccounts(state, path)) dropClock(state, key);
  task.cut = true;
  task.state = { is: "settled", failure: reached, unknown: false, host_died: false };
}

/** A task that was cut goes on: its clock begins anew. */
export function goOn(state: RunState, task: OpenTask, at: number): void {
  task.cut = false;
  for (const key of ownAccounts(state, task.path)) startClock(state, key, at);
  startBlocked(state, task, at);
  for (const frame of task.frames.values()) wakeFrame(state, frame, at);
}

/** A run that a limit ended goes on. */
export function goOnAll(state: RunState, at: number): void {
  delete state.halt;
  wakeFrame(state, state.root, at);
}

function suspendFrame(state: RunState, frame: Frame): void {
  if (frame.kind === "item" || frame.kind === "branch") cancelRecord(state, frame.path);
  const task = frame.current;
  if (!task) return;
  for (const inner of task.frames.values()) suspendFrame(state, inner);
  const now = task.state;
  stopWaiting(state, task);
  for (const key of ownAccounts(state, task.path)) dropClock(state, key);
  if (now.is === "waiting") task.state = { is: "ready" };
  if (now.is === "queued") task.state = unqueued(state, now);
  if (now.is === "asking") task.state = unasked(state, task);
  cancelRecord(state, task.path);
}

/** Where a task stands that had its turn before it, so that it will ask for it again. */
function unqueued(
  { updated_at: due }: RunState,
  { repeat, correction }: Extract<TaskState, { is: "queued" }>,
): TaskState {
  if (!repeat) return { is: "ready" };
  return { is: "retrying", due, ...(correction === undefined ? {} : { correction }) };
}

/** Where a task stands whose question was taken back, so that it will be asked again. */
function unasked(state: RunState, task: OpenTask): TaskState {
  if (task.supervised?.decision) return { is: "decided" };
  if ((task.step.kind === "worker_call" || isDoubted(task)) && task.output !== undefined)
    return { is: "performed", result: task.output };
  if (task.step.kind === "approve" && task.plan !== undefined)
    return { is: "performed", result: task.plan };
  if (task.attempts === 0) return { is: "ready" };
  return { is: "settled", failure: whyLost(state, task), unknown: true, host_died: false };
}

function whyLost(state: RunState, task: OpenTask): Failure {
  const known = state.tasks.get(task.path)?.failure;
  return known ?? failure("outcome_unknown", `Nobody knows what became of ${task.path}.`);
}

function wakeFrame(state: RunState, frame: Frame, at: number): void {
  if (frame.ended !== "no") return;
  if (frame.kind === "item" || frame.kind === "branch") reopenRecord(state, frame.path);
  const task = frame.current;
  if (!task || task.state.is === "failed") return;
  reopenRecord(state, task.path);
  goOn(state, task, at);
  if (task.state.is !== "retrying") return;
  setTimer(state, task.path, task.state.due);
  const record = state.tasks.get(task.path);
  if (record) record.status = "retrying";
}
