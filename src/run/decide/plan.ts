/**
 * A `plan` step: planned by an agent once, its plan checked, carried out as tasks, and answered from their evidence.
 * Owns the way from one to the next; a plan that cannot be carried out is a failed attempt like any other.
 */
import { isObject, type Json, own } from "../../util/json.ts";
import { type PlanStep, workerName } from "../../workflow/definition/planStep.ts";
import type { Command } from "../command.ts";
import { failure } from "../failure.ts";
import { ANSWER, EVIDENCE, evidenceOf } from "../plan/planSteps.ts";
import { PLAN_SCHEMA, planInstructions, readPlan } from "../plan/readPlan.ts";
import type { AgentRequest } from "../request.ts";
import type { OpenTask } from "../state.ts";
import { workDone } from "./gates/workEnd.ts";
import { agentAt } from "./request/requestOf.ts";
import { type Evaluated, type Moment, type Place, renderText } from "./scope.ts";
import { failAttempt } from "./settle.ts";
import { standingAt } from "./standing.ts";

/** What the planning agent is asked. */
export function planRequest(moment: Moment, place: Place, step: PlanStep): Evaluated<AgentRequest> {
  const goal = renderText(moment, place, step.goal);
  if (!goal.ok) return goal;
  return {
    ok: true,
    value: {
      activity: "agent",
      agent: agentAt(moment.state, place.frame, step.agent),
      instructions: planInstructions(goal.value, step),
      output_schema: PLAN_SCHEMA,
      goal: goal.value,
    },
  };
}

/** The data of a planning agent's answer: `{steps}`, if it did as it was asked. */
export function planIn(result: Json): Json {
  return isObject(result) ? (own(result, "data") ?? null) : null;
}

/** Why an answer is no plan that can be carried out, worded for whoever is to mend it; undefined when it is one. */
export function planProblem(result: Json, step: PlanStep): string | undefined {
  const read = readPlan(planIn(result), step);
  return read.ok ? undefined : read.problem;
}

/** Unfolds the plan that came back, or sends it back with what is wrong with it. */
export function unfoldPlan(moment: Moment, task: OpenTask, result: Json): readonly Command[] {
  const { step, path, request } = task;
  if (step.kind !== "plan") return [];
  const read = readPlan(planIn(result), step);
  if (!read.ok) {
    const detail = isObject(result) ? (own(result, "response") ?? null) : null;
    const message = `${read.problem} Answer with a whole plan that can be carried out.`;
    return failAttempt(moment, standingAt(task), failure("invalid_output", message, detail));
  }
  const goal = (request?.activity === "agent" ? request.goal : undefined) ?? step.goal;
  const opening = { kind: "plan", goal, steps: read.steps } as const;
  return [{ event: { type: "task_opened", path, opening } }];
}

/** The plan has been carried out: {plan, evidence, answer}. */
export function closePlan(task: OpenTask): readonly Command[] {
  const { step, opening } = task;
  if (step.kind !== "plan" || opening?.kind !== "plan") return [];
  const results = task.frames.get(0)?.results ?? {};
  const found = own(results, EVIDENCE) ?? null;
  const workers = new Map(step.workers.map((worker) => [workerName(worker), worker]));
  const evidence = Object.fromEntries(
    opening.steps.map(({ id, worker }) => {
      const result = isObject(found) ? (own(found, id) ?? null) : null;
      return [id, evidenceOf(workers.get(worker) ?? {}, result)];
    }),
  );
  const said = own(results, ANSWER) ?? null;
  const answer = isObject(said) ? (own(said, "response") ?? null) : said;
  const plan = opening.steps.map((planned) => ({ ...planned }));
  return [workDone(standingAt(task), { plan, evidence, answer })];
}
