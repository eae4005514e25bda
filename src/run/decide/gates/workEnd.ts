/** The end of a step's work: that of its task too, unless its gates or a stop come first. */
import type { Json } from "../../../util/json.ts";
import type { Command } from "../../command.ts";
import type { Failure } from "../../failure.ts";
import { endsLater, judgesOutput } from "../../gate/ownGates.ts";
import type { Standing } from "../standing.ts";

/** The work of a step is done. Without `result` it follows from what is inside the task. */
export function workDone({ path, step, task }: Standing, result?: Json): Command {
  const given = result === undefined ? {} : { result };
  const later = task ? step.breakpoint === "after" || judgesOutput(task) : endsLater(step);
  return later
    ? { event: { type: "task_performed", path, ...given } }
    : { event: { type: "task_closed", path, status: "done", ...given } };
}

/** What came in the place of work that failed: no gate is asked of it. `failure`: nothing mended it, the list goes on. */
export function workReplaced({ path, step }: Standing, result?: Json, failure?: Failure): Command {
  const given = result === undefined ? {} : { result };
  const facts = { path, ...given, ...(failure && { failure }) };
  return step.breakpoint === "after"
    ? { event: { type: "task_performed", replaced: true, ...facts } }
    : { event: { type: "task_closed", status: "done", ...facts } };
}
