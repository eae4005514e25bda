/** A step at the point of being worked on: in its list, with its task once an event has made one. */
import type { JsonObject } from "../../util/json.ts";
import type { Step } from "../../workflow/workflow.ts";
import { nodeKey, parentPath, taskPath } from "../path.ts";
import type { Frame, OpenTask, RunState } from "../state.ts";
import type { Place } from "./scope.ts";

export interface Standing {
  readonly path: string;
  readonly step: Step;
  readonly frame: Frame;
  readonly task?: OpenTask;
}

/** The step that a list stands at; undefined at its end. */
export function standingOf(state: RunState, frame: Frame): Standing | undefined {
  const { current: task } = frame;
  if (task) return standingAt(task);
  const step = frame.steps[frame.cursor];
  if (!step) return undefined;
  return { path: nextVisit(state, frame.path, step.id), step, frame };
}

/** The path of the next task that a step of a list gets. */
export function nextVisit(state: RunState, list: string, id: string): string {
  const first = state.tasks.get(taskPath(list, id, 1));
  return taskPath(list, id, first ? (first.visits ?? 1) + 1 : 1);
}

/** The standing of a task that is open already. */
export function standingAt(task: OpenTask): Standing {
  return { path: task.path, step: task.step, frame: task.frame, task };
}

/** The place at which a step's own expressions stand. */
export function placeOf({ frame, path, step, task }: Standing, more?: JsonObject): Place {
  return {
    frame,
    path,
    attempt: (task?.attempts ?? 0) + 1,
    chance: {},
    needs: step.needs_state,
    ...(more ? { more } : {}),
  };
}

/** The account under which a task is counted, or will be once it begins. */
export function accountAt(state: RunState, path: string): string | undefined {
  const task = state.open.get(path);
  if (task) return task.account;
  const frame = state.frames.get(parentPath(path)) ?? state.frames.get(nodeKey(path));
  return frame?.account;
}
