/**
 * A signal from another process, checked at the edge: of a known type, with the fields that the type needs.
 * Owns which those are; whether it can be admitted is for `admit`. Outcomes of attempts never come this way.
 */
import { isObject, type Json } from "../util/json.ts";
import type { Signal } from "./signal.ts";
import { isPace, isPlaces } from "./stops/stop.ts";

type Field = "text" | "yes or no" | "object" | "places" | "pace" | "any";

interface Fields {
  readonly [name: string]: { readonly is: Field; readonly optional?: true };
}

const TEXT = { is: "text" } as const;
const PERHAPS = { is: "text", optional: true } as const;

const FIELDS: Readonly<Record<Signal["type"], Fields>> = {
  answer: {
    breakpoint: TEXT,
    answer: { is: "any" },
    by: TEXT,
    shown: PERHAPS,
    policy: { is: "yes or no", optional: true },
  },
  claim: { breakpoint: TEXT, by: TEXT, release: { is: "yes or no", optional: true } },
  signal: { name: TEXT, payload: { is: "any" }, by: TEXT },
  set: { updates: { is: "object" }, by: TEXT, path: PERHAPS },
  cancel: { by: TEXT, reason: PERHAPS },
  kill: { by: TEXT },
  pause: { by: TEXT },
  resume: { by: TEXT },
  retry: { by: TEXT, path: PERHAPS },
  stop_task: { path: TEXT, by: TEXT },
  guide: { path: TEXT, text: TEXT, by: TEXT },
  stops: {
    session: TEXT,
    by: TEXT,
    host: TEXT,
    places: { is: "places" },
    pace: { is: "pace", optional: true },
  },
  step: { session: TEXT, by: TEXT, pace: { is: "pace" }, path: PERHAPS },
  stops_end: { session: TEXT, by: TEXT },
};

/** The signal, with only the fields that its type has; undefined when it is none. */
export function readSignal(from: Json): Signal | undefined {
  if (!isObject(from) || typeof from.type !== "string" || !Object.hasOwn(FIELDS, from.type))
    return undefined;
  const fields = FIELDS[from.type as Signal["type"]];
  const read: Record<string, Json> = { type: from.type };
  for (const [name, { is, optional }] of Object.entries(fields)) {
    const value = Object.hasOwn(from, name) ? from[name] : undefined;
    if (value === undefined && optional) continue;
    if (value === undefined || !fits(value, is)) return undefined;
    read[name] = value;
  }
  // The one edge between checked data and its type: the table has just checked it.
  return read as unknown as Signal;
}

function fits(value: Json, is: Field): boolean {
  switch (is) {
    case "text":
      return typeof value === "string";
    case "yes or no":
      return typeof value === "boolean";
    case "object":
      return isObject(value);
    case "places":
      return isPlaces(value);
    case "pace":
      return isPace(value);
    case "any":
      return true;
  }
}
