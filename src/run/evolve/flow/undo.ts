/**
 * The fold of compensation: which tasks have something to undo, in the order in which they ended, and the steps that
 * undo one of them. Owns what a task leaves behind for that once it is out of the tree.
 */
import type { Json, JsonObject } from "../../../util/json.ts";
import type { RunEvent } from "../../event.ts";
import type { Failure } from "../../failure.ts";
import type { Frame, OpenTask, RunState } from "../../state.ts";
import { dropClock } from "../accounts.ts";
import { forget, stopWaiting } from "../tree.ts";

/** A task came to its end, or nobody knows to which: its `on_cancel` steps are due, should the run be cancelled. */
export function keepUndo(state: RunState, task: OpenTask, output: Json | undefined): void {
  const { step, path, frame, request } = task;
  if (!step.on_cancel || state.undoing) return;
  state.undo.delete(path);
  state.undo.set(path, {
    path,
    steps: step.on_cancel,
    frame,
    task: {
      path,
      inputs: request === undefined ? null : asJson(request),
      ...(output === undefined ? { known: false, output: null } : { known: true, output }),
    },
  });
}

/** A task has nothing to undo: it is at work again, or it is known to have failed. */
export function dropUndo(state: RunState, path: string): void {
  if (!state.undoing) state.undo.delete(path);
}

/** True for a task whose work came to nothing, whatever its step gives as a result. */
export function cameToNothing(task: OpenTask): boolean {
  const now = task.state;
  if (task.replaced || task.opening?.kind === "handler") return true;
  if (now.is === "settled") return !now.unknown;
  return now.is === "answered" && now.answer.kind === "outcome" && now.answer.selected === "fail";
}

/** Folds the request to cancel, and a failure that the run is to be undone for: nothing is asked or waited for any more. */
export function beginEnding(state: RunState): void {
  state.status = "cancelling";
  delete state.paused_at;
  if (state.undoing) return;
  for (const task of state.open.values()) {
    const { is } = task.state;
    if (is === "asking" || is === "waiting" || is === "retrying" || is === "queued")
      stopWaiting(state, task);
  }
  for (const key of state.accounts.keys()) dropClock(state, key);
}

/** Folds `run_failing`. */
export function failing(state: RunState, failure: Failure): void {
  state.halt = failure;
  beginEnding(state);
}

/** Folds `compensation_started`: its steps see the state of the task's list as it is now. */
export function startUndo(
  state: RunState,
  { path }: Extract<RunEvent, { type: "compensation_started" }>,
): void {
  const undo = state.undo.get(path);
  if (!undo) throw new Error(`Event for ${path}, which has nothing to undo`);
  const frame: Frame = {
    path,
    key: path,
    kind: "compensation",
    steps: undo.steps,
    body: { ...undo.frame.body, task: undo.task },
    beside: undo.frame,
    index: 0,
    account: "",
    cursor: 0,
    results: {},
    last: null,
    ended: undo.steps.length === 0 ? "done" : "no",
  };
  state.undoing = frame;
  state.frames.set(frame.key, frame);
}

/** Folds `compensation_ended`. */
export function endUndo(
  state: RunState,
  { path, failure }: Extract<RunEvent, { type: "compensation_ended" }>,
): void {
  leaveUndo(state);
  state.undo.delete(path);
  if (failure) state.undone.failed += 1;
  else state.undone.done += 1;
}

/** Takes the steps that undo something out of the tree, finished or not. */
export function leaveUndo(state: RunState): void {
  const frame = state.undoing;
  if (!frame) return;
  if (frame.current) forget(state, frame.current);
  if (state.frames.get(frame.key) === frame) state.frames.delete(frame.key);
  delete state.undoing;
}

function asJson(request: NonNullable<OpenTask["request"]>): JsonObject {
  const { activity: _, ...inputs } = request;
  return { ...inputs } as JsonObject;
}
