/**
 * The clock of the embedded engine. One alarm a run; long waits are cut so that a machine that slept, or whose clock was
 * set, is noticed within a minute.
 */
import type { Alarm } from "../drive.ts";
import type { Timer } from "../timer.ts";

/** Longest time between looks at the clock, in ms. */
const LOOK = 60_000;

/** A look may be so late before the clock counts as having jumped, in ms: a busy process is late, too. */
const TOLERANCE = 5_000;

/** An alarm by the clock `now` (ms since the epoch) over a timer that may lag behind it. */
export function createAlarm(now: () => number, timer: Timer): Alarm {
  let cancel = (): void => undefined;
  /** The next look at the clock: from when, and for when it is planned. */
  let planned: { readonly from: number; readonly at: number } | undefined;
  let jump = 0;

  /** `rang`: the timer did, so that all the time that was planned has gone by; otherwise none may have. */
  const measure = (rang = false): void => {
    if (!planned) return;
    const at = now();
    const earliest = rang ? planned.at : planned.from;
    if (at < earliest - TOLERANCE || at > planned.at + TOLERANCE) jump += at - earliest;
    planned = { from: at, at: Math.max(at, planned.at) };
  };

  const set = (due: number | undefined, ring: () => void): void => {
    cancel();
    cancel = () => undefined;
    measure();
    planned = undefined;
    if (due === undefined) return;
    const from = now();
    const delay = Math.max(0, Math.min(due - from, LOOK));
    planned = { from, at: from + delay };
    const look = (): void => {
      measure(true);
      if (jump !== 0 || due <= now()) ring();
      else set(due, ring);
    };
    cancel = timer.after(delay, look);
  };

  const jumped = (): number => {
    measure();
    const by = jump;
    jump = 0;
    return by;
  };

  return { set, jumped };
}
