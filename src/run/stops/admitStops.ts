/** The door for what sessions of debugging ask of a run: their stops, a step, and their end. Changes nothing. */
import type { Admission } from "../command.ts";
import type { Signal } from "../signal.ts";
import { isFinished, type RunState } from "../state.ts";
import { laneOf, threadOf } from "./lanes.ts";

type Of<T extends Signal["type"]> = Extract<Signal, { type: T }>;

/** Sets all the stops of a session; with a pace it also steps from where the run stands. */
export function admitStops(state: RunState, input: Of<"stops">): Admission {
  if (isFinished(state) && state.status !== "failed")
    return {
      ok: false,
      reason: `The run is over (${state.status}): nothing in it stops any more.`,
    };
  const { session, by, host, places, pace } = input;
  const set = { type: "stops_set", session, by, host, places } as const;
  return { ok: true, events: pace === undefined ? [set] : [{ ...set, pace }] };
}

/** Lets a session go one step on; whatever it stopped is answered apart. */
export function admitStep(state: RunState, input: Of<"step">): Admission {
  const { session, by, pace, path } = input;
  if (!state.stops.has(session)) return { ok: false, reason: UNKNOWN };
  const task = path === undefined ? undefined : state.open.get(path);
  if (path !== undefined && !task)
    return { ok: false, reason: `The run does not stand at ${path} any more.` };
  const asked = { type: "step_asked", session, by, pace } as const;
  if (!task) return { ok: true, events: [asked] };
  const lane = laneOf(task.frame);
  const thread = threadOf(task.frame).key;
  return { ok: true, events: [{ ...asked, from: task.path, lane, thread }] };
}

/** Ends a session; one that is not there has ended. */
export function admitStopsEnd(state: RunState, { session, by }: Of<"stops_end">): Admission {
  const known = state.stops.has(session);
  return { ok: true, events: known ? [{ type: "stops_removed", session, by }] : [] };
}

const UNKNOWN = "This session has set no stops in this run. Attach to it first.";
