/**
 * Time as the journal's folder needs it, as a port, and the real one.
 * Owns waiting; knows nothing that waits.
 */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since 1970; may jump. */
  now(): number;
  /** Milliseconds that only grow, from any zero. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. `background`: keeps no process alive. */
  wait(
    ms: number,
    options?: { readonly signal?: AbortSignal | undefined; readonly background?: boolean },
  ): Promise<void>;
  /** Resolves once everything else that is due in this process has had its turn. */
  turn(): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wait: async (ms, { signal, background = false } = {}) => {
    const options = signal ? { signal, ref: !background } : { ref: !background };
    await sleep(ms, undefined, options).catch(() => {});
  },
  turn: () => setImmediate(),
};
