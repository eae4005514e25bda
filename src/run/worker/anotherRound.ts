/**
 * Another side asked once more, over HTTP, for what it has answered already. Owns how that is told apart from a repetition,
 * which goes out under the key of what it repeats. Pure.
 */
import type { ActivityRequest, HttpRequest, WorkerRequest } from "../request.ts";

/** What goes out under a key. */
export type KeyedRequest = HttpRequest | WorkerRequest;

export function isKeyed(request: ActivityRequest | undefined): request is KeyedRequest {
  return request?.activity === "http" || request?.activity === "worker";
}

/** The same under a key of its own; a worker is told why its answer was not enough, and nothing of what was said before. */
export function anotherRound(request: KeyedRequest, guidance: string): KeyedRequest {
  const round = (request.round ?? 1) + 1;
  if (request.activity === "http") return { ...request, round };
  const { guidance: _, ...same } = request;
  return { ...same, ...(guidance === "" ? {} : { guidance }), round };
}

/** The key of a request of a task with this key. */
export function keyOf(key: string, { round = 1 }: KeyedRequest): string {
  return round === 1 ? key : `${key}~${round}`;
}

/** What was asked before a person had the step begun again, and whether it was answered. */
export interface AskedBefore {
  readonly request: KeyedRequest;
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
  if (!before || !isKeyed(request)) return request;
  const { round = 1 } = before.request;
  const other = before.answered || printOf(before.request) !== printOf(request);
  if (other) return { ...request, round: round + 1 };
  return round === 1 ? request : { ...request, round };
}

function printOf(request: KeyedRequest): string {
  if (request.activity === "http")
    return JSON.stringify([request.method, request.url, request.body ?? null]);
  return JSON.stringify([request.worker, request.operation, request.parameters]);
}
