/**
 * Stops that people set while they debug a run: where it is to stop, and how far it is to go from where it stands.
 * Owns their shapes, as signals, events and state hold them. Each belongs to a session, and goes with it.
 */
import { isList, isObject, type Json } from "../../util/json.ts";

/** A step at which a session wants the run to stop, or to leave a line. */
export interface StopPlace {
  /** See `workflow/definition/stepPlace.ts`. */
  readonly at: string;
  /** An expression that must hold, evaluated where the step stands. */
  readonly condition?: string;
  /** A template: it is rendered and recorded, and the run goes on. */
  readonly log?: string;
  readonly hits?: Hits;
}

/** Which of the times that a place is come to count: the n-th alone, all from it on, or every n-th. From 1. */
export interface Hits {
  readonly when: "only" | "from" | "every";
  readonly n: number;
}

/**
 * How far to go: to the next step in the same list or around it (`over`), in there or inside the step (`into`), around it
 * (`out`), or to any step at all.
 */
export type Pace = "over" | "into" | "out" | "any";

/** A step that was asked for: it is taken once a fitting task is about to begin. */
export interface AskedPace {
  readonly pace: Pace;
  /** Where the run stood; absent for `any`. */
  readonly path?: string;
  /** See `lanes.ts`. */
  readonly lane?: string;
  readonly thread?: string;
}

/** What one session of debugging wants of a run. */
export interface StopSession {
  readonly session: string;
  readonly by: string;
  /** The process that the session lives in, as `journal/machine` names it; with that process it ends. */
  readonly host: string;
  readonly places: readonly StopPlace[];
  readonly paces: readonly AskedPace[];
  /** How often each place with `hits` was come to. */
  readonly counts: Readonly<Record<string, number>>;
}

const WHENS: readonly unknown[] = ["only", "from", "every"] satisfies readonly Hits["when"][];
const PACES: readonly unknown[] = ["over", "into", "out", "any"] satisfies readonly Pace[];

/** True for a list of places from outside. */
export function isPlaces(value: Json): boolean {
  return isList(value) && value.every(isPlace);
}

/** True for a pace from outside. */
export function isPace(value: Json): boolean {
  return PACES.includes(value);
}

function isPlace(value: Json): boolean {
  if (!isObject(value) || typeof value.at !== "string") return false;
  return isPerhapsText(value.condition) && isPerhapsText(value.log) && isPerhapsHits(value.hits);
}

function isPerhapsText(value: Json | undefined): boolean {
  return value === undefined || typeof value === "string";
}

function isPerhapsHits(value: Json | undefined): boolean {
  if (value === undefined) return true;
  if (!isObject(value) || !WHENS.includes(value.when)) return false;
  return Number.isInteger(value.n) && Number(value.n) > 0;
}
