/** The fold of a graph's steps: begun, blocked, waiting for others. What may begin next is `graph`'s. */
import type { RunEvent } from "../../event.ts";
import { nodeKey } from "../../path.ts";
import type { OpenTask, RunState } from "../../state.ts";
import { forget, openFrame, recordTask, taskAt } from "../tree.ts";
import { waitNoMore, waitUntil } from "./blocked.ts";
import { endNode, startGraph } from "./graph.ts";

/** A graph begins: nothing of it has begun yet. */
export function openGraph(state: RunState, task: OpenTask, at: number): void {
  const { step } = task;
  if (step.kind !== "graph") return;
  task.graph = startGraph(step, step.unfolded ? task.frame.results : {});
  step.steps.forEach(({ depends_on = [], blocked_timeout }, index) => {
    if (blocked_timeout !== undefined && depends_on.length > 0)
      waitUntil(state, task, index, at + blocked_timeout);
  });
}

/** A step of a graph is a list of its own; one that has waited too long has a task that failed before it began. */
export function openNode(
  state: RunState,
  owner: OpenTask,
  event: Extract<RunEvent, { type: "frame_opened" }>,
  at: number,
): void {
  const { graph, step } = owner;
  const { index, path, failure } = event;
  const inner = step.kind === "graph" ? step.steps[index] : undefined;
  if (!graph || !inner) throw new Error(`Event for ${path}, which the graph does not have`);
  graph.ready.delete(index);
  waitNoMore(state, owner, index);
  const { body } = owner.frame;
  const key = nodeKey(path);
  const { results } = graph;
  openFrame(state, {
    path: owner.path,
    key,
    kind: "node",
    steps: [inner],
    body,
    owner,
    index,
    results,
  });
  if (!failure) return;
  const task = taskAt(state, path, at);
  task.state = { is: "settled", failure, unknown: false, host_died: false };
}

/** Folds `step_blocked`. */
export function blockStep(
  state: RunState,
  event: Extract<RunEvent, { type: "step_blocked" }>,
  at: number,
): void {
  const owner = taskAt(state, event.owner, at);
  const { graph, step } = owner;
  const inner = step.kind === "graph" ? step.steps[event.index] : undefined;
  if (!graph || !inner) throw new Error(`Event for ${event.path}, which the graph does not have`);
  endNode(graph, event.index, "blocked");
  waitNoMore(state, owner, event.index);
  recordTask(state, { path: event.path, step: inner, frame: { path: owner.path } }, at);
  const record = state.tasks.get(event.path);
  if (!record) return;
  record.status = "skipped";
  record.ended_at = at;
  record.blocked_by = event.by;
}

/** Steps that wait for others get the time back for which the run was paused. */
export function waitLonger(state: RunState, task: OpenTask, shift: number): void {
  for (const [index, due] of task.graph?.blockedUntil ?? [])
    waitUntil(state, task, index, due + shift);
}

/** A step that had waited too long, and never began, is to be tried again: it waits anew for what it depends on. */
export function waitAgain(state: RunState, task: OpenTask, at: number): void {
  const { frame, step } = task;
  const { owner, index } = frame;
  if (task.attempts > 0 || !owner?.graph || step.blocked_timeout === undefined) return;
  if ((owner.graph.unmet[index] ?? 0) === 0) return;
  forget(state, task);
  state.tasks.delete(task.path);
  owner.frames.delete(index);
  state.frames.delete(frame.key);
  owner.active -= 1;
  waitUntil(state, owner, index, at + step.blocked_timeout);
}
