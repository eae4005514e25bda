/**
 * Where a list of steps is, as somebody sees it who steps through a run: its lane, its thread and its definition.
 * Looks only. A lane is a list's path in which items that come one after the other are one; a thread is what goes on at
 * the same time as its siblings.
 */

import { bodyPlace, listPlace, stepPlace } from "../../workflow/definition/stepPlace.ts";
import type { Step } from "../../workflow/workflow.ts";
import { lastSegment } from "../path.ts";
import type { Frame, OpenTask, RunState } from "../state.ts";
import type { AskedPace } from "./stop.ts";

/** The lane of a list: `""` for the run's own. */
export function laneOf(frame: Frame): string {
  const { owner, kind, index, path } = frame;
  if (!owner) return "";
  const around = laneOf(owner.frame);
  const own = around === "" ? lastSegment(owner.path) : `${around}/${lastSegment(owner.path)}`;
  if (kind === "item") return isInTurn(owner) ? `${own}[]` : `${own}[${index}]`;
  return kind === "branch" ? `${own}/${lastSegment(path)}` : own;
}

/** True when a step that was asked for leads to the steps of this list. */
export function takes({ pace, path, lane = "" }: AskedPace, frame: Frame): boolean {
  if (pace === "any" || path === undefined) return true;
  const now = laneOf(frame);
  const around = isWithin(lane, now);
  if (pace === "out") return around && now !== lane;
  return around || (pace === "into" && isWithin(frame.path, path));
}

/** True when a lane is `around` or lies within it. */
function isWithin(lane: string, around: string): boolean {
  if (around === "" || lane === around) return true;
  return lane.startsWith(`${around}/`) || lane.startsWith(`${around}[`);
}

/** The list at which the thread of a list begins: an item, branch or graph's step beside others, or the run's own. */
export function threadOf(frame: Frame): Frame {
  for (let at = frame; ; at = at.owner.frame) if (!at.owner || isThread(at)) return at;
}

/** True for a list that goes on beside others: an item, branch or graph's step. */
export function isThread({ kind, owner }: Frame): boolean {
  return kind === "branch" || kind === "node" || (kind === "item" && !!owner && !isInTurn(owner));
}

/** Keys of the thread of a list and of those around it, the nearest first. */
export function threadsAround(frame: Frame): readonly string[] {
  const thread = threadOf(frame);
  const around = thread.owner ? threadsAround(thread.owner.frame) : [];
  return [thread.key, ...around];
}

/** The place in its definition of a step that stands in a list. */
export function placeAt(state: RunState, frame: Frame, step: Step): string {
  return stepPlace(listAt(state, frame), step.id);
}

function listAt(state: RunState, { owner, kind, path }: Frame): string {
  if (!owner) return bodyPlace(state.started.bundle.main);
  const { step } = owner;
  const body = kind === "item" ? step.kind === "foreach" && step.task : kind === "workflow";
  if (body === true && step.kind === "workflow")
    return bodyPlace(step.workflow.workflow, step.workflow.task);
  if (typeof body === "object") return bodyPlace(body.workflow, body.task);
  // `execution` writes a graph around the steps of a file, which the file itself does not have.
  if (kind === "node" && step.kind === "graph" && step.unfolded) return listAt(state, owner.frame);
  return listPlace(placeAt(state, owner.frame, step), labelOf(owner, kind, path));
}

function labelOf({ opening }: OpenTask, kind: Frame["kind"], path: string): string {
  switch (kind) {
    case "condition":
      return opening?.kind === "condition" ? opening.branch : "";
    case "branch":
      return lastSegment(path);
    case "handler":
      return "on_error";
    case "rejection":
      return "on_reject";
    case "revision":
      return "revise";
    case "compensation":
      return "on_cancel";
    default:
      return "";
  }
}

/** True for a foreach whose items come one after the other. */
function isInTurn({ step }: OpenTask): boolean {
  return step.kind === "foreach" && (step.sequential || step.max_parallel === 1);
}
