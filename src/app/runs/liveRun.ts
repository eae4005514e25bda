/**
 * A run that is driven in this process: its journal open, its attempts performed, its watchers told.
 * Owns the order in which a run comes to life: read, fold, recover, drive. Knows no host.
 */
import { type Drive, drive, recordedOf } from "../../engine/drive.ts";
import { createAlarm } from "../../engine/embedded/alarm.ts";
import { type Activities, createPerformer } from "../../engine/embedded/performer.ts";
import { type RecoveryPorts, recoverAttempts } from "../../engine/embedded/recovery.ts";
import type { Transcripts } from "../../engine/embedded/transcripts.ts";
import type { Journal, JournalRecord } from "../../engine/journal.ts";
import type { Recorded, RunEvent, RunStarted } from "../../run/event.ts";
import { evolve, fold } from "../../run/evolve/evolve.ts";
import { stepId } from "../../run/path.ts";
import type { Program } from "../../run/program.ts";
import type { RunState } from "../../run/state.ts";
import { isFinished, isWaiting } from "../../run/state.ts";
import { type Json, own } from "../../util/json.ts";
import type { AnswersPolicy, RunChange } from "../app.ts";

export interface LiveRunPorts {
  readonly program: Program;
  readonly journal: Journal<RunEvent>;
  /** What the journal holds already; empty for a new run. */
  readonly records: readonly JournalRecord<RunEvent>[];
  /** The first event of a new run. */
  readonly first?: RunStarted;
  readonly activities: (state: RunState) => Activities;
  readonly transcripts: Transcripts;
  readonly guardFolder: string;
  readonly recovery: (state: RunState) => RecoveryPorts;
  readonly now: () => number;
  readonly answers?: AnswersPolicy;
  readonly fault: (error: unknown) => void;
  /** Told of everything, in order. */
  readonly change: (change: RunChange, state: RunState) => void;
}

export interface LiveRun {
  /** The fold of what is durable. */
  readonly state: RunState;
  readonly drive: Drive;
  /** Resolves when the run is finished or waits only for a person. Rejects when the journal failed. */
  settled(): Promise<RunState>;
  /** Stops driving and lets go of everything; the run stays as it is on disk. */
  close(): Promise<void>;
}

/** Brings a run to life. Resolves once it is durable that it has begun, or was recovered. */
export async function openLiveRun(ports: LiveRunPorts): Promise<LiveRun> {
  const records = await firstRecords(ports);
  const shown = shownState(records);
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const wake of [...waiting]) wake();
  };
  const performer = createPerformer({
    run: shown.started.run,
    workspace: shown.started.workspace,
    activities: ports.activities(shown),
    transcripts: ports.transcripts,
    guardFolder: ports.guardFolder,
    live: (path, text) => ports.change({ type: "live", path, text }, shown),
    fault: ports.fault,
  });
  const recovered = await recoverAttempts(shown, ports.recovery(shown));
  const { program, journal, now } = ports;
  const publish = (published: readonly JournalRecord<RunEvent>[]): void => {
    const told = published.map(recordedOf);
    for (const record of told) evolve(shown, record);
    ports.change({ type: "records", records: told }, shown);
    answering.look();
    look();
  };
  const alarm = createAlarm(now);
  const driving = drive({ program, journal, performer, now, alarm, publish }, shownState(records));
  const answering = createPolicyAnswers(ports, { shown, driving, settledOne: look });
  for (const outcome of recovered) driving.post(outcome).catch(ports.fault);
  driving.finished.then(look, look);
  answering.look();
  return {
    state: shown,
    drive: driving,
    settled: () => settled({ shown, driving, waiting, quiet: () => answering.pending === 0 }),
    close: async () => {
      await driving.stop();
      await performer.dispose();
      await journal.close();
    },
  };
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
  around: { readonly shown: RunState; readonly driving: Drive; readonly settledOne: () => void },
): PolicyAnswers {
  const { shown, driving } = around;
  const tried = new Set<string>();
  const answers: PolicyAnswers = {
    pending: 0,
    look: () => {
      for (const open of shown.breakpoints.values()) {
        const answer = answerFor(ports.answers, open.path);
        if (answer === undefined || tried.has(open.id)) continue;
        tried.add(open.id);
        answers.pending += 1;
        driving
          .post({
            type: "answer",
            breakpoint: open.id,
            answer,
            by: `policy ${ports.answers?.id}`,
            policy: true,
          })
          .then((admission) => {
            if (!admission.ok)
              ports.change({ type: "live", path: open.path, text: admission.reason }, shown);
          })
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

function settled(run: {
  readonly shown: RunState;
  readonly driving: Drive;
  readonly waiting: Set<() => void>;
  readonly quiet: () => boolean;
}): Promise<RunState> {
  const { shown, waiting } = run;
  return new Promise((resolve, reject) => {
    const wake = (): void => {
      const still = run.quiet() && (isWaiting(shown) || shown.status === "paused");
      if (!isFinished(shown) && !still) return;
      waiting.delete(wake);
      resolve(shown);
    };
    waiting.add(wake);
    run.driving.finished.then(() => resolve(shown), reject);
    wake();
  });
}
