/** The clock of the embedded engine. One alarm a run; long waits are cut so that a sleeping machine is noticed. */
import type { Alarm } from "../drive.ts";

/** Longest time between looks at the clock, in ms. */
const LOOK = 60_000;

/** An alarm over the process's own timers. `unref`: a waiting alarm alone does not keep the process alive. */
export function createAlarm(now: () => number, unref = false): Alarm {
  let timer: NodeJS.Timeout | undefined;
  const set = (due: number | undefined, ring: () => void): void => {
    clearTimeout(timer);
    timer = undefined;
    if (due === undefined) return;
    const left = due - now();
    timer = setTimeout(
      () => (due <= now() ? ring() : set(due, ring)),
      Math.max(0, Math.min(left, LOOK)),
    );
    if (unref) timer.unref();
  };
  return { set };
}
