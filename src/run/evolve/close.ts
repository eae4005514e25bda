/** The fold of a task's end: its result goes where the step says, its failure up to the list that holds it. */
import type { Json, JsonObject } from "../../util/json.ts";
import { isObject } from "../../util/json.ts";
import type { RunEvent } from "../event.ts";
import { failure } from "../failure.ts";
import type { Frame, OpenTask, RunState } from "../state.ts";
import { endFrame, failFrame, finishTask, forget, stepOn, stopWaiting, taskAt } from "./tree.ts";

type Closed = Extract<RunEvent, { type: "task_closed" }>;

/** Folds `task_closed`; an `attempt_completed` that needs no further decision comes here too. */
export function closeTask(state: RunState, event: Closed, at: number, seq: number): void {
  const task = taskAt(state, event.path, at);
  const record = state.tasks.get(event.path);
  if (record) {
    record.status = event.status;
    record.ended_at = at;
    record.closed_seq = seq;
    if (event.failure) record.failure = event.failure;
    else delete record.failure;
  }
  switch (event.status) {
    case "done":
      return event.returns
        ? endBody(state, task, event.result ?? null, at)
        : done(state, task, event);
    case "skipped":
      forget(state, task);
      return stepOn(state, task.frame);
    case "failed":
    case "rejected": {
      const failed = event.failure ?? failure("internal", "It failed without a word why.");
      stopWaiting(state, task);
      task.state = { is: "failed", failure: failed };
      return failFrame(state, task.frame, failed);
    }
    case "cancelled":
      return forget(state, task);
  }
}

/** The result of a container, from what ran inside it. */
export function derivedResult(task: OpenTask): Json {
  const { opening, step } = task;
  switch (opening?.kind) {
    case undefined:
      return null;
    case "condition":
      return { branch: opening.branch };
    case "foreach":
      return opening.items.map((_, index) => task.results[index] ?? null);
    case "parallel": {
      const branches = step.kind === "parallel" ? step.branches : [];
      return Object.fromEntries(
        branches.map((branch, index) => [branch.id, task.results[index] ?? null]),
      );
    }
    default:
      return task.results[0] ?? null;
  }
}

function done(state: RunState, task: OpenTask, event: Closed): void {
  const result = event.result === undefined ? derivedResult(task) : event.result;
  if (task.step.kind === "set_state" && isObject(result)) write(task.frame, result);
  finishTask(state, task, result, true);
}

function write(frame: Frame, updates: JsonObject): void {
  for (const [field, value] of Object.entries(updates)) frame.body.state[field] = value;
}

/** A `return`: closes the conditions around it, then ends the item, branch, handler, workflow or run. */
function endBody(state: RunState, task: OpenTask, value: Json, at: number): void {
  let { frame } = task;
  finishTask(state, task, value, false);
  while ((frame.kind === "condition" || frame.kind === "rejection") && frame.owner) {
    const { owner } = frame;
    const record = state.tasks.get(owner.path);
    if (record) {
      record.status = "done";
      record.ended_at = at;
    }
    frame = owner.frame;
    forget(state, owner);
  }
  endFrame(state, frame, value);
}
