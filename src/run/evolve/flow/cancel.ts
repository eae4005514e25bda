/** The fold of what is given up: an item or branch that is no longer needed, a run that was cancelled. */
import type { RunEvent } from "../../event.ts";
import type { Frame, RunState } from "../../state.ts";
import { forget, taskAt } from "../tree.ts";

/** Folds `frame_cancelled`. */
export function cancelFrame(
  state: RunState,
  event: Extract<RunEvent, { type: "frame_cancelled" }>,
  at: number,
): void {
  const owner = taskAt(state, event.owner, at);
  const frame = owner.frames.get(event.index);
  if (!frame) throw new Error(`Event for ${event.path}, which is not open`);
  cancelRecords(state, frame, at);
  if (frame.current) forget(state, frame.current);
  owner.frames.delete(event.index);
  state.frames.delete(frame.path);
  owner.active -= 1;
  owner.stopped.push(event.index);
}

/** Marks a task, item or branch as cancelled. What had an end of its own keeps it. */
export function cancelRecord(state: RunState, path: string, at: number): void {
  const record = state.tasks.get(path);
  if (!record || record.ended_at !== undefined) return;
  record.status = "cancelled";
  record.ended_at = at;
  delete record.retry_at;
}

function cancelRecords(state: RunState, frame: Frame, at: number): void {
  cancelRecord(state, frame.path, at);
  const task = frame.current;
  if (!task) return;
  cancelRecord(state, task.path, at);
  for (const inner of task.frames.values()) cancelRecords(state, inner, at);
}
