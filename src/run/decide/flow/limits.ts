/**
 * The limits that hold at a place in a run: a sub-workflow gets the smaller of its own and of those around it.
 * Owns their defaults. Knows no step.
 */
import type { BodyRef } from "../../../workflow/workflow.ts";
import { type Failure, failure } from "../../failure.ts";
import type { Frame, RunState } from "../../state.ts";

/** What a file says that says nothing. */
const DEFAULTS = {
  max_depth: 5,
  max_iterations: 100,
  max_calls: 8,
  max_state_bytes: 1_048_576,
} as const;

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

/** Why a list may not begin another workflow inside it: it is as deep as they may be. Undefined when it may. */
export function tooDeep(state: RunState, frame: Frame, title: string): Failure | undefined {
  const most = limitAt(state, frame, "max_depth");
  if (depthOf(frame) < most) return undefined;
  const message =
    `${title} would begin a workflow inside ${most === 1 ? "another one" : `${most} others`}, and no more are allowed. ` +
    "Flatten them, or raise limits.max_depth of the run's workflow.";
  return failure("limit_exceeded", message);
}

/** Sub-workflows around a list. */
function depthOf(frame: Frame): number {
  let depth = 0;
  for (let at: Frame | undefined = frame; at; at = at.owner?.frame ?? at.beside) {
    const step = at.owner?.step;
    const item = at.kind === "item" && step?.kind === "foreach" && isWorkflow(step.task);
    const run = at.kind === "workflow" && step?.kind === "workflow" && isWorkflow(step.workflow);
    if (item || run) depth += 1;
  }
  return depth;
}

/** True when a reference leads to a workflow, not to a task of the same file. */
export function isWorkflow(ref: BodyRef | undefined): boolean {
  return ref !== undefined && ref.task === undefined;
}
