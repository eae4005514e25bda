/** How long one attempt may take. Each check of a gate has a time of its own: one that takes too long has not passed. */
import type { ActivityRequest, GateRequest } from "../../request.ts";

/** Time for one attempt, or one check of a gate, where the step says nothing, in ms. Agents have none. */
export const DEFAULT_TIMEOUT = 30_000;

/** What the end of a check that is stopped may take beside its time, in ms. */
const STOP = 10_000;

/** Time for an attempt at a request in ms, `own` being what its step says; undefined: as much as it takes. */
export function timeoutOf(own: number | undefined, request: ActivityRequest): number | undefined {
  if (request.activity === "gate") return checksTime(own, request);
  return own ?? (request.activity === "agent" ? undefined : DEFAULT_TIMEOUT);
}

function checksTime(
  own: number | undefined,
  { commands, questions }: GateRequest,
): number | undefined {
  const checks = [...commands, ...(questions ?? [])];
  // Those of older runs share the attempt's time.
  if (commands.some(({ timeout }) => timeout === undefined))
    return own ?? (questions ? undefined : DEFAULT_TIMEOUT);
  if (checks.some(({ timeout }) => timeout === undefined)) return own;
  return checks.reduce((sum, { timeout = 0 }) => sum + timeout + STOP, 0);
}
