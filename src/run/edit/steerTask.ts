/**
 * A person's word to one task: its running attempt is stopped, or made anew with guidance. Owns what each is refused for;
 * everything else of the run goes on.
 */
import type { Admission } from "../command.ts";
import type { RunEvent } from "../event.ts";
import { failure } from "../failure.ts";
import type { Signal } from "../signal.ts";
import { isFinished, type OpenTask, type RunState } from "../state.ts";

/** Stops the attempt that runs: the task has failed, and is not retried by itself. */
export function admitStopTask(
  state: RunState,
  { path, by }: Extract<Signal, { type: "stop_task" }>,
): Admission {
  const task = runningAt(state, path);
  return task ? stopped(task, by) : noAttempt(state, path);
}

/** `retry`: what becomes of a retry of that task, for one that has failed. */
export function admitGuide(
  state: RunState,
  { path, text, by }: Extract<Signal, { type: "guide" }>,
  retry: () => Admission,
): Admission {
  const told = text.trim();
  if (told === "") return no("Say what the agent should do differently.");
  const correction = `A person stepped in. ${by} says: ${told}`;
  const task = state.open.get(path);
  if (task && !ASKS_AGENT.has(task.step.kind))
    return no(`${path} asks no agent, so there is nobody to guide. Stop it or retry it instead.`);
  const running = runningAt(state, path);
  if (running) {
    const attempt = running.attempts + 1;
    // Due at once: what the run knows of the time is not later than now.
    const due = state.updated_at;
    return stopped(running, by, { type: "retry_scheduled", path, attempt, due, correction });
  }
  if (task?.state.is !== "failed") return noAttempt(state, path);
  const admission = retry();
  if (!admission.ok) return admission;
  const guided = admission.events.map((event) =>
    event.type === "retry_requested" ? { ...event, guidance: correction } : event,
  );
  return { ok: true, events: guided };
}

/** Kinds of steps whose attempts are an agent's. */
const ASKS_AGENT: ReadonlySet<string> = new Set(["delegate", "plan"]);

function runningAt(state: RunState, path: string): OpenTask | undefined {
  if (isFinished(state) || state.status === "cancelling") return undefined;
  const task = state.open.get(path);
  return task && isAtWork(task) ? task : undefined;
}

function isAtWork({ state }: OpenTask): boolean {
  return state.is === "running" && !state.stopping;
}

function stopped(task: OpenTask, by: string, then?: RunEvent): Admission {
  if (task.state.is !== "running") return no(`${task.path} does not run.`);
  const { path, attempts: attempt, step } = task;
  const { token } = task.state;
  const said = failure("cancelled", `${step.name ?? step.id} was stopped by ${by}.`, { by });
  const end: RunEvent = { type: "attempt_failed", path, attempt, token, failure: said };
  return {
    ok: true,
    events: then ? [end, then] : [end],
    effects: [{ type: "stop", path, attempt, token }],
  };
}

function noAttempt(state: RunState, path: string): Admission {
  const running = [...state.open.values()].filter(isAtWork).map((task) => task.path);
  const others = running.length > 0 ? ` At work: ${running.slice(0, 10).join(", ")}.` : "";
  return no(`No attempt of ${path} runs now.${others}`);
}

function no(reason: string): Admission {
  return { ok: false, reason };
}
