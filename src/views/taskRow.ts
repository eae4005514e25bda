/**
 * One row of a run's tree, and the rows of what has not begun.
 * Owns the shape that tree, terminal and timeline show; knows no surface.
 */
import type { Criterion } from "../run/event.ts";
import { foremost, isOver, type Status, type StatusWord, wordOf } from "./statusWord.ts";

/** Times in ms since the epoch. Texts are as agents and files gave them: escape them where they are shown. */
export interface TaskRow {
  /** The task's path; `run_...` for the run, `phase:NAME` for a phase, `PATH/plan` for a plan's planner. The same for the life of the run. */
  readonly id: string;
  /** `run`, `phase`, a step's kind, `item`, `branch` or `planner`. */
  readonly kind: string;
  readonly title: string;
  readonly status: Status;
  readonly word: string;
  /** The task that it is a part of, where it is none of its own: attempts, transcript and moves are that one's. */
  readonly partOf?: string;
  /** Whose work it is, where the rows beside it are others'. */
  readonly agent?: string;
  /** Not begun: known from the definition only. */
  readonly dimmed: boolean;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Planned duration of a step or phase, in ms. */
  readonly estimate?: number;
  /** It failed, and `on_error: continue` let the run go on. */
  readonly tolerated?: true;
  /** On the way that decided how long the run took. */
  readonly critical?: true;
  /** Of the task and everything inside it. */
  readonly tokens: number;
  /** Finished items or branches out of all. */
  readonly progress?: Progress;
  /** What it does right now, whom it waits for, why it failed, or what came of it. One line. */
  readonly detail?: string;
  /** Id of the breakpoint that it waits at. */
  readonly breakpoint?: string;
  readonly children: readonly TaskRow[];
  /** Of the run: what its success criteria came to when it ended. */
  readonly criteria?: readonly Criterion[];
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** The path of a row's task. */
export function taskOf({ id, partOf }: Pick<TaskRow, "id" | "partOf">): string {
  return partOf ?? id;
}

/** A step, item or branch that the run has not come to, or has passed by for good. */
export function rowToCome(id: string, kind: string, title: string, passed: boolean): TaskRow {
  const word = wordOf(passed ? "skipped" : "queued");
  return { id, kind, title, ...word, dimmed: true, tokens: 0, children: [] };
}

/** What several rows come to together; `between` is said when none is at work and yet not all are over. */
export function rollUp(rows: readonly TaskRow[], between: StatusWord): StatusWord {
  const atWork = foremost(rows);
  if (atWork) return atWork;
  const over = rows.every((row) => isOver(row.status));
  if (rows.every((row) => row.dimmed)) return wordOf(over ? "skipped" : "queued");
  for (const status of ["failed", "rejected", "cancelled"] as const) {
    if (rows.some((row) => row.status === status && !row.tolerated)) return wordOf(status);
  }
  return over ? wordOf("done") : between;
}

/** Tokens of several rows. */
export function sumTokens(rows: readonly TaskRow[]): number {
  return rows.reduce((sum, row) => sum + row.tokens, 0);
}

/** The items or branches among the rows inside a container, counted; undefined when it has none. */
export function progressOf(rows: readonly TaskRow[]): Progress | undefined {
  const counted = rows.filter((row) => row.kind === "item" || row.kind === "branch");
  if (counted.length === 0) return undefined;
  const done = counted.filter((row) => !row.dimmed && isOver(row.status)).length;
  return { done, total: counted.length };
}
