/** Until when a graph's steps may wait for what they depend on: kept beside the run's timers. */
import { taskPath } from "../../path.ts";
import type { OpenTask, RunState } from "../../state.ts";

/** A step may wait until `due` (ms since the epoch). */
export function waitUntil(state: RunState, owner: OpenTask, index: number, due: number): void {
  owner.graph?.blockedUntil.set(index, due);
  state.timers.set(timerOf(owner, index), due);
}

/** A step waits for nothing any more. */
export function waitNoMore(state: RunState, owner: OpenTask, index: number): void {
  if (owner.graph?.blockedUntil.delete(index)) state.timers.delete(timerOf(owner, index));
}

/** No time runs for what waits in a graph, until `startBlocked`. */
export function stopBlocked(state: RunState, owner: OpenTask): void {
  for (const index of owner.graph?.blockedUntil.keys() ?? [])
    state.timers.delete(timerOf(owner, index));
}

/** Gives what waits in a graph its whole time, from now on. */
export function startBlocked(state: RunState, owner: OpenTask, at: number): void {
  if (owner.step.kind !== "graph") return;
  for (const index of owner.graph?.blockedUntil.keys() ?? [])
    waitUntil(state, owner, index, at + (owner.step.steps[index]?.blocked_timeout ?? 0));
}

function timerOf({ path, step }: OpenTask, index: number): string {
  const id = step.kind === "graph" ? step.steps[index]?.id : undefined;
  return taskPath(path, id ?? "", 1);
}
