/** A step at the point of being worked on: in its list, with its task once an event has made one. */
import type { Step } from "../../workflow/workflow.ts";
import { taskPath } from "../path.ts";
import type { Frame, OpenTask, RunState } from "../state.ts";

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
  let visit = 1;
  while (state.tasks.has(taskPath(frame.path, step.id, visit))) visit += 1;
  return { path: taskPath(frame.path, step.id, visit), step, frame };
}

/** The standing of a task that is open already. */
export function standingAt(task: OpenTask): Standing {
  return { path: task.path, step: task.step, frame: task.frame, task };
}
