/** The stop of an attempt that runs: what is recorded, and what its performer is told. */
import type { Command } from "../command.ts";
import type { OpenTask } from "../state.ts";

/** Tells a running attempt to stop; nothing when it was told before or does not run. */
export function stopAttempt(task: OpenTask): readonly Command[] {
  if (task.state.is !== "running" || task.state.stopping) return [];
  const { token } = task.state;
  return [stopWith(task, token, { type: "attempt_stopping", ...attemptOf(task, token) })];
}

/** A command whose event ends or stops an attempt, with the word to its performer. */
export function stopWith(task: OpenTask, token: string, event: Command["event"]): Command {
  return { event, effect: { type: "stop", ...attemptOf(task, token) } };
}

/** What names an attempt. */
export function attemptOf(
  task: OpenTask,
  token: string,
): { path: string; attempt: number; token: string } {
  return { path: task.path, attempt: task.attempts, token };
}
