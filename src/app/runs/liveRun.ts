/**
 * A run that is driven in this process: its journal open, its attempts performed, its watchers told.
 * Owns the order in which a run comes to life: read, fold, recover, drive. Knows no host.
 */
import type { Activity } from "../../engine/activity.ts";
import { type Drive, drive, recordedOf } from "../../engine/drive.ts";
import { createAlarm } from "../../engine/embedded/alarm.ts";
import type { Activities, PerformerOptions } from "../../engine/embedded/performer.ts";
import { type RecoveryPorts, recoverAttempts } from "../../engine/embedded/recovery.ts";
import type { Transcripts } from "../../engine/embedded/transcripts.ts";
import type { Journal, JournalRecord } from "../../engine/journal.ts";
import type { LostAttempt, Performer, Report } from "../../engine/performer.ts";
import type { Timer } from "../../engine/timer.ts";
import type { Admission } from "../../run/command.ts";
import type { Recorded, RunEvent, RunStarted } from "../../run/event.ts";
import { evolve, fold } from "../../run/evolve/evolve.ts";
import { stepId } from "../../run/path.ts";
import type { Inquiry, Signal } from "../../run/signal.ts";
import type { Program } from "../../run/start/program.ts";
import type { RunState } from "../../run/state.ts";
import { isFinished, isWaiting } from "../../run/state.ts";
import { type Json, own } from "../../util/json.ts";
import type { AnswersPolicy, RunChange } from "../app.ts";
import { endsOfGone, type StopSessions, watchSessions } from "./stopSessions.ts";

export interface LiveRunPorts {
  readonly program: Program;
  readonly journal: Journal<RunEvent>;
  /** What the journal holds already; empty for a new run. */
  readonly records: readonly JournalRecord<RunEvent>[];
  /** For how many ms nobody drove it: no deadline ran meanwhile. */
  readonly idle: number;
  /** The first event of a new run. */
  readonly first?: RunStarted;
  readonly createPerformer: (options: PerformerOptions) => Performer;
  readonly activities: (state: RunState) => Activities;
  /** How attempts whose host died are gone on with. Absent: none ever is. */
  readonly reconcile?: (state: RunState) => Activity;
  readonly transcripts: Transcripts;
  readonly guardFolder: string;
  /** The folder that the run works in, absolute. */
  readonly workspace: string;
  readonly recovery: (state: RunState) => RecoveryPorts;
  readonly now: () => number;
  readonly timer: Timer;
  readonly answers?: AnswersPolicy;
  /** What is handed in, as it may be recorded; absent: as it is. */
  readonly typed?: (signal: Signal) => Promise<Signal>;
  /** Handed in before the first decision. */
  readonly early?: readonly Signal[];
  /** Of the process that a session of debugging lives in. */
  readonly isGone: (process: string) => boolean;
  readonly fault: (error: unknown) => void;
  /** Told of everything, in order. */
  readonly change: (change: RunChange, state: RunState) => void;
}

export interface LiveRun {
  /** The fold of what is durable. */
  readonly state: RunState;
  /** Hands in a signal. One that comes before the old processes are proven gone waits for that. */
  post(signal: Signal): Promise<Admission>;
  /** Resolves when the run is finished, or was closed. Rejects when the journal failed. */
  readonly finished: Promise<RunState>;
  /** Resolves when the run is finished or waits only for a person. Rejects when the journal failed. */
  settled(): Promise<RunState>;
  /** Stops driving and lets go of everything; the run stays as it is on disk. */
  close(): Promise<void>;
}

/**
 * Brings a run to life. Resolves once it is durable that it has begun; the processes of attempts whose host died are
 * proven gone behind that.
 */
export async function openLiveRun(ports: LiveRunPorts): Promise<LiveRun> {
  const records = await firstRecords(ports);
  return new OwnedRun(ports, records);
}

class OwnedRun implements LiveRun {
  readonly state: RunState;
  readonly finished: Promise<RunState>;
  private readonly ports: LiveRunPorts;
  private readonly performer: Performer;
  private readonly answering: PolicyAnswers;
  private readonly sessions: StopSessions;
  private readonly waiting = new Set<() => void>();
  private readonly begun: Promise<Drive>;
  private driving: Drive | undefined;
  /** A cancel that came before the loop: it goes first. */
  private readonly urgent: { readonly signal: Signal; readonly answer: Deferred }[] = [];
  private closed = false;
  /** All that follows by itself is durable. */
  private quiet = false;

  constructor(ports: LiveRunPorts, records: readonly Recorded[]) {
    this.ports = ports;
    this.state = shownState(records);
    this.performer = performerOf(ports, this.state);
    this.answering = createPolicyAnswers(ports, this.state, {
      post: (signal) => this.post(signal),
      settledOne: () => this.look(),
    });
    this.sessions = watchSessions(ports, (signal) => void this.post(signal).catch(ports.fault));
    this.begun = this.begin(shownState(records));
    this.finished = this.begun.then(
      (driving) => driving.finished,
      (error) => (this.closed ? this.state : Promise.reject(error)),
    );
    const look = (): void => this.look();
    this.finished.then(look, look);
    this.answering.look();
  }

  async post(sent: Signal): Promise<Admission> {
    const signal = (await this.ports.typed?.(sent)) ?? sent;
    if (!this.driving && (signal.type === "cancel" || signal.type === "kill")) {
      const answer: Deferred = Promise.withResolvers();
      this.urgent.push({ signal, answer });
      this.begun.catch(answer.reject);
      return answer.promise;
    }
    return (await this.begun).post(signal);
  }

  settled(): Promise<RunState> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        const { state } = this;
        const still =
          this.quiet &&
          this.answering.pending === 0 &&
          (isWaiting(state) || state.status === "paused");
        if (!isFinished(state) && !still) return;
        this.waiting.delete(wake);
        resolve(state);
      };
      this.waiting.add(wake);
      this.finished.then(() => resolve(this.state), reject);
      wake();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.sessions.dispose();
    const driving = await this.begun.catch(() => undefined);
    await driving?.stop();
    await this.performer.dispose();
    await this.ports.journal.close();
  }

  /** Nothing is decided before the processes of attempts whose host died are gone. */
  private async begin(working: RunState): Promise<Drive> {
    const { program, journal, now, timer, fault } = this.ports;
    const { performer } = this;
    const from = now();
    const driven = Promise.withResolvers<Drive>();
    const report: Report = (input) => {
      const reported = driven.promise.then((driving) => driving.post(input));
      // Nobody need listen: an outcome that comes after the end is nobody's matter.
      reported.catch(() => undefined);
      return reported;
    };
    const recovery = this.ports.recovery(this.state);
    const recovered = await recoverAttempts(this.state, recovery, askedIn(this.ports.records));
    for (const going of recovered.going) performer.adopt?.(going, report);
    if (this.closed) throw new Error("The run was let go before it was taken up.");
    const publish = (records: readonly JournalRecord<RunEvent>[]): void => this.publish(records);
    const alarm = createAlarm(now, timer);
    const quiet = (): void => this.rest();
    const gather = async (): Promise<void> => timer.turn?.();
    const ports = { program, journal, performer, now, alarm, gather, publish, quiet };
    const driving = drive(ports, working);
    const shift = this.ports.first ? 0 : this.ports.idle + Math.max(0, now() - from);
    driving.post({ type: "skip", shift, why: "unowned" }).catch(fault);
    const gone = endsOfGone(this.state, this.ports.isGone);
    for (const signal of [...gone, ...(this.ports.early ?? [])]) driving.post(signal).catch(fault);
    this.sessions.look(this.state);
    // A cancel goes before the outcomes, so that nothing begins after it.
    this.driving = driving;
    for (const { signal, answer } of this.urgent)
      driving.post(signal).then(answer.resolve, answer.reject);
    for (const outcome of recovered.outcomes) driving.post(outcome).catch(fault);
    for (const stale of staleQuestions(this.state, recovered.going))
      driving.post(stale).catch(fault);
    // Whoever goes on is heard from here on.
    driven.resolve(driving);
    return driving;
  }

  private publish(records: readonly JournalRecord<RunEvent>[]): void {
    this.quiet = false;
    const told = records.map(recordedOf);
    for (const record of told) evolve(this.state, record);
    this.ports.change({ type: "records", records: told }, this.state);
    this.answering.look();
    this.sessions.look(this.state);
    this.look();
  }

  private rest(): void {
    this.quiet = true;
    this.ports.change({ type: "quiet" }, this.state);
    this.look();
  }

  private look(): void {
    for (const wake of [...this.waiting]) wake();
  }
}

/** How many questions an attempt has asked by its journal. */
function askedIn(records: readonly JournalRecord<RunEvent>[]) {
  return (path: string, attempt: number): number => {
    let last = 0;
    for (const { event } of records)
      if (event.type === "breakpoint_opened" && event.path === path && event.attempt === attempt)
        last = Math.max(last, event.question ?? 0);
    return last;
  };
}

/** What attempts that go on had asked of a host that is dead: its answer would reach nobody. */
function staleQuestions(state: RunState, going: readonly LostAttempt[]): readonly Inquiry[] {
  return going.flatMap(({ effect: { path, attempt, token } }) => {
    const now = state.open.get(path)?.state;
    const ids = now?.is === "running" ? (now.asked?.ids ?? []) : [];
    return ids.flatMap((id) => {
      const question = state.breakpoints.get(id)?.question;
      return question === undefined
        ? []
        : [
            {
              type: "withdrawn" as const,
              path,
              attempt,
              token,
              question,
              host_died: true as const,
            },
          ];
    });
  });
}

type Deferred = PromiseWithResolvers<Admission>;

function performerOf(ports: LiveRunPorts, state: RunState): Performer {
  return ports.createPerformer({
    run: state.started.run,
    // Where this product works, not where the run began: a restored one may name any folder of any machine.
    workspace: ports.workspace,
    activities: ports.activities(state),
    ...(ports.reconcile ? { reconcile: ports.reconcile(state) } : {}),
    transcripts: ports.transcripts,
    guardFolder: ports.guardFolder,
    timer: ports.timer,
    live: (path, text) => ports.change({ type: "live", path, text }, state),
    fault: ports.fault,
  });
}

/** What the journal holds: what was there, or the first event of a new run, made durable. */
async function firstRecords(ports: LiveRunPorts): Promise<readonly Recorded[]> {
  if (!ports.first) return ports.records.map(recordedOf);
  const appended = await ports.journal.append([ports.first], ports.now());
  return appended.map(recordedOf);
}

/**
 * A fold of its own. The loop's is ahead of the disk while a batch is under way; what watchers see never is.
 */
function shownState(records: readonly Recorded[]): RunState {
  const state = fold(records);
  if (!state) throw new Error("The journal holds no run.");
  return state;
}

interface PolicyAnswers {
  /** Answers under way. */
  pending: number;
  /** Answers what the policy has an answer for, each question once. */
  look(): void;
}

/** Answers by an answers file. A refusal leaves the question open for a person, and says so. */
function createPolicyAnswers(
  ports: LiveRunPorts,
  state: RunState,
  around: {
    readonly post: (signal: Signal) => Promise<Admission>;
    readonly settledOne: () => void;
  },
): PolicyAnswers {
  const tried = new Set<string>();
  const by = `policy ${ports.answers?.id}`;
  const give = async (breakpoint: string, path: string, answer: Json): Promise<void> => {
    const signal = { type: "answer", breakpoint, answer, by, policy: true } as const;
    const admission = await around.post(signal);
    if (!admission.ok) ports.change({ type: "refused", path, reason: admission.reason }, state);
  };
  const answers: PolicyAnswers = {
    pending: 0,
    look: () => {
      for (const { id, path } of state.breakpoints.values()) {
        const answer = answerFor(ports.answers, path);
        if (answer === undefined || tried.has(id)) continue;
        tried.add(id);
        answers.pending += 1;
        give(id, path, answer)
          .catch(ports.fault)
          .finally(() => {
            answers.pending -= 1;
            around.settledOne();
          });
      }
    },
  };
  return answers;
}

/** By the task's path, or else by its step's id. */
function answerFor(policy: AnswersPolicy | undefined, path: string): Json | undefined {
  if (!policy) return undefined;
  return own(policy.answers, path) ?? own(policy.answers, stepId(path));
}
