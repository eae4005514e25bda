/**
 * How a value leaves an expression: as plain JSON.
 * Owns the conversion; what is JSON already leaves as it is, uncopied.
 */
import type { Json } from "../../util/json.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { dateText } from "../values/moment.ts";
import { Duration, Float, isDict, isList, Moment, Special, type Value } from "../values/value.ts";

/**
 * Floats become numbers, dates ISO text in UTC, durations seconds; undefined inside a structure becomes null.
 * Pays for the whole size of the result, because whoever gets it will write all of it.
 */
export function toJson(rt: Runtime, value: Value): Json | undefined {
  if (value === undefined) return undefined;
  return convert(rt, value);
}

function convert(rt: Runtime, value: Value): Json {
  rt.work(1);
  switch (typeof value) {
    case "undefined":
      return null;
    case "string":
      rt.text(value.length);
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw new Fault("value", "An infinite number or NaN cannot leave an expression.");
    case "boolean":
      return value;
    default:
      break;
  }
  if (value === null) return null;
  if (value instanceof Special) return convertSpecial(value);
  return rt.inside(() => (isList(value) ? convertList(rt, value) : convertDict(rt, value)));
}

function convertSpecial(value: Special): Json {
  if (value instanceof Float) return value.value;
  if (value instanceof Moment) return dateText(value);
  if (value instanceof Duration) return value.length / 1000;
  throw new Fault("type", `${value.title} cannot leave an expression. Use one of its fields.`);
}

function convertList(rt: Runtime, list: readonly Value[]): Json {
  rt.list(list.length);
  const converted: Json[] = [];
  let changed = "grouper" in list;
  for (const item of list) {
    const json = convert(rt, item);
    changed ||= json !== item;
    converted.push(json);
  }
  return changed ? converted : (list as readonly Json[]);
}

function convertDict(rt: Runtime, dict: Value): Json {
  if (!isDict(dict)) return null;
  const keys = Object.keys(dict);
  rt.list(2 * keys.length);
  let changed = false;
  const entries = keys.map((key) => {
    const json = convert(rt, dict[key]);
    changed ||= json !== dict[key];
    rt.text(key.length);
    return [key, json] as const;
  });
  return changed ? Object.fromEntries(entries) : (dict as { readonly [key: string]: Json });
}
