/**
 * Jinja's truth: what counts as true under `if`, `and`, `not` and their like.
 * Owns the rule, and that asking is paid for: JavaScript looks at all keys of an object to say whether it has one.
 */
import type { Runtime } from "../runtime.ts";
import { type Dict, Duration, Float, isList, Special, type Value } from "./value.ts";

/** Undefined, null, false, zero, and empty text, lists and objects are false; everything else is true. */
export function isTrue(rt: Runtime, value: Value): boolean {
  return truthOf(value, (dict) => rt.hasFields(dict));
}

/** The same where nothing is counted. */
export function isTrueData(value: Value): boolean {
  return truthOf(value, (dict) => Object.keys(dict).length > 0);
}

function truthOf(value: Value, hasFields: (dict: Dict) => boolean): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  if (isList(value)) return value.length > 0;
  if (!(value instanceof Special)) return hasFields(value);
  if (value instanceof Float) return value.value !== 0;
  return value instanceof Duration ? value.length !== 0 : true;
}
