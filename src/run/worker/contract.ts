/**
 * What an engine and a worker say to each other over HTTP: `GET /health` and `POST /operations`. One place for both sides.
 * Owns the shapes and how they are read; knows no transport. Confidence is 0 to 1 on the wire and 0 to 100 in a run.
 */
import { isObject, type Json, type JsonObject, own } from "../../util/json.ts";
import { LONGEST_OPERATION } from "../../workflow/definition/callSteps.ts";

/** What an operation can be at while a worker is not done with it. */
const UNDONE = ["idle", "planning", "executing", "validating"] as const;

/** What an operation can be at. */
export const OPERATION_STATUSES = [...UNDONE, "escalating", "completed", "failed"] as const;

const LEAST_SECONDS = 10;
export const MOST_SECONDS = LONGEST_OPERATION / 1000;

/** What a worker is told of the time that it has, in ms: its contract takes no less than ten seconds and no more than an hour. */
export function secondsFor(timeout: number): number {
  return Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, Math.ceil(timeout / 1000)));
}

/** The body of `POST /operations`. A worker takes `operation` or `operation_type`. */
export interface OperationRequest {
  readonly operation: string;
  readonly parameters: JsonObject;
  /** 1 to 10; 5 unless said. */
  readonly priority?: number;
  /** 10 to 3,600; 300 unless said. */
  readonly timeout_seconds?: number;
  readonly require_validation?: boolean;
  readonly metadata?: JsonObject;
}

/** The answer to it, on the wire. */
export interface OperationAnswer {
  readonly operation_id: string;
  readonly status: string;
  readonly result: Json;
  /** 0 to 1. */
  readonly confidence_score: number;
  readonly requires_human: boolean;
  readonly execution_time_ms: number;
  readonly token_usage: number;
  readonly metadata: JsonObject;
  /** Why it failed, when it did. */
  readonly error?: string;
}

/** The answer as a run keeps it: the result of a `worker_call`. */
export type WorkerResult = {
  readonly operation_id: string;
  readonly status: string;
  readonly result: Json;
  /** 0 to 100; null when the worker says none. */
  readonly confidence: number | null;
  readonly requires_human: boolean;
  readonly execution_time_ms: number;
  readonly tokens_used: number;
  readonly metadata: JsonObject;
};

export type ReadAnswer =
  | { readonly ok: true; readonly result: WorkerResult; readonly error?: string }
  | { readonly ok: false; readonly problem: string };

/** Reads a worker's answer; what it need not say is filled in. */
export function readOperationAnswer(value: Json): ReadAnswer {
  if (!isObject(value)) return no("it is no JSON object");
  const status = own(value, "status");
  if (typeof status !== "string") return no("it has no `status`");
  if (!OPERATION_STATUSES.some((known) => known === status))
    return no(`its \`status\` is \`${status.slice(0, 40)}\``);
  if (UNDONE.some((undone) => undone === status))
    return no(`its \`status\` is \`${status}\`: it answered before it was done`);
  const confidence = readConfidence(own(value, "confidence_score"));
  if (confidence === undefined) return no("its `confidence_score` is no number from 0 to 1");
  const error = own(value, "error");
  return {
    ok: true,
    result: {
      operation_id: textOf(own(value, "operation_id")),
      status,
      result: own(value, "result") ?? null,
      confidence,
      requires_human: status === "escalating" || own(value, "requires_human") === true,
      execution_time_ms: numberOf(own(value, "execution_time_ms")),
      tokens_used: numberOf(own(value, "token_usage")),
      metadata: objectOf(own(value, "metadata")),
    },
    ...(typeof error === "string" ? { error } : {}),
  };
}

/** True for the result of a worker, as a run keeps it. */
export function isWorkerResult(value: Json): value is WorkerResult {
  return isObject(value) && typeof value.status === "string" && "confidence" in value;
}

function readConfidence(value: Json | undefined): number | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || value < 0 || value > 1) return undefined;
  return Math.round(value * 1000) / 10;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: Json | undefined): number {
  return typeof value === "number" && value >= 0 ? value : 0;
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function no(problem: string): ReadAnswer {
  return { ok: false, problem };
}
