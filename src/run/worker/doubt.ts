/** When a worker's answer needs a person. Owns the rule and its words, for steps and for agents. Pure. */
import { isObject, type Json } from "../../util/json.ts";
import { WORKER_THRESHOLD } from "../../workflow/schema/superviseFields.ts";
import type { StepKind } from "../../workflow/workflow.ts";
import type { OpenTask } from "../state.ts";
import type { WorkerResult } from "./contract.ts";

/**
 * Why a person should look at an answer, as the rest of a sentence; undefined when nobody needs to. `asked`: the confidence
 * that a step or an agent's settings ask for; a worker that says none may be as unsure as any.
 */
export function workerDoubt(
  { confidence, requires_human }: Pick<WorkerResult, "confidence" | "requires_human">,
  asked: number | undefined,
): string | undefined {
  const threshold = asked ?? WORKER_THRESHOLD;
  if (confidence !== null && confidence < threshold)
    return `the worker's confidence is ${confidence}, below ${threshold}`;
  if (confidence === null && asked !== undefined && asked > 0)
    return `the worker does not say how sure it is, and a confidence of ${asked} is asked for`;
  return requires_human ? "the worker asks for a person" : undefined;
}

/** The doubt that an agent's answer carries, as `workerDoubt` words it. */
export function doubtIn(result: Json): string | undefined {
  return isObject(result) && typeof result.doubt === "string" ? result.doubt : undefined;
}

/**
 * True for a task whose agent's answer waits for a person because the agent is not sure of it. Whoever supervises is asked
 * by supervision, which counts such a word as none.
 */
export function isDoubted({ step, supervised, output, frame }: OpenTask): boolean {
  const asked = ANSWERED.has(step.kind) && !supervised && frame.kind !== "review";
  return asked && doubtIn(output ?? null) !== undefined;
}

/** Steps that go on from one agent's answer. */
const ANSWERED: ReadonlySet<StepKind> = new Set(["delegate", "approve", "plan"]);
