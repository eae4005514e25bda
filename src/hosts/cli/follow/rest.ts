/**
 * Where a run has come to when nothing more happens by itself. Owns that question for the terminal, and waiting for it.
 * Knows no screen.
 */
import type { RunWatch } from "../../../app/app.ts";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { isFinished, isWaiting } from "../../../run/state.ts";

/**
 * - `finished`: done, failed, rejected or cancelled
 * - `waiting`: for an answer or a signal from outside, and for nothing else
 * - `paused`: until somebody resumes it
 * - `undriven`: no process drives it
 * - `stopped`: this person stopped looking
 */
export type Rest = "finished" | "waiting" | "paused" | "undriven" | "stopped";

/** Where a run rests now; undefined while it goes on. `answered`: open breakpoints that a policy is about to answer. */
export function restOf(watch: RunWatch, answered: (open: Breakpoint) => boolean): Rest | undefined {
  const { state, ownership } = watch;
  if (isFinished(state)) return "finished";
  if (watch.busy) return undefined;
  if (state.status === "paused" && state.running === 0) return "paused";
  const waits = isWaiting(state) && state.status !== "cancelling";
  if (waits && ![...state.breakpoints.values()].some(answered)) return "waiting";
  return ownership === "nobody" ? "undriven" : undefined;
}

/** Wakes a loop: every change counts, none is missed between two looks. */
export interface Wake {
  ring(): void;
  /** Resolves at the next ring, or at once when one came since the last look; after `timeout` ms in any case. */
  next(timeout?: number): Promise<void>;
}

export function createWake(): Wake {
  let rung = false;
  let waiting: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      waiting?.();
    },
    next: async (timeout) => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = timeout === undefined ? undefined : setTimeout(resolve, timeout);
        waiting = resolve;
        await promise;
        clearTimeout(timer);
      }
      waiting = undefined;
      rung = false;
    },
  };
}
