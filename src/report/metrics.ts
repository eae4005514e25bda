/**
 * What a run's parallel work came to: the way that decided how long it took, the speed-up over doing one thing after the
 * other, and the same for its phases, beside what was planned. Owns these figures; words are for `runMetricsText`.
 */
import type { TaskRecord } from "../run/history/taskRecord.ts";
import { beganAt, type RunState } from "../run/state.ts";

/** Times in ms. */
export interface Work {
  /** From the first beginning to the last end. */
  readonly elapsed: number;
  /** The times of all steps without steps inside, added up: what they take one after the other. */
  readonly sequential: number;
  /** `sequential` over `elapsed`; 1 where nothing took time. */
  readonly speedUp: number;
  /** What was planned, where the workflow says so. */
  readonly estimate?: number;
}

export interface PhaseWork extends Work {
  readonly phase: string;
  readonly title: string;
}

export interface RunMetrics extends Work {
  /**
   * The steps that each began when the one before it ended, back from the last end: had one of them taken less time, so
   * would the run. Paths, first to last.
   */
  readonly criticalPath: readonly string[];
  /** How long the steps of that way worked. */
  readonly criticalTime: number;
  /** In the order in which they began. */
  readonly phases: readonly PhaseWork[];
}

/** The figures of a run: of a fork, of what it did itself. `now` stands for the ends still to come; ms since the epoch. */
export function runMetrics(state: RunState, now: number): RunMetrics {
  const tasks = readTasks(state, now);
  const leaves = leavesUnder(tasks, "");
  const critical = criticalSteps(leaves);
  const phases = phasesOf(state, tasks);
  const planned = phases.map(({ estimate }) => estimate);
  const estimate = planned.every((time) => time !== undefined) ? sum(planned) : undefined;
  const end = state.ended_at ?? now;
  return {
    ...workOf(beganAt(state), end, leaves, phases.length === 0 ? undefined : estimate),
    criticalPath: critical.map(({ path }) => path),
    criticalTime: sum(critical.map(lengthOf)),
    phases,
  };
}

/** The paths of the critical path and of everything around its steps, to be marked where a run is shown. */
export function criticalMarks({ criticalPath }: RunMetrics, state: RunState): ReadonlySet<string> {
  const marks = new Set<string>();
  for (const step of criticalPath) {
    for (let at: string | undefined = step; at !== undefined && !marks.has(at); ) {
      marks.add(at);
      const parent: string = state.tasks.get(at)?.parent ?? "";
      at = parent === "" ? undefined : parent;
    }
  }
  return marks;
}

/** What counts of a task, with its end, real or now. */
interface Span extends Pick<TaskRecord, "path" | "status" | "started_at"> {
  readonly phase: string | undefined;
  readonly end: number;
}

/** Tasks by the path of what they are directly inside. */
type Tasks = ReadonlyMap<string, readonly Span[]>;

function readTasks(state: RunState, now: number): Tasks {
  const tasks = new Map<string, Span[]>();
  const began = beganAt(state);
  for (const record of state.tasks.values()) {
    const end = record.ended_at ?? state.ended_at ?? now;
    if (end < began) continue;
    const { path, status, phase } = record;
    const span = { path, status, phase, started_at: Math.max(record.started_at, began), end };
    const list = tasks.get(record.parent);
    if (list) list.push(span);
    else tasks.set(record.parent, [span]);
  }
  return tasks;
}

/**
 * Back from what ended last: the step before is the one that ended last by the time it began, because a step begins at
 * once when what holds it up ends: a dependency, the step before it, or one that had its place. Of several that ended at
 * that moment the nearest in the tree says most, then the longest. What took no time held nobody up.
 */
function criticalSteps(leaves: readonly Span[]): readonly Span[] {
  const byEnd = leaves.filter((span) => lengthOf(span) > 0).sort((a, b) => b.end - a.end);
  const way: Span[] = [];
  let before = Number.POSITIVE_INFINITY;
  for (let at = 0; at < byEnd.length; ) {
    const last = byEnd[at];
    if (!last) break;
    if (last.end > before) {
      at += 1;
      continue;
    }
    const together = byEnd.slice(at, endOfTies(byEnd, at));
    const chosen = together.reduce((best, span) =>
      isNearer(span, best, way.at(-1)) ? span : best,
    );
    way.push(chosen);
    before = chosen.started_at;
    at += together.length;
  }
  return way.reverse();
}

function endOfTies(byEnd: readonly Span[], at: number): number {
  let next = at + 1;
  while (byEnd[next]?.end === byEnd[at]?.end && next < byEnd.length) next += 1;
  return next;
}

function isNearer(span: Span, than: Span, to: Span | undefined): boolean {
  const [mine, other] = [sharedStart(span.path, to?.path), sharedStart(than.path, to?.path)];
  return mine === other ? lengthOf(span) > lengthOf(than) : mine > other;
}

/** How many segments two paths begin with alike. */
function sharedStart(path: string, other = ""): number {
  const theirs = other.split("/");
  const differs = path.split("/").findIndex((segment, at) => segment !== theirs[at]);
  return differs < 0 ? theirs.length : differs;
}

function phasesOf(state: RunState, tasks: Tasks): readonly PhaseWork[] {
  const { main, workflows } = state.started.bundle;
  const known = workflows[main]?.phases ?? {};
  const members = new Map<string, Span[]>();
  for (const list of tasks.values()) {
    for (const span of list) {
      if (span.phase === undefined || span.status === "skipped") continue;
      const known = members.get(span.phase);
      if (known) known.push(span);
      else members.set(span.phase, [span]);
    }
  }
  const phases = [...members].map(([phase, spans]) => {
    const start = Math.min(...spans.map(({ started_at }) => started_at));
    const end = Math.max(...spans.map((span) => span.end));
    const leaves = spans.flatMap((span) =>
      tasks.has(span.path) ? leavesUnder(tasks, span.path) : [span],
    );
    const work = workOf(start, end, leaves, known[phase]?.estimate);
    return { start, phase: { phase, title: known[phase]?.title ?? phase, ...work } };
  });
  return phases.sort((a, b) => a.start - b.start).map(({ phase }) => phase);
}

function leavesUnder(tasks: Tasks, parent: string): readonly Span[] {
  const found: Span[] = [];
  const add = (path: string): void => {
    for (const span of tasks.get(path) ?? [])
      if (tasks.has(span.path)) add(span.path);
      else found.push(span);
  };
  add(parent);
  return found;
}

function workOf(
  start: number,
  end: number,
  leaves: readonly Span[],
  estimate: number | undefined,
): Work {
  const elapsed = Math.max(0, end - start);
  const sequential = sum(leaves.map(lengthOf));
  const speedUp = elapsed === 0 ? 1 : sequential / elapsed;
  return { elapsed, sequential, speedUp, ...(estimate === undefined ? {} : { estimate }) };
}

function lengthOf({ started_at, end }: Span): number {
  return Math.max(0, end - started_at);
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}
