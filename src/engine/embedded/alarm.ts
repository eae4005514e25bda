/** The clock of the embedded engine. One alarm a run; long waits are cut so that a sleeping machine is noticed. */
import type { Alarm } from "../drive.ts";
import type { Timer } from "../timer.ts";

/** Longest time between looks at the clock, in ms. */
const LOOK = 60_000;

/** An alarm by the clock `now` (ms since the epoch) over a timer that may lag behind it. */
export function createAlarm(now: () => number, timer: Timer): Alarm {
  let cancel = (): void => undefined;
  const set = (due: number | undefined, ring: () => void): void => {
    cancel();
    cancel = () => undefined;
    if (due === undefined) return;
    const look = (): void => (due <= now() ? ring() : set(due, ring));
    cancel = timer.after(Math.max(0, Math.min(due - now(), LOOK)), look);
  };
  return { set };
}
