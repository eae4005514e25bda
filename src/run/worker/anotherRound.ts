/** A worker asked once more for what it has answered already. Owns how that is told apart from a repetition. Pure. */
import type { ActivityRequest, WorkerRequest } from "../request.ts";

/** The same operation under a key of its own, with why the answer was not enough; nothing of what was said before. */
export function anotherRound(request: WorkerRequest, guidance: string): WorkerRequest {
  const { guidance: _, round = 1, ...same } = request;
  return { ...same, ...(guidance === "" ? {} : { guidance }), round: round + 1 };
}

/** What a worker was asked before a person had its step begun again, and whether it had answered. */
export interface AskedBefore {
  readonly request: WorkerRequest;
  readonly answered: boolean;
}

/**
 * The request of a step that a person had begun again: what was answered, or is asked otherwise now, is other work. What was
 * asked in vain keeps its key, so that nothing is done twice.
 */
export function inItsRound(
  request: ActivityRequest,
  before: AskedBefore | undefined,
): ActivityRequest {
  if (!before || request.activity !== "worker") return request;
  const { round = 1 } = before.request;
  const other = before.answered || printOf(before.request) !== printOf(request);
  if (other) return { ...request, round: round + 1 };
  return round === 1 ? request : { ...request, round };
}

function printOf({ worker, operation, parameters }: WorkerRequest): string {
  return JSON.stringify([worker, operation, parameters]);
}
