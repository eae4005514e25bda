/** The fold of what befalls a run as a whole: resumed, retried, finished. */
import type { RunEvent } from "../event.ts";
import { isFinished, type OpenTask, type RunState } from "../state.ts";
import { cancelRecord } from "./flow/cancel.ts";
import { clearFrames } from "./open.ts";
import { forget, reopenItems, reopenRecord, reviveFrame } from "./tree.ts";

/** Folds `run_resumed`: attempts get the time back for which the run was paused. */
export function resume(state: RunState, at: number): void {
  const shift = Math.max(0, at - (state.paused_at ?? at));
  delete state.paused_at;
  state.status = "running";
  for (const task of state.open.values()) {
    if (task.state.is !== "running" || task.state.deadline === undefined) continue;
    const deadline = task.state.deadline + shift;
    task.state = { ...task.state, deadline };
    state.timers.set(task.path, deadline);
  }
}

/** Folds `retry_requested`: the failed tasks stand at their beginning again, and what is around them goes on. */
export function retry(state: RunState, paths: readonly string[]): void {
  if (isFinished(state)) state.status = "running";
  delete state.failure;
  delete state.ended_at;
  for (const path of paths) {
    const task = state.open.get(path);
    if (!task) continue;
    const unbegun = [...task.frames.values()].filter(
      ({ ended, current }) => ended === "failed" && !current,
    );
    if (unbegun.length > 0) reopenItems(state, task, unbegun);
    else startOver(state, task);
    reopenRecord(state, path);
    reviveFrame(state, task.frame);
  }
}

function startOver(state: RunState, task: OpenTask): void {
  clearFrames(state, task);
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
  if (event.status === "failed") return;
  for (const frame of state.frames.values()) cancelRecord(state, frame.path, at);
  for (const task of [...state.open.values()]) {
    cancelRecord(state, task.path, at);
    forget(state, task);
  }
}
