/**
 * The runs of a workspace: made, taken, driven, watched, signalled and let go.
 * Owns who drives what in this process. Every step of a run itself is `liveRun`'s and below.
 */
import type { Admission } from "../run/admit.ts";
import type { Recorded, RunStarted } from "../run/event.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { Signal } from "../run/signal.ts";
import { isFinished, isWaiting, type RunState } from "../run/state.ts";
import type { AnswersPolicy, Opened, Ownership, RunChange, RunSummary, RunWatch } from "./app.ts";
import { type LiveRun, type LiveRunPorts, openLiveRun } from "./liveRun.ts";
import type { HeldRun, RunDisk } from "./runDisk.ts";
import { damagedSummary, summarize } from "./summary.ts";
import { createWatches } from "./watches.ts";

export interface RunsPorts {
  readonly disk: RunDisk;
  readonly machine: string;
  readonly trusted: () => boolean;
  /** What a live run needs besides its journal. */
  readonly surroundings: (
    run: string,
  ) => Promise<
    Pick<
      LiveRunPorts,
      "program" | "activities" | "transcripts" | "guardFolder" | "recovery" | "now" | "fault"
    >
  >;
  readonly untrusted: () => Failure;
}

export interface Runs {
  create(run: string, first: RunStarted, answers: AnswersPolicy | undefined): Promise<void>;
  open(
    run: string,
    how: { readonly takeOver?: boolean; readonly answers?: AnswersPolicy },
  ): Promise<Opened>;
  resumeInterrupted(): Promise<readonly string[]>;
  signal(run: string, signal: Signal): Promise<Admission>;
  settled(run: string): Promise<RunState>;
  list(): Promise<readonly RunSummary[]>;
  watch(run: string): Promise<RunWatch | undefined>;
  dispose(): Promise<void>;
}

interface Driven {
  readonly live: LiveRun;
  readonly held: HeldRun;
  stopSignals: () => void;
}

/** The runs of the workspace that `disk` stands for. */
export function createRuns(ports: RunsPorts): Runs {
  const { disk } = ports;
  const driven = new Map<string, Driven>();
  const opening = new Map<string, Promise<Opened>>();
  const closing = new Set<Promise<void>>();
  const watches = createWatches({ follow: disk.follow });

  async function bringToLife(
    held: HeldRun,
    first: RunStarted | undefined,
    answers: AnswersPolicy | undefined,
  ): Promise<Driven> {
    const { run } = held;
    const surroundings = await ports.surroundings(run);
    const before = held.records.map(({ seq, at, event }): Recorded => ({ seq, at, event }));
    const early: RunChange[] = [];
    let announced = false;
    const live = await openLiveRun({
      ...surroundings,
      journal: held.journal,
      records: held.records,
      ...(first ? { first } : {}),
      ...(answers ? { answers } : {}),
      change: (change, state) => {
        if (!announced) early.push(change);
        else watches.change(run, change);
        if (change.type === "records" && isFinished(state)) queueMicrotask(() => void letGo(run));
      },
    });
    watches.live(run, live.state, before);
    announced = true;
    for (const change of early) watches.change(run, change);
    const made: Driven = { live, held, stopSignals: () => undefined };
    driven.set(run, made);
    made.stopSignals = disk.receive(run, (signal) => live.drive.post(signal));
    held.lost.addEventListener("abort", () => void letGo(run), { once: true });
    live.drive.finished.then(
      () => letGo(run),
      (error) => {
        surroundings.fault(error);
        return letGo(run);
      },
    );
    return made;
  }

  function letGo(run: string): Promise<void> {
    const found = driven.get(run);
    if (!found) return Promise.resolve();
    driven.delete(run);
    found.stopSignals();
    const done = found.live
      .close()
      .then(() => found.held.release())
      .finally(() => {
        watches.released(run);
        closing.delete(done);
      });
    closing.add(done);
    return done;
  }

  async function take(
    run: string,
    how: { readonly takeOver?: boolean; readonly answers?: AnswersPolicy },
  ): Promise<Opened> {
    if (driven.has(run)) return { ok: true, ownership: "here" };
    if (!ports.trusted()) return { ok: false, failure: ports.untrusted() };
    const claim = await disk.claim(run, how.takeOver === true);
    if (claim.status === "missing") return { ok: false, failure: noSuchRun(run) };
    if (claim.status === "refused") return { ok: false, failure: claim.failure };
    if (claim.status === "held") return { ok: true, ownership: "elsewhere" };
    const last = claim.held.state();
    if (last && isFinished(last)) {
      await claim.held.close();
      return { ok: true, ownership: "nobody" };
    }
    await bringToLife(claim.held, undefined, how.answers);
    return { ok: true, ownership: "here" };
  }

  function open(
    run: string,
    how: { readonly takeOver?: boolean; readonly answers?: AnswersPolicy },
  ): Promise<Opened> {
    const under = opening.get(run);
    if (under) return under;
    const started = take(run, how).finally(() => opening.delete(run));
    opening.set(run, started);
    return started;
  }

  /** A command without a host: takes the run, admits the signal, lets go again. */
  async function signalAlone(run: string, signal: Signal): Promise<Admission> {
    const claim = await disk.claim(run, false);
    if (claim.status === "missing") return { ok: false, reason: noSuchRun(run).message };
    if (claim.status === "refused") return { ok: false, reason: claim.failure.message };
    if (claim.status === "held") return disk.send(run, signal);
    try {
      return await claim.held.admit(signal);
    } finally {
      await claim.held.close();
    }
  }

  async function signal(run: string, sent: Signal): Promise<Admission> {
    const found = driven.get(run);
    if (found) return found.live.drive.post(sent);
    const ownership = await disk.ownership(run);
    return ownership === "elsewhere" ? disk.send(run, sent) : signalAlone(run, sent);
  }

  async function summary(run: string): Promise<RunSummary> {
    const found = driven.get(run);
    if (found) return summarize(found.live.state, "here");
    try {
      const state = await disk.state(run);
      if (!state)
        return damagedSummary(
          run,
          "It has no events: its host stopped before the first one was durable.",
        );
      const ownership: Ownership = isFinished(state) ? "nobody" : await disk.ownership(run);
      return summarize(state, ownership);
    } catch (error) {
      return damagedSummary(run, error instanceof Error ? error.message : String(error));
    }
  }

  return {
    create: async (run, first, answers) => {
      const held = await disk.create(run);
      await bringToLife(held, first, answers);
    },
    open,
    resumeInterrupted: async () => {
      if (!ports.trusted()) return [];
      const resumed: string[] = [];
      for (const run of await disk.list()) {
        const state = await disk.state(run).catch(() => undefined);
        if (
          !state ||
          isFinished(state) ||
          state.started.machine !== ports.machine ||
          driven.has(run)
        )
          continue;
        if ((await disk.ownership(run)) !== "nobody") continue;
        const opened = await open(run, {});
        if (opened.ok && opened.ownership === "here") resumed.push(run);
      }
      return resumed;
    },
    signal,
    settled: async (run) => {
      const found = driven.get(run);
      if (found) return found.live.settled();
      return followUntilSettled(run, await watches.open(run));
    },
    list: async () => {
      const summaries = await Promise.all((await disk.list()).map(summary));
      return summaries.sort((a, b) => b.started_at - a.started_at);
    },
    watch: (run) => watches.open(run),
    dispose: async () => {
      await Promise.all([...opening.values()]).catch(() => undefined);
      await Promise.all([...driven.keys()].map(letGo));
      await Promise.all([...closing]);
      watches.dispose();
    },
  };
}

/** The failure of a name that no run has. */
export function noSuchRun(run: string): Failure {
  return failure(
    "invalid_input",
    `There is no run ${run} in this workspace. List them with: fermata runs`,
  );
}

function followUntilSettled(run: string, watch: RunWatch | undefined): Promise<RunState> {
  if (!watch) return Promise.reject(new Error(noSuchRun(run).message));
  return new Promise((resolve) => {
    const look = (): void => {
      const { state } = watch;
      if (
        !isFinished(state) &&
        !isWaiting(state) &&
        state.status !== "paused" &&
        watch.ownership !== "nobody"
      )
        return;
      stop();
      watch.dispose();
      resolve(state);
    };
    const stop = watch.onChange(look);
    look();
  });
}
