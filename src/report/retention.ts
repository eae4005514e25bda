/**
 * Which runs are old, many or large enough to go. Owns the rules and how limits are written; deletes nothing.
 * A run that is not over is never among them, nor one that somebody holds or that cannot be read.
 */
import { readSpan } from "../run/history/queryTime.ts";
import { isObject, type Json } from "../util/json.ts";

/** Each left out: no such limit. */
export interface Retention {
  /** Runs that ended longer ago go, in ms. */
  readonly max_age?: number;
  /** Of all runs at most so many stay, the latest. */
  readonly max_runs?: number;
  /** All runs together take at most so many bytes. */
  readonly max_size?: number;
}

export interface KeptRun {
  readonly run: string;
  /** Absent while it is not over. */
  readonly ended_at?: number;
  readonly bytes: number;
}

export interface LeavingRun extends KeptRun {
  readonly why: "age" | "count" | "size";
}

/** The runs that have to go, those that ended first before the others. `now` in ms since the epoch. */
export function leavingRuns(
  runs: readonly KeptRun[],
  { max_age, max_runs, max_size }: Retention,
  now: number,
): readonly LeavingRun[] {
  const over = runs
    .flatMap((run) => (run.ended_at === undefined ? [] : [{ ...run, ended_at: run.ended_at }]))
    .sort((a, b) => a.ended_at - b.ended_at || (a.run < b.run ? -1 : 1));
  // Runs that have to stay take no place of those that may go.
  let count = over.length;
  let size = runs.reduce((sum, { bytes }) => sum + bytes, 0);
  const leaving: LeavingRun[] = [];
  for (const run of over) {
    const why =
      max_age !== undefined && now - run.ended_at > max_age
        ? "age"
        : max_runs !== undefined && count > max_runs
          ? "count"
          : max_size !== undefined && size > max_size
            ? "size"
            : undefined;
    // What ended later is younger still, and of the others enough have gone.
    if (why === undefined) break;
    leaving.push({ ...run, why });
    count -= 1;
    size -= run.bytes;
  }
  return leaving;
}

export type ReadRetention =
  | { readonly ok: true; readonly retention: Retention }
  | { readonly ok: false; readonly message: string };

/** Reads limits as people write them: `{max_age: "90d", max_runs: 500, max_size: "2GB"}`. */
export function readRetention(value: Json | undefined): ReadRetention {
  if (value === undefined || value === null) return { ok: true, retention: {} };
  if (!isObject(value)) return wrong('retention must be an object such as {"max_age": "90d"}');
  const { max_age, max_runs, max_size, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined)
    return wrong(`retention has no ${other}; it has max_age, max_runs and max_size`);
  const age = max_age === undefined ? undefined : readSpan(String(max_age));
  if (age && !age.ok) return wrong(`retention.max_age: ${age.message}`);
  const count = max_runs === undefined ? undefined : Number(max_runs);
  if (count !== undefined && (!Number.isSafeInteger(count) || count < 1))
    return wrong(`retention.max_runs: ${max_runs} is no count; write a whole number from 1`);
  const size = max_size === undefined ? undefined : readSize(String(max_size));
  if (max_size !== undefined && size === undefined)
    return wrong(`retention.max_size: ${max_size} is no size; write one such as 500MB or 2GB`);
  return {
    ok: true,
    retention: {
      ...(age?.ok ? { max_age: age.value } : {}),
      ...(count === undefined ? {} : { max_runs: count }),
      ...(size === undefined ? {} : { max_size: size }),
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Bytes; a thousand make a KB. */
function readSize(text: string): number | undefined {
  const [, amount, unit] =
    /^(\d+(?:\.\d+)?)\s*(kb|mb|gb|tb)$/.exec(text.trim().toLowerCase()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Math.round(Number(amount) * (UNITS[unit] ?? 1));
}

function wrong(message: string): ReadRetention {
  return { ok: false, message: message.endsWith(".") ? message : `${message}.` };
}
