/**
 * How much work one evaluation may do. Counted, never timed, because this code has no clock.
 * Owns the limits and their defaults; the runtime charges against them.
 */

export interface Budget {
  /** Units of work: a node evaluated, an element visited, a few characters compared or copied. */
  readonly steps: number;
  /** Bytes that may be built in all, counted at two a character and sixteen a list element. */
  readonly bytes: number;
  /** How deeply nested data may be that is printed, compared, copied or returned. */
  readonly depth: number;
}

/** Chosen so that no evaluation takes more than about 100 ms or 16 MB on a slow laptop. */
export const DEFAULT_BUDGET: Budget = { steps: 1_000_000, bytes: 16 * 1024 * 1024, depth: 200 };
