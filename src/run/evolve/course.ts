/** The fold of what befalls a run as a whole: paused, resumed, without an owner, retried, finished. */
import type { RunEvent } from "../event.ts";
import { isFinished, type OpenTask, type RunState } from "../state.ts";
import { isKeyed } from "../worker/anotherRound.ts";
import { dropClock, ownAccounts, skipTime, startClock, turnClocks } from "./accounts.ts";
import { goOn, goOnAll } from "./cut.ts";
import { waitAgain, waitLonger } from "./flow/nodes.ts";
import { reviewAgain, startIterationOver } from "./flow/supervise.ts";
import { leaveUndo } from "./flow/undo.ts";
import { forgetWork } from "./open.ts";
import { cancelRecord, forget, reopenItems, reopenRecord, reviveFrame } from "./tree.ts";

/** Folds `run_paused`. */
export function pause(state: RunState, at: number): void {
  state.status = "paused";
  state.paused_at = at;
  turnClocks(state, at);
}

/** Folds `run_resumed`: attempts get the time back for which the run was paused. */
export function resume(state: RunState, at: number): void {
  const shift = Math.max(0, at - (state.paused_at ?? at));
  delete state.paused_at;
  state.status = "running";
  turnClocks(state, at);
  shiftAttempts(state, shift);
}

/** Folds `time_skipped`. Clocks that stand get that time back when they go on, and what stands by then is not shifted. */
export function skip(state: RunState, shift: number): void {
  skipTime(state, shift);
  if (state.paused_at === undefined) shiftAttempts(state, shift);
}

function shiftAttempts(state: RunState, shift: number): void {
  for (const task of state.open.values()) {
    if (task.graph) waitLonger(state, task, shift);
    if (task.state.is !== "running" || task.state.stopping) continue;
    // What is queued or asks gets all that time when it goes on.
    if (task.state.deadline === undefined || task.state.queued_at !== undefined) continue;
    if (task.state.asked) continue;
    const deadline = task.state.deadline + shift;
    task.state = { ...task.state, deadline };
    state.timers.set(task.path, deadline);
  }
}

/** Folds `retry_requested`: the failed tasks stand at their beginning again, and what is around them goes on. */
export function retry(
  state: RunState,
  { paths, guidance }: Extract<RunEvent, { type: "retry_requested" }>,
  at: number,
): void {
  if (isFinished(state)) {
    state.status = "running";
    startClock(state, "", at);
  }
  delete state.failure;
  delete state.ended_at;
  delete state.criteria;
  if (state.halt) goOnAll(state, at);
  for (const path of paths) {
    const task = state.open.get(path);
    if (!task) continue;
    const unbegun = [...task.frames.values()].filter(
      ({ ended, current }) => ended === "failed" && !current,
    );
    if (unbegun.length > 0) reopenItems(state, task, unbegun);
    else if (isReviewed(task) && guidance === undefined) {
      for (const key of ownAccounts(state, path)) startClock(state, key, at);
      reviewAgain(state, task);
    } else if (task.cut && task.opening) {
      task.state = { is: "open" };
      goOn(state, task, at);
    } else startOver(state, task, at);
    if (guidance !== undefined) task.guidance = guidance;
    reopenRecord(state, path);
    reviveFrame(state, task.frame, (owner) => revived(state, owner, at));
    if (task.frame.kind === "node") waitAgain(state, task, at);
  }
}

/** A container that failed is at work again: with its time anew, and all that stood still in it. */
function revived(state: RunState, owner: OpenTask, at: number): void {
  if (owner.cut) goOn(state, owner, at);
  else for (const key of ownAccounts(state, owner.path)) startClock(state, key, at);
}

/** What failed was looking at the answer, not the answer. */
function isReviewed({ opening, output, cut: wasCut }: OpenTask): boolean {
  return opening?.kind === "review" && output !== undefined && !wasCut;
}

function startOver(state: RunState, task: OpenTask, at: number): void {
  if (isKeyed(task.request))
    task.asked = { request: task.request, answered: task.output !== undefined };
  forgetWork(state, task);
  startIterationOver(task);
  task.cut = false;
  for (const key of ownAccounts(state, task.path)) startClock(state, key, at);
  task.state = { is: "ready" };
  task.cleared = true;
  delete task.request;
}

/** Folds `run_finished`. Only a failed run keeps its open tasks, for a retry. */
export function finish(
  state: RunState,
  event: Extract<RunEvent, { type: "run_finished" }>,
  at: number,
): void {
  state.status = event.status;
  state.ended_at = at;
  if (event.value !== undefined) state.value = event.value;
  if (event.failure) state.failure = event.failure;
  if (event.criteria) state.criteria = event.criteria;
  dropClock(state, "");
  leaveUndo(state);
  if (event.status === "failed") return;
  state.undo.clear();
  state.stops.clear();
  for (const frame of state.frames.values()) cancelRecord(state, frame.path);
  for (const task of [...state.open.values()]) forget(state, task);
}
