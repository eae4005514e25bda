/**
 * A run that is driven in this process: its journal open, its attempts performed, its watchers told.
 * Owns the order in which a run comes to life: read, fold, recover, drive. Knows no host.
 */
import { type Drive, drive, recordedOf } from "../engine/drive.ts";
import { createAlarm } from "../engine/embedded/alarm.ts";
import { type Activities, createPerformer } from "../engine/embedded/performer.ts";
import { type RecoveryPorts, recoverAttempts } from "../engine/embedded/recovery.ts";
import type { Transcripts } from "../engine/embedded/transcripts.ts";
import type { Journal, JournalRecord } from "../engine/journal.ts";
import type { Recorded, RunEvent, RunStarted } from "../run/event.ts";
import { evolve, fold } from "../run/evolve/evolve.ts";
import type { Program } from "../run/program.ts";
import type { RunState } from "../run/state.ts";
import { isFinished, isWaiting } from "../run/state.ts";
import type { AnswersPolicy, RunChange } from "./app.ts";

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
  readonly state: RunState;
  readonly drive: Drive;
  /** Resolves when the run is finished or waits only for a person. Rejects when the journal failed. */
  settled(): Promise<RunState>;
  /** Stops driving and lets go of everything; the run stays as it is on disk. */
  close(): Promise<void>;
}

/** Brings a run to life. Resolves once it is durable that it has begun, or was recovered. */
export async function openLiveRun(ports: LiveRunPorts): Promise<LiveRun> {
  const state = await stateOf(ports);
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const wake of [...waiting]) wake();
  };
  const performer = createPerformer({
    run: state.started.run,
    workspace: state.started.workspace,
    activities: ports.activities(state),
    transcripts: ports.transcripts,
    guardFolder: ports.guardFolder,
    live: (path, text) => ports.change({ type: "live", path, text }, driving.state),
    fault: ports.fault,
  });
  const recovered = await recoverAttempts(state, ports.recovery(state));
  const driving = drive(
    {
      program: ports.program,
      journal: ports.journal,
      performer,
      now: ports.now,
      alarm: createAlarm(ports.now),
      publish: (records, now) => {
        ports.change({ type: "records", records: records.map(recordedOf) }, now);
        answerByPolicy(ports, driving);
        look();
      },
    },
    state,
  );
  for (const outcome of recovered) driving.post(outcome).catch(ports.fault);
  driving.finished.then(look, look);
  answerByPolicy(ports, driving);
  return {
    get state() {
      return driving.state;
    },
    drive: driving,
    settled: () => settled(driving, waiting),
    close: async () => {
      await driving.stop();
      await performer.dispose();
      await ports.journal.close();
    },
  };
}

async function stateOf(ports: LiveRunPorts): Promise<RunState> {
  if (!ports.first) {
    const state = fold(ports.records.map(recordedOf));
    if (!state) throw new Error("The journal holds no run.");
    return state;
  }
  const [record] = await ports.journal.append([ports.first], ports.now());
  if (!record) throw new Error("The journal did not take the first event.");
  const recorded: Recorded = recordedOf(record);
  const state = evolve(undefined, recorded);
  ports.change({ type: "records", records: [recorded] }, state);
  return state;
}

/** Answers what an answers file has an answer for. A refusal leaves the question open for a person. */
function answerByPolicy(ports: LiveRunPorts, driving: Drive): void {
  const policy = ports.answers;
  if (!policy) return;
  for (const open of driving.state.breakpoints.values()) {
    const step = open.path.replace(/^.*\//, "").replace(/#\d+$/, "");
    const key = [open.path, step].find((name) => Object.hasOwn(policy.answers, name));
    const answer = key === undefined ? undefined : policy.answers[key];
    if (answer === undefined) continue;
    const signal = {
      type: "answer" as const,
      breakpoint: open.id,
      answer,
      by: `policy ${policy.id}`,
      policy: true,
    };
    driving
      .post(signal)
      .then((admission) => {
        if (!admission.ok && admission.present)
          ports.change({ type: "live", path: open.path, text: admission.reason }, driving.state);
      })
      .catch(ports.fault);
  }
}

function settled(driving: Drive, waiting: Set<() => void>): Promise<RunState> {
  return new Promise((resolve, reject) => {
    const wake = (): void => {
      const { state } = driving;
      if (!isFinished(state) && !isWaiting(state) && state.status !== "paused") return;
      waiting.delete(wake);
      resolve(state);
    };
    waiting.add(wake);
    driving.finished.then(resolve, reject);
    wake();
  });
}
