/** The fold of what is given up: an item or branch that is no longer needed. */
import type { RunEvent } from "../../event.ts";
import type { RunState } from "../../state.ts";
import { cancelRecord, forget, taskAt } from "../tree.ts";

/** Folds `frame_cancelled`. */
export function cancelFrame(
  state: RunState,
  event: Extract<RunEvent, { type: "frame_cancelled" }>,
  at: number,
): void {
  const owner = taskAt(state, event.owner, at);
  const frame = owner.frames.get(event.index);
  if (!frame) throw new Error(`Event for ${event.path}, which is not open`);
  cancelRecord(state, frame.path);
  if (frame.current) forget(state, frame.current);
  owner.frames.delete(event.index);
  state.frames.delete(frame.key);
  owner.active -= 1;
  owner.stopped.push(event.index);
}
