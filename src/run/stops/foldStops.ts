/** The fold of stops: set, passed, hit, stepped from and removed. Part of the fold: decides nothing. */
import type { RunEvent } from "../event.ts";
import { closeBreakpoint, taskAt, writeResult } from "../evolve/tree.ts";
import type { OpenTask, RunState } from "../state.ts";
import { takes, threadsAround } from "./lanes.ts";
import type { AskedPace, StopSession } from "./stop.ts";

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** Folds `stops_set`: what the session wanted before is replaced, what it counted of a place that stays is kept. */
export function setStops(state: RunState, event: Of<"stops_set">): void {
  const { session, by, host, places, pace } = event;
  const before = state.stops.get(session);
  const kept = places.flatMap(({ at }) => {
    const count = before?.counts[at];
    return count === undefined ? [] : [[at, count] as const];
  });
  const paces = [...(before?.paces ?? []), ...(pace === undefined ? [] : [{ pace }])];
  const counts = Object.fromEntries(kept);
  state.stops.set(session, { session, by, host, places, paces, counts });
}

/** Folds `step_asked`: one step at a time for each place that is stepped from. */
export function askStep(state: RunState, event: Of<"step_asked">): void {
  const { session, pace, from, lane, thread } = event;
  const known = state.stops.get(session);
  if (!known) return;
  const asked: AskedPace = {
    pace,
    ...(from === undefined ? {} : { path: from }),
    ...(lane === undefined ? {} : { lane }),
    ...(thread === undefined ? {} : { thread }),
  };
  const others = known.paces.filter((other) => other.thread !== thread);
  state.stops.set(session, { ...known, paces: [...others, asked] });
}

/** Folds `stop_passed`. */
export function passStop(state: RunState, event: Of<"stop_passed">, at: number): void {
  taskAt(state, event.path, at).looked = true;
  count(state, event.session, event.place);
}

/** A stop holds this task: the state shows its result if it has one, the stop is counted, and nobody is still on the way here, or elsewhere from this thread. */
export function holdTask(
  state: RunState,
  task: OpenTask,
  { session, place }: { readonly session?: string; readonly place?: string },
): void {
  if (task.output !== undefined) {
    writeResult(state, task, task.output);
    task.written = true;
  }
  if (session !== undefined && place !== undefined) count(state, session, place);
  if (state.stops.size === 0) return;
  const threads = threadsAround(task.frame);
  for (const known of state.stops.values()) {
    const paces = known.paces.filter(
      (asked) => !takes(asked, task.frame) && !threads.includes(asked.thread ?? ""),
    );
    if (paces.length < known.paces.length) state.stops.set(known.session, { ...known, paces });
  }
}

/** Folds `stops_removed`: what the session stopped stands at its beginning again, where others may stop it. */
export function removeStops(state: RunState, { session }: Of<"stops_removed">): void {
  state.stops.delete(session);
  for (const { id, path, form } of [...state.breakpoints.values()]) {
    if (form.kind !== "stop" || form.session !== session) continue;
    const task = state.open.get(path);
    if (!task) continue;
    closeBreakpoint(state, task, id);
    task.state = { is: "ready" };
    const record = state.tasks.get(path);
    if (record) record.status = "open";
  }
}

function count(state: RunState, session: string, place: string): void {
  const known = state.stops.get(session);
  if (!known || !hasHits(known, place)) return;
  const counts = { ...known.counts, [place]: (known.counts[place] ?? 0) + 1 };
  state.stops.set(session, { ...known, counts });
}

function hasHits({ places }: StopSession, at: string): boolean {
  return places.some((place) => place.at === at && place.hits !== undefined);
}
