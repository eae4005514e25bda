/**
 * What many runs come to: how long each kind of step takes, how often it fails, what it cost; how many runs begin and
 * how many of them end well. Owns the definitions of these figures; must not know where the lines come from.
 */
import type { PastRun, PastTask } from "../run/history/pastRun.ts";
import { type Spread, spreadOf } from "./percentile.ts";

export interface RunStats {
  /** The time looked at, in ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly runs: RunFigures;
  /** By the workflow's name. */
  readonly workflows: Readonly<Record<string, RunFigures>>;
  /** By the kind of step. */
  readonly steps: Readonly<Record<string, StepFigures>>;
  /** By the agent's key, of what it was asked to do. */
  readonly agents: Readonly<Record<string, StepFigures>>;
}

export interface RunFigures {
  /** Runs begun in the time looked at, and what became of them. */
  readonly started: number;
  readonly done: number;
  readonly failed: number;
  readonly rejected: number;
  readonly cancelled: number;
  readonly unfinished: number;
  /** Begun, and ended well, in 24 hours; null when less than a day is looked at: minutes say nothing of a day. */
  readonly started_per_day: number | null;
  readonly done_per_day: number | null;
  /** Of those that ended, the share that ended well, from 0 to 1; null when none ended. */
  readonly completion_rate: number | null;
  /** Ms from start to end, of those that ended. */
  readonly took?: Spread;
  readonly tokens: number;
  readonly cost_usd: number;
  /** Tokens whose price nobody knows; absent: there are none. */
  readonly unpriced?: number;
}

export interface StepFigures {
  /** Tasks begun. */
  readonly tasks: number;
  /** Those that ended, well or not; a cancelled one counts as neither. */
  readonly ended: number;
  readonly failed: number;
  /** Of those that ended, the share that failed, from 0 to 1; null when none ended. A rejected plan is no failure. */
  readonly error_rate: number | null;
  /** Tasks that needed more than one attempt. */
  readonly retried: number;
  /** Ms from start to end with every attempt and wait, of those that ended. */
  readonly took?: Spread;
  readonly tokens: number;
  readonly cost_usd: number;
  /** Tokens whose price nobody knows; absent: there are none. */
  readonly unpriced?: number;
}

/** The figures of runs and their tasks. `from` and `to` bound the time in which these runs began. */
export function runStats(
  runs: readonly PastRun[],
  tasks: readonly PastTask[],
  { from, to }: { readonly from: number; readonly to: number },
): RunStats {
  const days = Math.max(0, to - from) / DAY;
  const figures = (some: readonly PastRun[]) => runFigures(some, days);
  return {
    from,
    to,
    runs: figures(runs),
    workflows: grouped(runs, ({ workflow }) => workflow, figures),
    steps: grouped(tasks, ({ kind }) => kind, stepFigures),
    agents: grouped(tasks, ({ agent }) => agent, stepFigures),
  };
}

const DAY = 24 * 3_600_000;

function runFigures(runs: readonly PastRun[], days: number): RunFigures {
  const having = (...statuses: readonly PastRun["status"][]) =>
    runs.filter(({ status }) => statuses.includes(status)).length;
  const done = having("done");
  const [failed, rejected, cancelled] = [having("failed"), having("rejected"), having("cancelled")];
  const ended = done + failed + rejected + cancelled;
  const took = spreadOf(
    runs.flatMap(({ started_at, ended_at }) =>
      ended_at === undefined ? [] : [ended_at - started_at],
    ),
  );
  return {
    ...{ started: runs.length, done, failed, rejected, cancelled },
    unfinished: runs.length - ended,
    started_per_day: days < 1 ? null : share(runs.length, days),
    done_per_day: days < 1 ? null : share(done, days),
    completion_rate: share(done, ended),
    ...(took ? { took } : {}),
    ...spent(runs),
  };
}

function stepFigures(tasks: readonly PastTask[]): StepFigures {
  const ended = tasks.filter(({ status }) => ENDED.has(status));
  const failed = ended.filter(hasFailed).length;
  const took = spreadOf(ended.flatMap((task) => (task.took === undefined ? [] : [task.took])));
  return {
    ...{ tasks: tasks.length, ended: ended.length, failed },
    error_rate: share(failed, ended.length),
    retried: tasks.filter(({ attempts }) => attempts > 1).length,
    ...(took ? { took } : {}),
    ...spent(tasks),
  };
}

/** One that failed is a failure though its run went on without it. */
function hasFailed({ status, failure }: PastTask): boolean {
  return status === "failed" || (status === "done" && failure !== undefined);
}

const ENDED: ReadonlySet<PastTask["status"]> = new Set(["done", "failed", "rejected"]);

function spent(lines: readonly Pick<PastRun, "tokens" | "cost_usd" | "unpriced">[]) {
  const unpriced = lines.reduce((sum, line) => sum + (line.unpriced ?? 0), 0);
  return {
    tokens: lines.reduce((sum, { tokens }) => sum + tokens, 0),
    cost_usd: lines.reduce((sum, { cost_usd }) => sum + cost_usd, 0),
    ...(unpriced > 0 ? { unpriced } : {}),
  };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** By key, in the keys' order; what has no key is left out. */
function grouped<T, F>(
  lines: readonly T[],
  keyOf: (line: T) => string | undefined,
  figures: (some: readonly T[]) => F,
): Readonly<Record<string, F>> {
  const groups = new Map<string, T[]>();
  for (const line of lines) {
    const key = keyOf(line);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  const keys = [...groups.keys()].sort();
  return Object.fromEntries(keys.map((key) => [key, figures(groups.get(key) ?? [])]));
}
