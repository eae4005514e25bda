/**
 * What a supervised task stands on: the settings that hold for it, its work so far, and what was asked.
 * Looks only; `decide` and the fold read it.
 */
import { withoutMiddle } from "../../util/shorten.ts";
import type { Supervision } from "../../workflow/definition/supervision.ts";
import type { Step } from "../../workflow/workflow.ts";
import type { Body, OpenTask } from "../state.ts";
import { answerOf, operationText } from "../worker/asAnswer.ts";
import { isWorkerResult } from "../worker/contract.ts";
import { type Work, workOf } from "./evidence.ts";
import type { Carried } from "./facts.ts";

/** What a step's first iteration begins with. */
export const FIRST: Carried = { iteration: 1, calls: 0, clarifications: 0, extra: 0, notes: [] };

/** The settings that hold for a step, in the body that it stands in; undefined: it is not supervised. */
export function supervisionOf(step: Step, body: Pick<Body, "supervise">): Supervision | undefined {
  if (step.kind === "worker_call") return step.supervise;
  // Where a step is isolated, it is the work inside it that is supervised.
  if (step.kind !== "delegate" || step.isolation) return undefined;
  return step.supervise ?? body.supervise;
}

/** The work of the present iteration. */
export function workAt(task: OpenTask): Work | undefined {
  if (task.output === undefined) return undefined;
  return workOf(
    isWorkerResult(task.output) ? answerOf(task.output) : task.output,
    task.supervised?.tests,
  );
}

/** The task as it was put, before anything was added to it: words for an agent, an operation for a worker. */
export function taskOf({ request }: OpenTask): string {
  if (request?.activity === "worker") return operationText(request);
  if (request?.activity !== "agent") return "";
  return request.watch?.task ?? request.instructions;
}

/** What a person who decides about an answer has to know of the task, as paragraphs; none where it asks nobody. */
export function askedOf(task: OpenTask): readonly string[] {
  const asked = withoutMiddle(taskOf(task).trim(), ASKED);
  return asked === "" ? [] : ["What was asked:", asked];
}

/** Characters of a task on screen. */
const ASKED = 2000;

/** True for a task whose agent's answer goes through supervision. */
export function isSupervised(task: OpenTask): boolean {
  return supervisionOf(task.step, task.frame.body) !== undefined;
}
