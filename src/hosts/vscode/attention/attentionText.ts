/** What the status bar says of all runs together. Pure. */
import { isFinished } from "../../../run/state.ts";
import type { RunEntry, Waiting } from "../hostModel.ts";

export interface Counts {
  /** At work: neither over nor waiting for the person, and driven by somebody. */
  readonly running: number;
  /** Open questions. */
  readonly waiting: number;
}

/** How many runs are at work, and how many questions are open. */
export function countRuns(entries: readonly RunEntry[], waiting: readonly Waiting[]): Counts {
  const asked = new Set(waiting.map(({ run }) => run));
  const atWork = entries.filter(
    ({ run, state, ownership }) =>
      state !== undefined &&
      !isFinished(state) &&
      state.status !== "paused" &&
      ownership !== "nobody" &&
      (!asked.has(run) || state.running > 0),
  );
  return { running: atWork.length, waiting: waiting.length };
}
