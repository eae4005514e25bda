/**
 * How many agents work at once in this process. Those that wait are let in run by run, in turn, and within a run in the
 * order in which they came: so no long list of one run keeps another waiting.
 */
import type { AgentPlace, AgentPool } from "../agentPool.ts";

/** A pool of `most()` places; the number is asked anew each time one is wanted or left. */
export function createAgentPool(most: () => number): AgentPool {
  /** Waiting entries by run; the run that is next in turn comes first. */
  const waiting = new Map<string, (() => void)[]>();
  let taken = 0;

  const admit = (): void => {
    while (taken < most()) {
      const [next] = waiting;
      if (!next) return;
      const [run, entries] = next;
      const enter = entries.shift();
      waiting.delete(run);
      if (entries.length > 0) waiting.set(run, entries);
      taken += 1;
      enter?.();
    }
  };

  const wait = (run: string, enter: () => void): (() => void) => {
    const entries = waiting.get(run) ?? [];
    entries.push(enter);
    waiting.set(run, entries);
    return () => {
      entries.splice(entries.indexOf(enter), 1);
      if (entries.length === 0 && waiting.get(run) === entries) waiting.delete(run);
    };
  };

  const free = (): void => {
    taken -= 1;
    admit();
  };

  return {
    occupy: () => {
      taken += 1;
      let left = false;
      return () => {
        if (!left) free();
        left = true;
      };
    },
    enter: (run) => {
      const { promise: ready, resolve } = Promise.withResolvers<void>();
      let state: "waiting" | "in" | "left" = "waiting";
      const giveUp = wait(run, () => {
        state = "in";
        resolve();
      });
      admit();
      const leave = (): void => {
        const before = state;
        state = "left";
        if (before === "waiting") giveUp();
        if (before === "in") free();
      };
      const place: AgentPlace = { free: isIn(state), ready, leave };
      return place;
    },
  };
}

function isIn(state: string): boolean {
  return state === "in";
}
