/**
 * What became of the attempts that were running when their host died.
 * Owns the order: prove the old processes gone, ask whoever may know, otherwise call the outcome unknown.
 */
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome, ActivityRequest } from "../../run/request.ts";
import type { Outcome } from "../../run/signal.ts";
import type { OpenTask, RunState } from "../../run/state.ts";
import type { AttemptId } from "../activity.ts";

export interface RecoveryPorts {
  /** Waits until the processes recorded for an attempt are gone, or gives up. */
  readonly awaitGone: (path: string, attempt: number) => Promise<"gone" | "unproven">;
  /** Asks the outside what became of an attempt; undefined when nobody can tell. */
  readonly reconcile: (
    request: ActivityRequest,
    attempt: AttemptId,
  ) => Promise<ActivityOutcome | undefined>;
}

/**
 * An outcome for every attempt that the state still has running. To be admitted before anything else happens. Resolves
 * once the processes of other unfinished tasks are gone, too: a time-out is recorded before its processes are.
 */
export async function recoverAttempts(
  state: RunState,
  ports: RecoveryPorts,
): Promise<readonly Outcome[]> {
  const begun = [...state.open.values()].filter((task) => task.attempts > 0);
  const running = begun.filter((task) => task.state.is === "running");
  const others = begun.filter((task) => task.state.is !== "running");
  const [outcomes] = await Promise.all([
    Promise.all(running.map((task) => recoverAttempt(state, task, ports))),
    Promise.all(others.map(({ path, attempts }) => ports.awaitGone(path, attempts))),
  ]);
  return outcomes;
}

async function recoverAttempt(
  state: RunState,
  task: OpenTask,
  ports: RecoveryPorts,
): Promise<Outcome> {
  const { path, attempts: attempt, request } = task;
  const token = task.state.is === "running" ? task.state.token : "";
  const gone = await ports.awaitGone(path, attempt);
  const base = { type: "outcome" as const, path, attempt, token };
  if (gone === "unproven") {
    const message = `The host stopped while ${path} ran, and its processes could not be proven gone.`;
    return { ...base, outcome: { type: "unknown", failure: failure("outcome_unknown", message) } };
  }
  const run = state.started.run;
  const id = { run, path, attempt, token, key: `${run}/${path}` };
  const known = request ? await ports.reconcile(request, id) : undefined;
  if (known) return { ...base, outcome: known };
  const message = `The host stopped while ${path} ran.`;
  return {
    ...base,
    outcome: { type: "unknown", failure: failure("outcome_unknown", message) },
    host_died: true,
  };
}
