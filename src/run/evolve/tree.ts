/**
 * The tree of open tasks inside a run's state: making, finding, ending and reviving its nodes.
 * Part of the fold: writes the draft it is given, decides nothing.
 */
import { isObject, type Json, own } from "../../util/json.ts";
import type { Step } from "../../workflow/workflow.ts";
import type { Failure } from "../failure.ts";
import { nodeKey, parentPath, taskPath } from "../path.ts";
import type { Body, Frame, FrameKind, OpenTask, RunState } from "../state.ts";
import {
  closeAccounts,
  countAsked,
  countQueued,
  countStep,
  countWork,
  dropClock,
  openAccount,
  ownAccounts,
} from "./accounts.ts";
import { stopBlocked, waitNoMore, waitUntil } from "./flow/blocked.ts";
import { endNode, pendAgain } from "./flow/graph.ts";
import { writeField } from "./write.ts";

/** A new list of steps under `owner`, known to the state; an empty one ends at once, one with a failure fails. */
export function openFrame(
  state: RunState,
  made: {
    readonly path: string;
    readonly key?: string;
    readonly kind: FrameKind;
    readonly steps: readonly Step[];
    readonly body: Body;
    readonly owner: OpenTask;
    readonly index: number;
    readonly results?: Record<string, Json>;
    readonly failure?: Failure | undefined;
    /** Absent: that of the owner. */
    readonly account?: string;
  },
): void {
  const { failure, ...place } = made;
  const { owner, index } = place;
  const frame: Frame = {
    key: made.path,
    account: owner.account,
    results: {},
    ...place,
    cursor: 0,
    last: null,
    ended: "no",
  };
  state.frames.set(frame.key, frame);
  owner.frames.set(index, frame);
  if (owner.again.includes(index)) owner.again = owner.again.filter((other) => other !== index);
  else owner.opened += 1;
  owner.active += 1;
  if (failure) failFrame(state, frame, failure);
  else if (frame.steps.length === 0) endFrame(state, frame, null);
}

/** The open task at a path; made from the step that its list stands at when it is not there yet. */
export function taskAt(state: RunState, path: string, at: number): OpenTask {
  const known = state.open.get(path);
  if (known) return known;
  const frame = state.frames.get(parentPath(path)) ?? state.frames.get(nodeKey(path));
  const step = frame?.steps[frame.cursor];
  if (!frame || !step) throw new Error(`Event for ${path}, which the run does not stand at`);
  const { total_timeout } = step;
  const task: OpenTask = {
    path,
    step,
    frame,
    account: total_timeout === undefined ? frame.account : path,
    state: { is: "ready" },
    attempts: 0,
    lost: 0,
    questions: 0,
    cleared: false,
    replaced: false,
    passed: false,
    written: false,
    cut: false,
    frames: new Map(),
    opened: 0,
    active: 0,
    failures: 0,
    results: [],
    again: [],
    stopped: [],
    left: false,
    rejected: false,
    version: 0,
    comments: [],
  };
  frame.current = task;
  state.open.set(path, task);
  if (total_timeout !== undefined) {
    const limits = { timeout: total_timeout };
    openAccount(state, { key: path, around: frame.account, limits }, at);
  }
  if (!state.tasks.has(path)) {
    countStep(state, task.account);
    recordTask(state, task, at);
  }
  return task;
}

/** Takes a finished task out of the tree, writes its result where the step says, and moves its list on. */
export function finishTask(state: RunState, task: OpenTask, result: Json, advance: boolean): void {
  const { frame, step } = task;
  forget(state, task);
  if (!advance) return;
  if (!task.written) writeResult(state, task, result);
  frame.results[step.id] = result;
  if (step.id.includes("-")) frame.results[step.id.replaceAll("-", "_")] = result;
  frame.last = result;
  stepOn(state, frame);
}

/** Writes a result to the state, where the step says so; a stop after the step shows it there. */
export function writeResult(state: RunState, { step, frame }: OpenTask, result: Json): void {
  const updates = step.kind === "set_state" && isObject(result) ? Object.keys(step.updates) : [];
  for (const field of updates) {
    const value = isObject(result) ? own(result, field) : undefined;
    if (value !== undefined) writeField(state, frame, field, value);
  }
  if (step.output_to !== undefined) writeField(state, frame, step.output_to, result);
}

/** Moves a list past its present step without a result. */
export function stepOn(state: RunState, frame: Frame): void {
  delete frame.current;
  delete frame.supervised;
  frame.cursor += 1;
  if (frame.cursor >= frame.steps.length) endFrame(state, frame, frame.last);
}

/** A list came to its end; the owner takes its result in its place. */
export function endFrame(state: RunState, frame: Frame, result: Json): void {
  frame.ended = "done";
  frame.last = result;
  delete frame.current;
  if (frame.kind === "root") return;
  state.frames.delete(frame.key);
  const owner = frame.owner;
  if (!owner) return;
  owner.active -= 1;
  owner.results[frame.index] = result;
  if (frame.kind === "node") {
    owner.frames.delete(frame.index);
    for (const ready of owner.graph ? endNode(owner.graph, frame.index, "met") : [])
      waitNoMore(state, owner, ready);
  }
  if (frame.kind === "item" || frame.kind === "branch") {
    owner.frames.delete(frame.index);
    const record = state.tasks.get(frame.path);
    if (record) {
      record.status = "done";
      record.ended_at = state.updated_at;
    }
  }
}

/** A list stops because its present step failed; it stays in the tree for a retry. */
export function failFrame(state: RunState, frame: Frame, failure: Failure): void {
  frame.ended = "failed";
  frame.failure = failure;
  if (frame.current)
    for (const key of ownAccounts(state, frame.current.path)) dropClock(state, key);
  const owner = frame.owner;
  if (!owner) return;
  owner.active -= 1;
  owner.failures += 1;
  if (failure.code === "rejected") owner.rejected = true;
  owner.results[frame.index] = { error: { ...failure } };
  if (owner.graph && frame.kind === "node") endNode(owner.graph, frame.index, "failed");
  const record =
    frame.kind === "item" || frame.kind === "branch" ? state.tasks.get(frame.path) : undefined;
  if (record) {
    record.status = "failed";
    record.failure = failure;
    record.ended_at = state.updated_at;
  }
}

/** Puts a failed list, and every container above it, back to work; `revived` is told of each of those. */
export function reviveFrame(
  state: RunState,
  frame: Frame,
  revived: (owner: OpenTask) => void,
): void {
  if (frame.ended !== "failed") return;
  frame.ended = "no";
  delete frame.failure;
  const owner = frame.owner;
  if (!owner) return;
  owner.active += 1;
  owner.failures -= 1;
  owner.again.push(...owner.stopped.splice(0));
  if (frame.kind === "node") reopenNode(state, owner, frame.index);
  else reopenRecord(state, frame.path);
  if (owner.state.is === "failed") {
    owner.state = { is: "open" };
    reopenRecord(state, owner.path);
    revived(owner);
  }
  reviveFrame(state, owner.frame, revived);
}

/** A task, item or branch that had ended is at work again. */
export function reopenRecord(state: RunState, path: string): void {
  const record = state.tasks.get(path);
  if (!record) return;
  record.status = "open";
  delete record.failure;
  delete record.ended_at;
  delete record.closed_seq;
}

/** A failed step of a graph is at work again: what was blocked by it may begin after all. */
function reopenNode(state: RunState, owner: OpenTask, index: number): void {
  if (!owner.graph || owner.step.kind !== "graph") return;
  owner.graph.ends.delete(index);
  for (const blocked of pendAgain(owner.graph, owner.step, owner.frames)) {
    const id = owner.step.steps[blocked]?.id ?? "";
    const path = taskPath(owner.path, id, lastVisit(state, owner.path, id));
    if (state.tasks.get(path)?.blocked_by !== undefined) state.tasks.delete(path);
    const wait = owner.step.steps[blocked]?.blocked_timeout;
    if (wait !== undefined) waitUntil(state, owner, blocked, state.updated_at + wait);
  }
}

function lastVisit(state: RunState, list: string, id: string): number {
  return state.tasks.get(taskPath(list, id, 1))?.visits ?? 1;
}

/** Items that could not begin are forgotten, to be opened once more. */
export function reopenItems(state: RunState, task: OpenTask, frames: readonly Frame[]): void {
  for (const frame of frames) {
    task.frames.delete(frame.index);
    state.frames.delete(frame.key);
    task.failures -= 1;
    task.again.push(frame.index);
  }
  task.again.push(...task.stopped.splice(0));
  task.state = { is: "open" };
}

/** Takes a task and all that is open inside it out of the tree; what had no end of its own is cancelled. */
export function forget(state: RunState, task: OpenTask): void {
  for (const frame of task.frames.values()) {
    if (state.frames.get(frame.key) === frame) state.frames.delete(frame.key);
    if (frame.current) forget(state, frame.current);
    if (frame.kind === "item" || frame.kind === "branch") cancelRecord(state, frame.path);
  }
  if (task.state.is === "running") endWork(state, task);
  stopWaiting(state, task);
  state.open.delete(task.path);
  closeAccounts(state, task.path);
  cancelRecord(state, task.path);
}

/** A task, item or branch will not go on; what had an end of its own keeps it. */
export function cancelRecord(state: RunState, path: string): void {
  const record = state.tasks.get(path);
  if (!record || record.ended_at !== undefined) return;
  record.status = "cancelled";
  record.ended_at = state.updated_at;
  delete record.retry_at;
}

/** An attempt of the task executes from now on. */
export function beginWork(state: RunState, task: OpenTask): void {
  state.running += 1;
  countWork(state, task.account, 1, state.updated_at);
}

/** The attempt of the task executes no longer. */
export function endWork(state: RunState, task: OpenTask): void {
  dropQuestions(state, task);
  state.running -= 1;
  const queued = task.state.is === "running" && task.state.queued_at !== undefined;
  const count = queued ? countQueued : countWork;
  count(state, task.account, -1, state.updated_at);
}

/** Sets or removes the time at which something falls due for a task. */
export function setTimer(state: RunState, path: string, due: number | undefined): void {
  if (due === undefined) state.timers.delete(path);
  else state.timers.set(path, due);
}

/** Takes back what a task asked for and waited for; whatever it does next, nothing of that may still come. */
export function stopWaiting(state: RunState, task: OpenTask): void {
  if (task.state.is === "asking") closeBreakpoint(state, task, task.state.breakpoint);
  state.timers.delete(task.path);
  state.queue.delete(task.path);
  stopBlocked(state, task);
}

/** Whatever an attempt asked is asked no longer: it ends, or is being stopped. */
export function dropQuestions(state: RunState, task: OpenTask): void {
  if (task.state.is !== "running" || !task.state.asked) return;
  const { asked, ...rest } = task.state;
  for (const id of asked.ids) closeBreakpoint(state, task, id);
  task.state = rest;
  countWork(state, task.account, 1, state.updated_at);
  countQueued(state, task.account, -1, state.updated_at);
  const record = state.tasks.get(task.path);
  if (record?.status === "asking") record.status = "running";
}

/** A question is no longer asked. */
export function closeBreakpoint(state: RunState, task: OpenTask, id: string): void {
  if (state.breakpoints.delete(id)) countAsked(state, task.account, -1, state.updated_at);
}

/** What the views know of a task from now on. */
export function recordTask(
  state: RunState,
  task: { readonly path: string; readonly step: Step; readonly frame: { readonly path: string } },
  at: number,
): void {
  const { step } = task;
  const around = task.frame.path;
  state.tasks.set(task.path, {
    path: task.path,
    kind: step.kind,
    id: step.id,
    title: step.name ?? step.id,
    parent: around,
    status: "open",
    started_at: at,
    attempts: 0,
    tokens: 0,
    cost_usd: 0,
    ...(step.phase === undefined ? {} : { phase: step.phase }),
    ...(step.estimate === undefined ? {} : { estimate: step.estimate }),
  });
  countVisit(state, task);
}

/** The first visit's record knows how many there have been, so that the next one finds its name at once. */
function countVisit(
  state: RunState,
  { path, step, frame }: Parameters<typeof recordTask>[1],
): void {
  const name = taskPath(frame.path, step.id, 1);
  const first = name === path ? undefined : state.tasks.get(name);
  if (first) first.visits = (first.visits ?? 1) + 1;
}
