/**
 * A new run from the beginning of another: its events up to the start of a task, and nothing of what came after.
 * Pure; the run that it is taken from is only read.
 */
import type { JsonObject } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import { admit } from "../admit.ts";
import type { Recorded, RunEvent } from "../event.ts";
import { fold } from "../evolve/evolve.ts";
import { type Failure, failure } from "../failure.ts";
import { parentPath } from "../path.ts";

export interface ForkSetting {
  /** Id of the new run. */
  readonly run: string;
  /** Of its own, so that what it draws anew is not what the other run drew. */
  readonly seed: string;
  readonly machine: string;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Written to the state that the task reads, before it begins. */
  readonly set?: JsonObject;
}

export type Forked =
  | { readonly ok: true; readonly records: readonly Recorded[] }
  | { readonly ok: false; readonly failure: Failure };

/** The records of a run that stands where `records` stood just before the task at `path` first began. */
export function forkRecords(
  records: readonly Recorded[],
  path: string,
  setting: ForkSetting,
): Forked {
  const start = records.findIndex(({ event }) => pathOf(event) === path);
  const [first] = records;
  if (start < 1 || first?.event.type !== "run_started") return refused(notBegun(records, path));
  const { run, seed, machine, by, at, set } = setting;
  const begun: RunEvent = {
    ...first.event,
    ...{ run, seed, machine, started_by: by },
    ...{ forked_from: first.event.run, forked_at: at },
  };
  const before: Recorded[] = [{ ...first, event: begun }, ...records.slice(1, start)];
  const state = fold(before);
  if (!state || state.status === "cancelling")
    return refused(`When ${path} began, the run was being cancelled. Choose an earlier task.`);
  const paused = state.status === "paused" ? admit(state, { type: "resume", by }) : undefined;
  const admitted =
    set === undefined
      ? undefined
      : admit(state, { type: "set", updates: set, by, path: parentPath(path) });
  if (admitted && !admitted.ok) return refused(admitted.reason);
  const added = [paused, admitted].flatMap((said) => (said?.ok ? said.events : []));
  // Who debugs the other run does not debug this one.
  for (const session of state.stops.keys()) added.push({ type: "stops_removed", session, by });
  const last = Math.max(at, before.at(-1)?.at ?? at);
  added.forEach((event, nth) => {
    before.push({ seq: start + 1 + nth, at: last, event });
  });
  return { ok: true, records: before };
}

/** The attempts that are over in these records: what they said belongs to whoever has the records. */
export function endedAttempts(
  records: readonly Recorded[],
): readonly { readonly path: string; readonly attempt: number }[] {
  return records.flatMap(({ event }) =>
    event.type === "attempt_completed" || event.type === "attempt_failed"
      ? [{ path: event.path, attempt: event.attempt }]
      : [],
  );
}

function pathOf(event: RunEvent): string | undefined {
  return "path" in event ? event.path : undefined;
}

function notBegun(records: readonly Recorded[], path: string): string {
  const begun = [...new Set(records.flatMap(({ event }) => pathOf(event) ?? []))];
  const meant = closest(path, begun);
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  return `There is no task ${path} that has begun in this run.${hint} Its tasks are in fermata show.`;
}

function refused(message: string): Forked {
  return { ok: false, failure: failure("invalid_input", message) };
}
