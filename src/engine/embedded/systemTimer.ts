/** The process's own timers. They stand still while the machine sleeps: whoever waits long looks at a clock too. */
import type { Timer } from "../timer.ts";

export const systemTimer: Timer = {
  after: (ms, ring, background = false) => {
    const timer = setTimeout(ring, ms);
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
  turn: () => new Promise((resolve) => setImmediate(resolve)),
};
