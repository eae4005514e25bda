/**
 * The limits that hold at a place in a run: a sub-workflow gets the smaller of its own and of those around it.
 * Owns their defaults. Knows no step.
 */
import type { Frame, RunState } from "../../state.ts";

/** What a file says that says nothing. */
const DEFAULTS = { max_iterations: 100, max_calls: 8, max_state_bytes: 1_048_576 } as const;

/** How often a loop may go round here; `own` is what its step says. */
export function iterationsAt(state: RunState, frame: Frame, own: number | undefined): number {
  const most = limitAt(state, frame, "max_iterations");
  return Math.min(own ?? most, most);
}

/** The smallest of what the workflows around a list allow. */
export function limitAt(state: RunState, frame: Frame, name: keyof typeof DEFAULTS): number {
  const { workflows } = state.started.bundle;
  let least = Number.POSITIVE_INFINITY;
  for (let at: Frame | undefined = frame; at; at = at.owner?.frame ?? at.beside) {
    least = Math.min(least, workflows[at.body.workflow]?.limits[name] ?? silent(at, name));
  }
  return least;
}

/** A sub-workflow that says nothing is held to what is around it. */
function silent(frame: Frame, name: keyof typeof DEFAULTS): number {
  return frame.owner || frame.beside ? Number.POSITIVE_INFINITY : DEFAULTS[name];
}
