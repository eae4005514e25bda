/**
 * What a person says to a run that he steers: anything that might be said at any time.
 */
import type { Signal } from "../../src/run/signal.ts";
import type { RunState } from "../../src/run/state.ts";
import { SIGNAL } from "../run/rougher.ts";
import type { Random } from "./random.ts";

/** What a person might say now; what keeps a run from standing still for ever is said even when he has said enough. */
export function signalFor(state: RunState, random: Random, free: boolean): Signal | undefined {
  const by = "person";
  const tasks = [...state.open.values()];
  const awaited = tasks.some((task) => task.state.is === "waiting" && task.state.signal === SIGNAL);
  if (state.status === "paused" && random.below(2) === 0) return { type: "resume", by };
  if (awaited && random.below(2) === 0) return { type: "signal", name: SIGNAL, payload: 1, by };
  if (!free) return undefined;
  if (state.status === "failed") return { type: "retry", by };
  switch (random.below(12)) {
    case 0:
    case 1:
      return { type: "pause", by };
    case 2:
      return { type: "resume", by };
    case 3:
      return { type: "signal", name: SIGNAL, payload: 2, by };
    case 4:
      return random.below(6) === 0 ? { type: "cancel", by } : undefined;
    case 5:
      return random.below(12) === 0 ? { type: "kill", by } : undefined;
    case 6:
      return { type: "retry", by };
    default:
      return undefined;
  }
}
