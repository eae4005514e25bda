/**
 * How a run ends before its last step: attempts are stopped, then what was done is undone, one task after the other,
 * the latest first. Owns that order; the steps that undo are decided like any others, except that nobody is asked.
 */
import type { Command } from "../../command.ts";
import { failure } from "../../failure.ts";
import { type Frame, isFinished, type RunState } from "../../state.ts";
import type { Moment } from "../scope.ts";
import { stopAttempt } from "../stop.ts";

/** The next commands of a run that is being ended; `walk` gives those of a list of steps and all inside it. */
export function endRun(
  moment: Moment,
  walk: (frame: Frame) => readonly Command[],
): readonly Command[] {
  const { state } = moment;
  const { undoing } = state;
  if (undoing && state.cancel?.kill !== true) {
    return undoing.ended === "no" ? walk(undoing).map(unasked) : [undone(undoing)];
  }
  if (state.running > 0) return [...state.open.values()].flatMap(stopAttempt);
  const next = undoing || !undoes(state) ? undefined : [...state.undo.keys()].at(-1);
  return [
    { event: next === undefined ? finished(state) : { type: "compensation_started", path: next } },
  ];
}

/** True when a run that fails now is to be undone first. */
export function undoesFailure(state: RunState): boolean {
  return state.undo.size > 0 && compensates(state);
}

/** True while times can fall due: a run that is being ended has none but those of the steps that undo. */
export function isTimed(state: RunState): boolean {
  if (isFinished(state) || state.status === "paused") return false;
  return state.status !== "cancelling" || state.undoing !== undefined;
}

function undoes(state: RunState): boolean {
  if (state.cancel?.kill) return false;
  return state.halt === undefined || compensates(state);
}

function compensates({ started: { bundle } }: RunState): boolean {
  return bundle.workflows[bundle.main]?.on_failure === "compensate";
}

function finished({ halt }: RunState): Command["event"] {
  if (!halt) return { type: "run_finished", status: "cancelled" };
  const status = halt.code === "rejected" ? "rejected" : "failed";
  return { type: "run_finished", status, failure: halt };
}

function undone({ path, failure: failed }: Frame): Command {
  return { event: { type: "compensation_ended", path, ...(failed ? { failure: failed } : {}) } };
}

/** Steps that undo ask nobody: what would be a question is a failure, which is recorded, and the next task is undone. */
function unasked(command: Command): Command {
  const { event } = command;
  if (event.type !== "breakpoint_opened") return command;
  const asked = event.form.kind === "approval" ? event.form.title : event.form.message;
  const message = `Nobody is asked while a run is undone, so this step failed. It would have asked: ${asked}`;
  const failed = { ...failure("invalid_input", message), path: event.path };
  return { event: { type: "task_closed", path: event.path, status: "failed", failure: failed } };
}
