/**
 * Rows of a tree that are still true after more events, so that a long run's picture costs what changed in it.
 * Owns which events make which rows stale; in doubt all of them. Knows nothing of what a row says.
 */
import type { Recorded, RunEvent } from "../../run/event.ts";
import { ancestorPaths, parentPath } from "../../run/path.ts";
import type { RunState } from "../../run/state.ts";
import type { TaskRow } from "../taskRow.ts";
import { createKeptRecords, type RecordsInside } from "./recordsInside.ts";

export interface KeptRows {
  /** An event that was folded since the last picture. Every one must be told. */
  note(recorded: Recorded): void;
  /** A picture begins: what is not true any more is dropped. Gives the state's records by the list that holds them. */
  begin(setting: KeptSetting): RecordsInside;
  get(path: string): TaskRow | undefined;
  set(path: string, row: TaskRow): void;
}

/** What rows depend on beside the events of their own tasks. */
export interface KeptSetting {
  readonly state: RunState;
  readonly driven: boolean;
  readonly me: string | undefined;
  readonly live: ReadonlyMap<string, string>;
}

/** Nothing is kept yet. For one run; a row's own place on the critical path is not kept. */
export function createKeptRows(): KeptRows {
  const records = createKeptRecords();
  const rows = new Map<string, TaskRow>();
  const touched = new Set<string>();
  const closed = new Set<string>();
  let all = true;
  let general = "";
  let lines: ReadonlyMap<string, string> = new Map();
  return {
    note: ({ event }) => {
      const path = onlyPath(event);
      if (path === undefined) all = true;
      else touched.add(path);
      if (event.type === "task_closed") closed.add(event.path);
    },
    begin: ({ state, driven, me, live }) => {
      const inside = records.update(state, all ? undefined : touched);
      const now = `${state.status} ${driven} ${me}`;
      if (all || now !== general) rows.clear();
      else {
        for (const path of changedLines(lines, live)) touched.add(path);
        for (const path of touched) drop(rows, inside, path);
        for (const path of closed) if (inside.has(path)) dropUndone(rows, path);
      }
      general = now;
      lines = live;
      all = false;
      touched.clear();
      closed.clear();
      return inside;
    },
    get: (path) => rows.get(path),
    set: (path, row) => void rows.set(path, row),
  };
}

/** The task whose row an event changes, with those around it; undefined where more may change. */
function onlyPath(event: RunEvent): string | undefined {
  switch (event.type) {
    case "frame_opened":
      return event.failure === undefined ? event.path : undefined;
    case "task_opened":
    case "task_started":
    case "task_queued":
    case "attempt_queued":
    case "attempt_begun":
    case "attempt_completed":
    case "attempt_failed":
    case "retry_scheduled":
    case "wait_started":
    case "task_performed":
    case "breakpoint_opened":
    case "breakpoint_answered":
      return event.path;
    case "task_closed":
      return event.status === "done" && !event.returns && !event.jump ? event.path : undefined;
    default:
      return undefined;
  }
}

function changedLines(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  const changed = [...now].filter(([path, line]) => before.get(path) !== line);
  const gone = [...before.keys()].filter((path) => !now.has(path));
  return [...changed.map(([path]) => path), ...gone];
}

/**
 * Drops a task's row and those around it; also what else is done in the lists around it, whose line tells of a result
 * only while that list is open.
 */
function drop(rows: Map<string, TaskRow>, inside: RecordsInside, path: string): void {
  for (const each of [path, ...ancestorPaths(path)]) {
    rows.delete(each);
    for (const { path: beside } of inside.get(parentPath(each)) ?? [])
      if (rows.get(beside)?.detail !== undefined && isStep(rows.get(beside))) rows.delete(beside);
  }
}

/** Once a container is closed, what did not get to its end inside it never will. */
function dropUndone(rows: Map<string, TaskRow>, container: string): void {
  for (const [path, { status }] of rows)
    if (status !== "done" && path.startsWith(container)) rows.delete(path);
}

function isStep(row: TaskRow | undefined): boolean {
  return row?.status === "done" && row.kind !== "item" && row.kind !== "branch";
}
