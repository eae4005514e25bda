/** From the end of a step's work to the end of its task: its own gates first, then the stop after it. */
import type { Command } from "../../command.ts";
import type { Failure } from "../../failure.ts";
import { judgesOutput } from "../../gate/ownGates.ts";
import type { OpenTask } from "../../state.ts";
import type { Moment } from "../scope.ts";
import { failGates } from "./gate.ts";

/** What follows the work of a step that is not at its end with it. */
export function afterWork(task: OpenTask): readonly Command[] {
  const { path, opening, replaced } = task;
  const judged = replaced || opening?.kind === "gates" || !judgesOutput(task);
  return judged
    ? stopAfter(task)
    : [{ event: { type: "task_opened", path, opening: { kind: "gates" } } }];
}

/** The gates over a step's output have come to an end. */
export function afterGates(
  moment: Moment,
  task: OpenTask,
  failed: Failure | undefined,
): readonly Command[] {
  return failed ? failGates(moment, task, failed) : stopAfter(task);
}

function stopAfter(task: OpenTask): readonly Command[] {
  const { path, step, passed, questions, tolerated } = task;
  if (step.breakpoint !== "after" || passed) {
    const failure = tolerated && { failure: tolerated };
    return [{ event: { type: "task_closed", path, status: "done", ...failure } }];
  }
  const message = `Stopped after ${step.name ?? step.id}. Continue when you are ready.`;
  const id = `${path}@${questions + 1}`;
  return [{ event: { type: "breakpoint_opened", path, id, form: { kind: "stop", message } } }];
}
