/**
 * The fold of steps that send the run elsewhere than to the step after them: `return`, `goto`, `break`,
 * `continue`.
 * Owns which lists each of them can leave, and what becomes of the tasks around it that it leaves.
 */
import type { Json } from "../../../util/json.ts";
import type { Jump } from "../../event.ts";
import { withoutVisits } from "../../path.ts";
import type { Frame, FrameKind, OpenTask, RunState } from "../../state.ts";
import { endFrame, finishTask, forget } from "../tree.ts";

/** Lists that a `return` passes through: what it ends is around them. */
const PASSED: ReadonlySet<FrameKind> = new Set(["condition", "turn", "rejection"]);

/**
 * A `return`: leaves the conditions and loops around it, then ends the item, branch, handler, workflow or run. In a
 * graph it ends the step of the graph; the graph returns in its turn, once the rest of it has stopped.
 */
export function endBody(state: RunState, task: OpenTask, value: Json, at: number): void {
  let { frame } = task;
  finishTask(state, task, value, false);
  while (PASSED.has(frame.kind) && frame.owner) frame = leave(state, frame.owner, at);
  if (frame.kind === "node" && frame.owner) frame.owner.returning ??= { value };
  endFrame(state, frame, value);
}

/** A jump: leaves what is between the step and where it goes, then goes on there, or ends the loop's turn or item. */
export function leap(state: RunState, task: OpenTask, jump: Jump, at: number): void {
  let { frame } = task;
  finishTask(state, task, null, false);
  if (jump.to === "step") {
    while (frame.key !== jump.list && frame.owner) frame = leave(state, frame.owner, at);
    frame.jumps ??= {};
    const name = withoutVisits(task.path);
    frame.jumps[name] = (frame.jumps[name] ?? 0) + 1;
    frame.cursor = jump.index;
    delete frame.current;
    delete frame.supervised;
    return;
  }
  while (!isTurn(frame) && frame.owner) frame = leave(state, frame.owner, at);
  if (jump.to === "break" && frame.owner) frame.owner.left = true;
  endFrame(state, frame, frame.last);
}

/** Lists that a `goto` may leave: nothing else of what is around them is at work. */
const LEFT: ReadonlySet<FrameKind> = new Set([...PASSED, ...(["handler", "revision"] as const)]);

/** The nearest list with a step of this id that a step may go to, and its place there. */
export function findTarget(
  from: Frame,
  id: string,
): { readonly list: Frame; readonly index: number } | undefined {
  for (let list: Frame | undefined = from; list && list.kind !== "node"; list = list.owner?.frame) {
    const index = list.steps.findIndex((step) => step.id === id);
    if (index >= 0) return { list, index };
    if (!LEFT.has(list.kind)) return undefined;
  }
  return undefined;
}

/** True for a list that a loop repeats. */
export function isTurn(frame: Frame): boolean {
  return frame.kind === "turn" || frame.kind === "item";
}

/** Takes a container out of the tree because a step inside went elsewhere; answers the list that it stood in. */
function leave(state: RunState, owner: OpenTask, at: number): Frame {
  const record = state.tasks.get(owner.path);
  if (record) {
    record.status = "done";
    record.ended_at = at;
  }
  forget(state, owner);
  return owner.frame;
}
