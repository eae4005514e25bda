/** How a run's gates stand: counted as they are judged, each gate by its last verdict. Part of the fold; O(1) a gate. */
import type { JsonObject } from "../../util/json.ts";
import type { GateResult, GateStatus } from "./judge.ts";

/** Gates by their last verdict. */
export interface GateCounts {
  passed: number;
  failed: number;
  warned: number;
}

/** What is known of a judged gate for ever; its evidence stays in the event. */
export type GateVerdict = Omit<GateResult, "evidence">;

/** What `success_criteria` and reports see. */
export interface GateTotals extends Readonly<GateCounts> {
  readonly total: number;
  /** Percent of all gates that passed; 100 where there were none. */
  readonly pass_rate: number;
}

const PLACE: Readonly<Record<GateStatus, keyof GateCounts>> = {
  PASS: "passed",
  FAIL: "failed",
  WARN: "warned",
};

export function noGates(): GateCounts {
  return { passed: 0, failed: 0, warned: 0 };
}

/** The counters of a run's gates. */
export function gateTotals({ gates }: { readonly gates: Readonly<GateCounts> }): GateTotals {
  const total = gates.passed + gates.failed + gates.warned;
  return { ...gates, total, pass_rate: total === 0 ? 100 : (100 * gates.passed) / total };
}

/** Counts verdicts in the place of those that the same task gave before. */
export function countVerdicts(
  counts: GateCounts,
  before: readonly GateVerdict[],
  now: readonly GateVerdict[],
): void {
  for (const { status } of before) counts[PLACE[status]] -= 1;
  for (const { status } of now) counts[PLACE[status]] += 1;
}

/** Verdicts counted alone. */
export function countOf(verdicts: readonly GateVerdict[]): GateCounts {
  const counts = noGates();
  countVerdicts(counts, [], verdicts);
  return counts;
}

/** A verdict without its evidence. */
export function verdictOf({ name, category, status, reason }: GateResult): GateVerdict {
  return { name, category, status, reason };
}

/** The result of a gate step: its counts, and every verdict with its evidence. */
export function gateSummary(results: readonly GateResult[]): JsonObject {
  return { ...countOf(results), results: results.map((gate) => ({ ...gate })) };
}
