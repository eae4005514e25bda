/**
 * A run as threads and stacks: what goes on at the same time, and for each of them the path of tasks down to where it
 * stands. Pure; reads the state and changes nothing.
 */

import { failedPaths } from "../../run/admit.ts";
import { standingOf } from "../../run/decide/standing.ts";
import { comparePaths, lastSegment } from "../../run/path.ts";
import { type Frame, isFinished, type OpenTask, type RunState } from "../../run/state.ts";
import { isThread, placeAt, threadOf } from "../../run/stops/lanes.ts";
import type { Step } from "../../workflow/workflow.ts";

/** The run itself (`key` ""), or an item, branch or graph's step that goes on beside others. */
export interface RunThread {
  readonly key: string;
  readonly name: string;
  readonly frame: Frame;
}

/** One step of a stack: a list, and the step in it that the thread is at. */
export interface StackEntry {
  /** Of the step's task; there may be none yet. */
  readonly path: string;
  readonly name: string;
  readonly frame: Frame;
  readonly step: Step;
  /** See `workflow/definition/stepPlace.ts`. */
  readonly place: string;
}

/** Why a thread stands still. */
export interface Hold {
  readonly why: "breakpoint" | "step" | "pause" | "exception";
  /** Differs whenever the thread has stopped anew. */
  readonly id: string;
  readonly words: string;
  /** The place of the stop that a session had set. */
  readonly place?: string;
  readonly session?: string;
}

/** What goes on in a run, the run itself first. Of a failed run, what could be retried. */
export function threadsOf(state: RunState): readonly RunThread[] {
  const { root } = state;
  const beside = [...state.frames.values()].filter((frame) => isThread(frame) && isLive(frame));
  return [
    { key: "", name: state.started.bundle.main, frame: root },
    ...beside
      .map((frame) => ({ key: frame.key, name: titleOf(state, frame), frame }))
      .sort((a, b) => comparePaths(a.key, b.key)),
  ];
}

/** The stack of a thread, where it stands first; empty when it is over. */
export function stackOf(state: RunState, { frame }: RunThread): readonly StackEntry[] {
  const inner = innermost(frame);
  const standing = standingOf(state, inner);
  const entries: StackEntry[] = [];
  if (standing) entries.push(entryOf(state, inner, standing.step, standing.path));
  for (let at = inner; at.owner; at = at.owner.frame) {
    const { path, step, frame: around } = at.owner;
    const inside = at.kind === "item" || at.kind === "branch" ? at.path : path;
    entries.push({ ...entryOf(state, around, step, path), name: lastSegment(inside) });
  }
  return entries;
}

/** The threads that stand still, by key, and why each does. `failures`: a failed run is one of them. */
export function holdsOf(state: RunState, failures: boolean): ReadonlyMap<string, Hold> {
  const holds = new Map<string, Hold>();
  if (isFinished(state)) {
    const failed = failures && state.status === "failed" ? failedTask(state) : undefined;
    if (failed) holds.set(threadOf(failed.frame).key, failedHold(state, failed));
    return holds;
  }
  if (state.status === "paused")
    for (const { key } of threadsOf(state))
      holds.set(key, { why: "pause", id: `paused ${state.paused_at}`, words: "Paused" });
  for (const { id, path, form } of state.breakpoints.values()) {
    const task = state.open.get(path);
    if (form.kind !== "stop" || !task) continue;
    const { session, place } = form;
    holds.set(threadOf(task.frame).key, {
      ...{ why: form.why ?? "breakpoint", id, words: form.message },
      ...(place === undefined ? {} : { place }),
      ...(session === undefined ? {} : { session }),
    });
  }
  return holds;
}

/** The task that a failed run can be retried from; the first of them. */
export function failedTask(state: RunState): OpenTask | undefined {
  const [path] = failedPaths(state);
  return path === undefined ? undefined : state.open.get(path);
}

function failedHold(state: RunState, { path, state: now }: OpenTask): Hold {
  const words = now.is === "failed" ? now.failure.message : (state.failure?.message ?? "");
  return { why: "exception", id: `failed ${path} ${state.ended_at}`, words };
}

function entryOf(state: RunState, frame: Frame, step: Step, path: string): StackEntry {
  return { path, name: lastSegment(path), frame, step, place: placeAt(state, frame, step) };
}

/** The list in which a thread stands: the containers that it is in lead there. */
function innermost(frame: Frame): Frame {
  const task = frame.current;
  if (!task || task.state.is === "ready") return frame;
  for (const inner of task.frames.values())
    if (isLive(inner) && !isThread(inner)) return innermost(inner);
  return frame;
}

function isLive({ ended }: Frame): boolean {
  return ended !== "done";
}

function titleOf(state: RunState, frame: Frame): string {
  const path = frame.kind === "node" ? (frame.current?.path ?? frame.path) : frame.path;
  const title = state.tasks.get(path)?.title;
  return title === undefined || title === lastSegment(path) ? path : `${path} · ${title}`;
}
