/** A `goto`: where it leads, and how often it may. */
import type { GotoStep } from "../../../workflow/definition/controlSteps.ts";
import type { Command } from "../../command.ts";
import { findTarget } from "../../evolve/flow/leave.ts";
import { failure } from "../../failure.ts";
import { withoutVisits } from "../../path.ts";
import type { Evaluated, Moment } from "../scope.ts";
import type { Standing } from "../standing.ts";
import { iterationsAt } from "./limits.ts";

/** Sends the run to the step that it names. Jumps are counted for as long as the list is open that has that step. */
export function goTo(
  { state }: Moment,
  { path, frame }: Standing,
  step: GotoStep,
): Evaluated<readonly Command[]> {
  const title = step.name ?? step.id;
  const found = findTarget(frame, step.target);
  if (!found) {
    const message = `${title} cannot go to ${step.target} from where it stands. Let it name a step of its own list, or of one around it.`;
    return { ok: false, failure: failure("invalid_input", message) };
  }
  const { list, index } = found;
  const most = iterationsAt(state, frame, step.max_iterations);
  if ((list.jumps?.[withoutVisits(path)] ?? 0) >= most) {
    const message =
      `${title} has gone to ${step.target} ${most === 1 ? "once" : `${most} times`} and may do so no more. ` +
      "See why it does every time, or raise max_iterations of the step and of limits.";
    return { ok: false, failure: failure("limit_exceeded", message) };
  }
  const jump = { to: "step", list: list.key, index } as const;
  return { ok: true, value: [{ event: { type: "task_closed", path, status: "done", jump } }] };
}
