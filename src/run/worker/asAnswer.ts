/**
 * A worker under supervision, seen as supervision sees an agent: its operation as a task, its result as an answer, its own
 * word on how sure it is as the confidence. Pure.
 */
import type { Json, JsonObject } from "../../util/json.ts";
import type { WorkerRequest } from "../request.ts";
import type { Confidence } from "../supervise/facts.ts";
import type { WorkerResult } from "./contract.ts";

/** What a worker is to do, for whoever judges what came of it. */
export function operationText({ worker, operation, parameters }: WorkerRequest): string {
  return `${operation} of ${worker} with ${JSON.stringify(parameters)}`;
}

/** A worker's result as an agent would give it: {response, data}; without `data` where there is none. */
export function answerOf({ result }: WorkerResult): JsonObject {
  return { response: textOf(result), ...(result === null ? {} : { data: result }) };
}

/** A worker's own confidence; undefined where it says none. */
export function ownConfidence({ confidence }: WorkerResult): Confidence | undefined {
  if (confidence === null) return undefined;
  const detail = `the worker says ${confidence}`;
  return {
    score: confidence,
    evidence: [{ name: "worker", held: confidence / 100, weight: 1, detail }],
  };
}

function textOf(result: Json): string {
  if (typeof result === "string") return result;
  return result === null ? "" : JSON.stringify(result, null, 2);
}
