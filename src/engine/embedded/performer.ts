/**
 * Performs a run's effects in this process: one activity per request, one report per attempt.
 * Owns the running attempts of one run; never retries and never touches the journal.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Admission } from "../../run/command.ts";
import { failure } from "../../run/failure.ts";
import { withoutVisits } from "../../run/path.ts";
import type { ActivityOutcome, ActivityRequest } from "../../run/request.ts";
import type { Outcome } from "../../run/signal.ts";
import type { Activity, ActivityContext } from "../activity.ts";
import type { AgentPool } from "../agentPool.ts";
import type { LostAttempt, Perform, Performer, Report } from "../performer.ts";
import type { Timer } from "../timer.ts";
import { createQuestions, type Questions } from "./questions.ts";
import { listen } from "./silence.ts";
import { baseName, type Transcripts } from "./transcripts.ts";

export type Activities = {
  readonly [K in ActivityRequest["activity"]]: Activity<Extract<ActivityRequest, { activity: K }>>;
};

export interface PerformerOptions {
  readonly run: string;
  readonly workspace: string;
  readonly activities: Activities;
  /**
   * Goes on with an attempt whose host died, or finds out what became of it; unknown when nobody can tell. Its old
   * processes are gone. Absent: nobody ever can.
   */
  readonly reconcile?: Activity;
  readonly transcripts: Transcripts;
  /** Existing folder for the records of guarded processes. */
  readonly guardFolder: string;
  readonly timer: Timer;
  /** The places for agents in this process; absent: there is no end of them. */
  readonly agentPool?: AgentPool;
  /** Told what a task is doing, for those who watch. */
  readonly live: (path: string, text: string) => void;
  /** Our own faults, with their cause; the attempt fails as `internal`. */
  readonly fault: (error: unknown) => void;
}

/** One attempt of this process. */
interface Running extends Pick<Questions, "tell"> {
  readonly token: string;
  readonly done: Promise<void>;
  stop(): void;
}

/** What an attempt came to, as it is reported. */
type Ending = Pick<Outcome, "outcome" | "host_died">;

/** How long after being stopped an activity may take before its outcome counts as unknown, in ms. */
const STOP_GRACE = 10_000;

/**
 * The performer of one run. An attempt begins only once the attempt before it on the same path, or on an earlier visit
 * of that, has let go or has been given up on.
 */
export function createPerformer(options: PerformerOptions): Performer {
  const running = new Map<string, Running>();
  const hold = createHold();
  let disposed = false;

  function begin(effect: Perform, report: Report): void {
    const attempted = prepare(effect, report, 0);
    const place = withoutVisits(effect.path);
    const before = running.get(place)?.done ?? Promise.resolve();
    const outcome = before.then(() => attemptInTurn(options, attempted, hold));
    follow(
      attempted,
      outcome.then((it) => ({ outcome: it })),
    );
  }

  function adopt({ effect, asked }: LostAttempt, report: Report): void {
    const attempted = prepare(effect, report, asked);
    const leave = asksAgent(effect.request) ? options.agentPool?.occupy() : undefined;
    if (disposed) attempted.controller.abort();
    follow(
      attempted,
      goOn(options, attempted).finally(() => leave?.()),
    );
  }

  function prepare(effect: Perform, report: Report, asked: number): Attempted {
    const controller = new AbortController();
    const told = orUndriven(report);
    const questions = createQuestions(effect, told, controller.signal, asked);
    return { effect, controller, questions, report: told };
  }

  /** An attempt until it has let go, and its outcome to whoever drives. */
  function follow(
    { effect, controller, questions, report }: Attempted,
    ending: Promise<Ending>,
  ): void {
    const { path, attempt, token } = effect;
    const place = withoutVisits(path);
    const done = ending
      .catch((error: unknown): Ending => ({ outcome: broken(options, path, error) }))
      .then((ended) => {
        if (running.get(place)?.token === token) running.delete(place);
        if (!disposed) void told({ type: "outcome", path, attempt, token, ...ended });
      });
    running.set(place, { token, stop: () => controller.abort(), tell: questions.tell, done });

    /** What was kept for a host that may come after is needed until the outcome is durable, and no longer. */
    async function told(outcome: Outcome): Promise<void> {
      const admitted = await report(outcome);
      const watched = effect.request.activity === "agent" && effect.request.watch;
      if (watched && admitted !== UNDRIVEN)
        await rm(beforeOf(options.guardFolder, path, attempt), { force: true }).catch(
          options.fault,
        );
    }
  }

  return {
    perform: (effect, report) => {
      if (disposed) return;
      if (effect.type === "perform") return begin(effect, report);
      const found = running.get(withoutVisits(effect.path));
      if (found?.token !== effect.token) return;
      if (effect.type === "stop") found.stop();
      else found.tell(effect.question, effect.answer);
    },
    adopt,
    hold: hold.set,
    dispose: async () => {
      disposed = true;
      for (const { stop } of running.values()) stop();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

/** Where an attempt's child processes are recorded. */
export function guardRecordOf(folder: string, path: string, attempt: number): string {
  return join(folder, `${baseName(path)}.${attempt}.json`);
}

/** Where an attempt keeps what its recovery needs to know. */
export function memoOf(folder: string, path: string, attempt: number): string {
  return join(folder, `${baseName(path)}.${attempt}.memo`);
}

/** Where a watched attempt keeps how its workspace was before it. */
export function beforeOf(folder: string, path: string, attempt: number): string {
  return join(folder, `${baseName(path)}.${attempt}.before`);
}

interface Attempted {
  readonly effect: Perform;
  readonly controller: AbortController;
  readonly questions: Questions;
  readonly report: Report;
}

/** An agent's attempt takes a place among those of this process first, and gives it back, whatever happens. */
async function attemptInTurn(
  options: PerformerOptions,
  attempted: Attempted,
  hold: Hold,
): Promise<ActivityOutcome> {
  const { agentPool, run } = options;
  const { effect, controller, report } = attempted;
  const work = (): Promise<ActivityOutcome> =>
    attemptOnce(options, attempted, (context) => call(options.activities, effect.request, context));
  if (!asksAgent(effect.request) || !agentPool) return work();
  const { path, attempt, token } = effect;
  for (let queued = false; ; queued = true) {
    const place = agentPool.enter(run);
    try {
      if (place.free && !queued) return await work();
      if (!queued) await report({ type: "queued", path, attempt, token });
      await Promise.race([place.ready, aborted(controller.signal)]);
      if (controller.signal.aborted) return cancelledBefore(path);
      const begun = await report({ type: "begun", path, attempt, token });
      if (begun.ok) return await work();
      if (!hold.held) return cancelledBefore(path);
    } finally {
      place.leave();
    }
    // A paused run keeps no place from others; it asks for one again once it goes on.
    await Promise.race([hold.over(), aborted(controller.signal)]);
    if (controller.signal.aborted) return cancelledBefore(path);
  }
}

/**
 * An attempt whose host died, gone on with. It holds a place from here on, but waits for none: it runs already. What nobody
 * knows of it, and what was only stopped by us, says nothing of what the lost host saw it do.
 */
async function goOn(options: PerformerOptions, attempted: Attempted): Promise<Ending> {
  const { effect, controller } = attempted;
  const { path, request } = effect;
  let lost: ActivityOutcome | undefined;
  const outcome = await attemptOnce(options, attempted, async (context) => {
    const said = await options.transcripts.read(path);
    const earlier = said.filter((line) => line.attempt === effect.attempt);
    const found = await options.reconcile?.(request, { ...context, earlier });
    if (found?.type === "completed") return found;
    if (found?.type === "failed" && !controller.signal.aborted) return found;
    lost = lostWithHost(path, found?.type === "unknown" ? found.failure.message : undefined);
    return lost;
  });
  return outcome === lost ? { outcome, host_died: true } : { outcome };
}

/** The word on an attempt that ran when its host died; `why` nobody knows more, for people. */
export function lostWithHost(path: string, why?: string): ActivityOutcome {
  const message = `The host stopped while ${path} ran.${why === undefined ? "" : ` ${why}`}`;
  return { type: "unknown", failure: failure("outcome_unknown", message) };
}

/** True for an attempt in which an agent is asked, be it by a gate. */
function asksAgent(request: ActivityRequest): boolean {
  if (request.activity === "gate") return request.questions !== undefined;
  return request.activity === "agent";
}

/** A report that nobody takes any more is refused: whoever let the run go stops its attempts, too. */
function orUndriven(report: Report): Report {
  return (input) => report(input).catch(() => UNDRIVEN);
}

const UNDRIVEN: Admission = { ok: false, reason: "The run is no longer driven here." };

/** Whether the run is paused, and the end of that. */
interface Hold {
  readonly held: boolean;
  over(): Promise<void>;
  set(held: boolean): void;
}

function createHold(): Hold {
  let end: PromiseWithResolvers<void> | undefined;
  return {
    get held() {
      return end !== undefined;
    },
    over: () => end?.promise ?? Promise.resolve(),
    set: (held) => {
      if (held) end ??= Promise.withResolvers<void>();
      else {
        end?.resolve();
        end = undefined;
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function cancelledBefore(path: string): ActivityOutcome {
  return {
    type: "failed",
    failure: failure("cancelled", `${path} was cancelled before it began.`),
  };
}

/** One try, whoever makes it: its words heard, its silence measured, and given up on when it does not let go. */
async function attemptOnce(
  options: PerformerOptions,
  { effect, controller, questions }: Attempted,
  work: (context: ActivityContext) => Promise<ActivityOutcome>,
): Promise<ActivityOutcome> {
  const { run, workspace, transcripts, guardFolder, timer } = options;
  const { path, attempt, token } = effect;
  const { signal } = controller;
  const transcript = transcripts.open(path, attempt);
  const silence = listen({
    path,
    limit: effect.idle_timeout,
    timer,
    stop: () => controller.abort(),
  });
  questions.listen(silence.hold);
  const context: ActivityContext = {
    attempt: { run, path, attempt, token, key: `${run}/${path}` },
    signal,
    workspace,
    output: (line) => {
      silence.heard();
      transcript.write(line);
    },
    progress: (text) => {
      silence.heard();
      options.live(path, text);
    },
    ask: questions.ask,
    guardRecord: guardRecordOf(guardFolder, path, attempt),
    memo: memoOf(guardFolder, path, attempt),
    before: beforeOf(guardFolder, path, attempt),
  };
  try {
    if (signal.aborted) return cancelledBefore(path);
    const outcome = await Promise.race([work(context), overdue(timer, signal, path)]);
    return silence.judge(outcome);
  } finally {
    silence.end();
    await transcript.close();
  }
}

/** Our own fault is the attempt's failure, and told with its cause to whoever mends it. */
function broken(options: PerformerOptions, path: string, error: unknown): ActivityOutcome {
  options.fault(error);
  const said = error instanceof Error ? error.message : String(error);
  const message = `Fermata itself failed while it performed ${path}: ${said}`;
  return { type: "failed", failure: failure("internal", message) };
}

function call(
  activities: Activities,
  request: ActivityRequest,
  context: ActivityContext,
): Promise<ActivityOutcome> {
  switch (request.activity) {
    case "agent":
      return activities.agent(request, context);
    case "tool":
      return activities.tool(request, context);
    case "shell":
      return activities.shell(request, context);
    case "gate":
      return activities.gate(request, context);
    case "http":
      return activities.http(request, context);
    case "worker":
      return activities.worker(request, context);
  }
}

/** Settles only when an activity does not let go after it was stopped. */
function overdue(timer: Timer, signal: AbortSignal, path: string): Promise<ActivityOutcome> {
  return new Promise((resolve) => {
    const late = (): void => {
      const giveUp = (): void => {
        const message = `${path} did not stop within ${STOP_GRACE / 1000} s of being told to.`;
        resolve({ type: "unknown", failure: failure("outcome_unknown", message) });
      };
      timer.after(STOP_GRACE, giveUp, true);
    };
    if (signal.aborted) late();
    else signal.addEventListener("abort", late, { once: true });
  });
}
