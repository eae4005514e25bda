/** The fold of a task's end: its result goes where the step says, its failure up to the list that holds it. */
import type { Json } from "../../util/json.ts";
import type { RunEvent } from "../event.ts";
import { failure } from "../failure.ts";
import { gateSummary } from "../gate/tally.ts";
import type { OpenTask, RunState } from "../state.ts";
import { endBody, leap } from "./flow/leave.ts";
import { keepSaid } from "./flow/said.ts";
import { cameToNothing, dropUndo, keepUndo } from "./flow/undo.ts";
import { failFrame, finishTask, forget, stepOn, stopWaiting, taskAt } from "./tree.ts";

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
      if (event.returns) return endBody(state, task, event.result ?? null, at);
      return event.jump ? leap(state, task, event.jump, at) : done(state, task, event);
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

/** The result of a task that gives none of its own: a container's from what ran inside it, a gate's from its verdicts. */
export function derivedResult(task: OpenTask): Json {
  const { opening, step, judged, output } = task;
  if (output !== undefined) return output;
  if (step.kind === "gate" && judged && opening === undefined) return gateSummary(judged);
  switch (opening?.kind) {
    case undefined:
      return null;
    case "condition":
      return { branch: opening.branch };
    case "while":
      return { iterations: opening.turn };
    case "foreach": {
      const items = task.left ? opening.items.slice(0, task.opened) : opening.items;
      return items.map((_, index) => task.results[index] ?? null);
    }
    case "graph": {
      const steps = step.kind === "graph" ? step.steps : [];
      return Object.fromEntries(steps.map(({ id }, index) => [id, task.results[index] ?? null]));
    }
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
  if (cameToNothing(task)) dropUndo(state, task.path);
  else keepUndo(state, task, result);
  keepSaid(task, result);
  finishTask(state, task, result, true);
}
