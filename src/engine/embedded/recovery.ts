/**
 * What becomes of the attempts that were running when their host died.
 * Owns the order: prove the old processes gone, then go on with those that somebody may know more of; the outcome of
 * the others is unknown. Asks nobody itself: that is the performer's.
 */
import { failure } from "../../run/failure.ts";
import type { ActivityRequest } from "../../run/request.ts";
import type { Outcome } from "../../run/signal.ts";
import type { OpenTask, RunState } from "../../run/state.ts";
import type { LostAttempt } from "../performer.ts";
import { lostWithHost } from "./performer.ts";

export interface RecoveryPorts {
  /** Waits until the processes recorded for an attempt are gone, or gives up. */
  readonly awaitGone: (path: string, attempt: number) => Promise<"gone" | "unproven">;
  /** Whether somebody can go on with such an attempt, or tell what became of it. */
  readonly mayKnow: (request: ActivityRequest) => boolean;
}

export interface Recovered {
  /** To be admitted before anything else happens. */
  readonly outcomes: readonly Outcome[];
  /** For the performer to go on with. What they asked before is theirs no more. */
  readonly going: readonly LostAttempt[];
}

/**
 * What every attempt that the state still has running comes to, or that it goes on. Resolves once the processes of other
 * unfinished tasks are gone, too: a time-out is recorded before its processes are. `asked`: how many questions an
 * attempt had asked.
 */
export async function recoverAttempts(
  state: RunState,
  ports: RecoveryPorts,
  asked: (path: string, attempt: number) => number,
): Promise<Recovered> {
  const begun = [...state.open.values()].filter((task) => task.attempts > 0);
  const running = begun.filter((task) => task.state.is === "running");
  const others = begun.filter((task) => task.state.is !== "running");
  const [found] = await Promise.all([
    Promise.all(running.map((task) => recoverAttempt(task, ports, asked))),
    Promise.all(others.map(({ path, attempts }) => ports.awaitGone(path, attempts))),
  ]);
  return {
    outcomes: found.flatMap((one) => ("type" in one ? [one] : [])),
    going: found.flatMap((one) => ("type" in one ? [] : [one])),
  };
}

async function recoverAttempt(
  task: OpenTask,
  { awaitGone, mayKnow }: RecoveryPorts,
  asked: (path: string, attempt: number) => number,
): Promise<Outcome | LostAttempt> {
  const { path, attempts: attempt, request, state: now } = task;
  const token = now.is === "running" ? now.token : "";
  const gone = await awaitGone(path, attempt);
  const base = { type: "outcome" as const, path, attempt, token };
  if (gone === "unproven") {
    const message = `The host stopped while ${path} ran, and its processes could not be proven gone.`;
    return { ...base, outcome: { type: "unknown", failure: failure("outcome_unknown", message) } };
  }
  // What was being stopped is not begun again to find out, and what was queued has not begun.
  const over = now.is !== "running" || now.stopping || now.queued_at !== undefined;
  if (over || !request || !mayKnow(request))
    return { ...base, outcome: lostWithHost(path), host_died: true };
  const idle = task.step.idle_timeout;
  const limit = idle === undefined ? {} : { idle_timeout: idle };
  const effect = { type: "perform" as const, path, attempt, token, request, ...limit };
  return { effect, asked: asked(path, attempt) };
}
