/**
 * What `supervise` says: the settings of an agent that is watched, and what holds where nobody says anything.
 * Owns the shape only; what follows from a score is `run/supervise`'s matter.
 */

export type Priority = "low" | "normal" | "high" | "urgent";

export const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** All scores and thresholds are 0 to 100, durations milliseconds. */
export interface Supervision {
  readonly max_iterations: number;
  readonly iteration_timeout: number;
  /** `heuristic`, or the name of an agent. */
  readonly validator: string;
  readonly quality: {
    readonly threshold: number;
    /** Said in so many words, beside those that the instructions hold. */
    readonly requirements?: readonly string[];
    /** A command whose exit code is 0 when what was made works. */
    readonly tests?: string | readonly string[];
  };
  readonly confidence: {
    readonly threshold: number;
    /** An agent whose own judgement is weighed in. */
    readonly agent?: string;
    /** How much that judgement counts, 0 to 1. */
    readonly weight: number;
  };
  readonly breakpoints: { readonly quality_too_low: number; readonly low_confidence: number };
  readonly clarify_limit: number;
  readonly escalation: {
    readonly owner?: string;
    readonly priority: Priority;
    readonly deadline?: number;
    /** Agents that a person may give it to instead, beside those of the run. */
    readonly reroute?: readonly string[];
  };
}

const CONFIDENCE = { threshold: 50, weight: 0.4 };
const QUALITY = { threshold: 70 };
const BREAKPOINTS = { quality_too_low: 50, low_confidence: 30 };

/** What holds where nobody says anything. */
export const SUPERVISION: Supervision = {
  max_iterations: 5,
  iteration_timeout: 300_000,
  validator: "heuristic",
  quality: QUALITY,
  confidence: CONFIDENCE,
  breakpoints: BREAKPOINTS,
  clarify_limit: 2,
  escalation: { priority: "normal" },
};

/** The agents that supervision itself asks. */
export function supervisorsOf(supervision: Supervision | undefined): readonly string[] {
  if (!supervision) return [];
  const { validator, confidence } = supervision;
  return [
    ...(validator === "heuristic" ? [] : [validator]),
    ...(confidence.agent === undefined ? [] : [confidence.agent]),
  ];
}
