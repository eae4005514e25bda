/** What went wrong in an outcome that a test expects to have gone wrong. */
import assert from "node:assert/strict";
import type { Failure } from "../../src/run/failure.ts";
import type { ActivityOutcome } from "../../src/run/request.ts";

/** The failure of an outcome that must be of this type. */
export function failureOf(outcome: ActivityOutcome, type = "failed"): Failure {
  assert.equal(outcome.type, type, JSON.stringify(outcome));
  return outcome.type === "completed" ? assert.fail() : outcome.failure;
}
