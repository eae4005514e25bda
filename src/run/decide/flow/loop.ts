/** The turns of a `while`: another one, the end, or too many. */
import type { WhileStep } from "../../../workflow/definition/controlSteps.ts";
import type { Command } from "../../command.ts";
import { failure } from "../../failure.ts";
import { workDone } from "../gates/workEnd.ts";
import { type Evaluated, holds, type Moment, type Place } from "../scope.ts";
import type { Standing } from "../standing.ts";
import { iterationsAt } from "./limits.ts";

/**
 * Begins the n-th turn, or ends the loop. The condition is looked at in the state as it is now, with everything that the
 * turn before wrote: a decision is never made before what led to it is folded.
 */
export function beginTurn(
  moment: Moment,
  standing: Standing,
  place: Place,
  step: WhileStep,
  turn: number,
): Evaluated<readonly Command[]> {
  const { path, frame } = standing;
  const again = holds(moment, place, step.condition);
  if (!again.ok) return again;
  if (!again.value) {
    return { ok: true, value: [workDone(standing, { iterations: turn - 1 })] };
  }
  const most = iterationsAt(moment.state, frame, step.max_iterations);
  if (turn > most) {
    const title = step.name ?? step.id;
    const message =
      `${title} has made ${most === 1 ? "its one turn" : `all its ${most} turns`} and its condition is still true. ` +
      "See why it does not become false, or raise max_iterations of the step and of limits.";
    return { ok: false, failure: failure("limit_exceeded", message) };
  }
  const opening = { kind: "while", turn } as const;
  return { ok: true, value: [{ event: { type: "task_opened", path, opening } }] };
}
