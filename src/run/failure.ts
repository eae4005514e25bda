/**
 * What can go wrong with a task or a run, as data, and the words for it.
 * Owns the failure codes; every layer that fails makes one of these. Knows no performer.
 */
import type { Json } from "../util/json.ts";

/** Why a task failed. `workflow/schema/commonFields.ts` has those that `retry_on` and `non_retryable` may name. */
export type FailureCode =
  | "timeout"
  | "agent_error"
  | "agent_unavailable"
  | "tool_error"
  | "tool_unavailable"
  | "invalid_output"
  | "network"
  | "command_failed"
  | "expression_error"
  | "invalid_input"
  | "gate_failed"
  | "limit_exceeded"
  | "secret_missing"
  | "outcome_unknown"
  | "child_failed"
  | "rejected"
  | "escalated"
  | "cancelled"
  | "untrusted"
  | "storage"
  | "internal";

/** A failure of the domain. `message` says what happened, to what, and the next move, in one or two sentences. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** Evidence for whoever looks closer: exit code and last lines, the refused value, the path of the failed child. */
  readonly detail?: Json;
  /** Path of the task where it began, once the failure has travelled up from there. */
  readonly path?: string;
}

/** Makes a failure; leaves `detail` out when there is none. */
export function failure(code: FailureCode, message: string, detail?: Json): Failure {
  return detail === undefined ? { code, message } : { code, message, detail };
}

/** Codes for which another attempt makes sense when a retry policy names none. */
const TRANSIENT: ReadonlySet<FailureCode> = new Set([
  "timeout",
  "agent_error",
  "tool_error",
  "invalid_output",
  "network",
  "command_failed",
  "gate_failed",
]);

/** True when a retry policy without `retry_on` covers this failure. */
export function isTransient(failed: Failure): boolean {
  return TRANSIENT.has(failed.code);
}
