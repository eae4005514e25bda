/**
 * What became of the attempts that were running when their host died.
 * Owns the order: prove the old processes gone, ask whoever may know, otherwise call the outcome unknown. An agent that is
 * gone on with and asks a person is no longer looked into: its attempt goes on here.
 */
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome, ActivityRequest } from "../../run/request.ts";
import type { Outcome } from "../../run/signal.ts";
import type { OpenTask, RunState } from "../../run/state.ts";
import type { ActivityContext, AttemptId } from "../activity.ts";
import type { GoingAttempt, Report } from "../performer.ts";
import type { Timer } from "../timer.ts";
import { createQuestions } from "./questions.ts";
import { listen as listenTo } from "./silence.ts";

export interface RecoveryPorts {
  /** Waits until the processes recorded for an attempt are gone, or gives up. */
  readonly awaitGone: (path: string, attempt: number) => Promise<"gone" | "unproven">;
  /** Asks the outside what became of an attempt; undefined when nobody can tell. `heard`: it gave a sign of life. */
  readonly reconcile: (
    request: ActivityRequest,
    attempt: AttemptId,
    looking: Pick<ActivityContext, "signal" | "ask"> & { readonly heard: () => void },
  ) => Promise<ActivityOutcome | undefined>;
}

/** Around the looking: the end of it, the way to people, and how many questions an attempt had asked before. */
export interface Looking {
  /** Nobody needs to know any more: what was started to find out is stopped, unless it goes on here. */
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly asked: (path: string, attempt: number) => number;
  readonly timer: Timer;
}

export interface Recovered {
  /** To be admitted before anything else happens. */
  readonly outcomes: readonly Outcome[];
  /** Attempts that go on here, for the performer. What they asked before is theirs no more. */
  readonly going: readonly GoingAttempt[];
}

/**
 * What every attempt that the state still has running comes to, or that it goes on. Resolves once the processes of other
 * unfinished tasks are gone, too: a time-out is recorded before its processes are.
 */
export async function recoverAttempts(
  state: RunState,
  ports: RecoveryPorts,
  looking: Looking,
): Promise<Recovered> {
  const begun = [...state.open.values()].filter((task) => task.attempts > 0);
  const running = begun.filter((task) => task.state.is === "running");
  const others = begun.filter((task) => task.state.is !== "running");
  const [found] = await Promise.all([
    Promise.all(running.map((task) => recoverAttempt(state, task, ports, looking))),
    Promise.all(others.map(({ path, attempts }) => ports.awaitGone(path, attempts))),
  ]);
  return {
    outcomes: found.flatMap((one) => ("type" in one ? [one] : [])),
    going: found.flatMap((one) => ("type" in one ? [] : [one])),
  };
}

async function recoverAttempt(
  state: RunState,
  task: OpenTask,
  ports: RecoveryPorts,
  looking: Looking,
): Promise<Outcome | GoingAttempt> {
  const { path, attempts: attempt, request } = task;
  const token = task.state.is === "running" ? task.state.token : "";
  const gone = await ports.awaitGone(path, attempt);
  const base = { type: "outcome" as const, path, attempt, token };
  if (gone === "unproven") {
    const message = `The host stopped while ${path} ran, and its processes could not be proven gone.`;
    return { ...base, outcome: { type: "unknown", failure: failure("outcome_unknown", message) } };
  }
  const message = `The host stopped while ${path} ran.`;
  const lost: ActivityOutcome = { type: "unknown", failure: failure("outcome_unknown", message) };
  if (!request) return { ...base, outcome: lost, host_died: true };
  const run = state.started.run;
  const id = { run, path, attempt, token, key: `${run}/${path}` };
  const found = await look(ports, looking, { request, id, idle: task.step.idle_timeout });
  if (found === undefined) return { ...base, outcome: lost, host_died: true };
  if (!("work" in found)) return { ...base, outcome: found };
  const { work, stop, tell } = found;
  const outcome = work.then((known) => known ?? lost);
  return { path, attempt, token, stop, tell, outcome };
}

/** The outcome by the word of whoever knows, or the work itself once it asks a person; undefined when nobody can tell. */
async function look(
  ports: RecoveryPorts,
  looking: Looking,
  { request, id, idle }: Lost,
): Promise<ActivityOutcome | (Pick<GoingAttempt, "stop" | "tell"> & Work) | undefined> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (): void => controller.abort();
  if (looking.signal.aborted) stop();
  looking.signal.addEventListener("abort", stop);
  const before = looking.asked(id.path, id.attempt);
  const { ask, tell, listen } = createQuestions(id, looking.report, signal, before);
  const silence = listenTo({ path: id.path, limit: idle, timer: looking.timer, stop });
  const asks = new Promise<"asks">((resolve) =>
    listen((open) => {
      silence.hold(open);
      if (open) resolve("asks");
    }),
  );
  const { heard } = silence;
  const work = ports
    .reconcile(request, id, { signal, ask, heard })
    .then((outcome) => outcome && silence.judge(outcome))
    .finally(silence.end);
  try {
    const first = await Promise.race([work, asks]);
    if (first === "asks") return { work, stop, tell };
    // What was only stopped by us says nothing of the attempt.
    return (signal.aborted && first?.type !== "completed") || first?.type === "unknown"
      ? undefined
      : first;
  } finally {
    looking.signal.removeEventListener("abort", stop);
  }
}

/** An attempt whose host died. */
interface Lost {
  readonly request: ActivityRequest;
  readonly id: AttemptId;
  /** How long it may say nothing, in ms. */
  readonly idle: number | undefined;
}

interface Work {
  readonly work: Promise<ActivityOutcome | undefined>;
}
