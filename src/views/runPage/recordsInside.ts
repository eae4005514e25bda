/**
 * The records of a run by the list that holds them, in the order in which they began. Owns keeping them from picture
 * to picture, so that a long run is not sorted anew for every event.
 */
import type { TaskRecord } from "../../run/history/taskRecord.ts";
import type { RunState } from "../../run/state.ts";

/** By the path of the list. */
export type RecordsInside = ReadonlyMap<string, readonly TaskRecord[]>;

export interface KeptRecords {
  /** As of `state`. `touched`: tasks that may have begun since; undefined when more may have changed. */
  update(state: RunState, touched: Iterable<string> | undefined): RecordsInside;
}

/** Nothing is kept yet. For one run. */
export function createKeptRecords(): KeptRecords {
  let inside = new Map<string, TaskRecord[]>();
  let known = new Set<TaskRecord>();
  const add = (record: TaskRecord | undefined): void => {
    if (record === undefined || known.has(record)) return;
    known.add(record);
    const list = inside.get(record.parent);
    if (list) list.push(record);
    else inside.set(record.parent, [record]);
  };
  return {
    update: (state, touched) => {
      for (const path of touched ?? []) add(state.tasks.get(path));
      if (touched !== undefined && known.size === state.tasks.size) return inside;
      inside = new Map();
      known = new Set();
      for (const record of state.tasks.values()) add(record);
      return inside;
    },
  };
}

/** The records of a state that is looked at once. */
export function recordsInside(state: RunState): RecordsInside {
  return createKeptRecords().update(state, undefined);
}
