/**
 * The fold of what a running attempt asks: while any of it is open the attempt stands still and its time does not run.
 * Owns that; the questions of steps are in `ask.ts`.
 */
import type { RunEvent } from "../event.ts";
import type { OpenTask, RunState } from "../state.ts";
import { countQueued, countWork } from "./accounts.ts";
import { closeBreakpoint, setTimer, taskAt } from "./tree.ts";

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** An attempt begins to ask, or asks one thing more. */
export function openQuestion(state: RunState, task: OpenTask, id: string, at: number): void {
  if (task.state.is !== "running") return;
  delete task.pending;
  const { asked } = task.state;
  task.state = {
    ...task.state,
    asked: asked ? { ...asked, ids: [...asked.ids, id] } : { ids: [id], since: at },
  };
  if (asked) return;
  setTimer(state, task.path, undefined);
  countQueued(state, task.account, 1, at);
  countWork(state, task.account, -1, at);
  const record = state.tasks.get(task.path);
  if (record) record.status = "asking";
}

/** Folds `breakpoint_withdrawn`. */
export function withdrawQuestion(
  state: RunState,
  { path, id, host_died }: Of<"breakpoint_withdrawn">,
  at: number,
): void {
  const task = taskAt(state, path, at);
  const form = host_died && state.breakpoints.get(id)?.form;
  if (form && form.kind === "permission") task.pending = [...(task.pending ?? []), form.message];
  closeQuestion(state, task, id, at);
}

/** One question less. With the last one the attempt goes on, and gets the time back that it stood still. */
export function closeQuestion(state: RunState, task: OpenTask, id: string, at: number): void {
  if (task.state.is !== "running" || !task.state.asked?.ids.includes(id)) return;
  closeBreakpoint(state, task, id);
  const { asked, deadline, ...rest } = task.state;
  const ids = asked.ids.filter((other) => other !== id);
  if (ids.length > 0) {
    task.state = { ...task.state, asked: { ...asked, ids } };
    return;
  }
  // A pause gives its own time back when it ends.
  const stood = Math.max(0, (state.paused_at ?? at) - asked.since);
  const moved = deadline === undefined ? undefined : deadline + stood;
  task.state = { ...rest, ...(moved === undefined ? {} : { deadline: moved }) };
  setTimer(state, task.path, moved);
  countWork(state, task.account, 1, at);
  countQueued(state, task.account, -1, at);
  const record = state.tasks.get(task.path);
  if (record) record.status = "running";
}
