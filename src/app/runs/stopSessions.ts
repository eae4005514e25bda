/**
 * Sessions of debugging, as whoever drives a run looks after them: those whose process is gone end, and what they stopped
 * goes on. Owns when it is looked; whether a process is gone is the machine's word.
 */
import type { Timer } from "../../engine/timer.ts";
import type { Signal } from "../../run/signal.ts";
import type { RunState } from "../../run/state.ts";
import type { Stops } from "../app.ts";

export interface StopSessionPorts {
  readonly timer: Timer;
  /** Of the process that a session lives in. */
  readonly isGone: (host: string) => boolean;
}

export interface StopSessions {
  /** Something happened: while there are sessions, it is looked for their processes. */
  look(state: RunState): void;
  dispose(): void;
}

/** Between two looks for the processes of sessions, in ms. */
const LOOK = 1000;

/** The ends of the sessions that nobody can end any more. */
export function endsOfGone(
  state: RunState,
  isGone: StopSessionPorts["isGone"],
): readonly Extract<Signal, { type: "stops_end" }>[] {
  const gone = [...state.stops.values()].filter(({ host }) => isGone(host));
  return gone.map(({ session }) => ({ type: "stops_end", session, by: BY }));
}

/** Looks after the sessions of one run from now on. `end` is told of each that is to end. */
export function watchSessions(
  { timer, isGone }: StopSessionPorts,
  end: (signal: Signal) => void,
): StopSessions {
  let waiting: (() => void) | undefined;
  const stop = (): void => {
    waiting?.();
    waiting = undefined;
  };
  const look = (state: RunState): void => {
    if (state.stops.size === 0) return stop();
    waiting ??= timer.after(LOOK, () => ring(state), true);
  };
  const ring = (state: RunState): void => {
    waiting = undefined;
    for (const signal of endsOfGone(state, isGone)) end(signal);
    look(state);
  };
  return { look, dispose: stop };
}

/** The signal that sets a session's stops. @param host this process */
export function stopsSignal(host: string, stops: Stops): Extract<Signal, { type: "stops" }> {
  return { type: "stops", host, ...stops };
}

const BY = "fermata, because its process has gone,";
