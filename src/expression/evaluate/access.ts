/**
 * Reading parts of values: `x.name`, `x[key]`, `x[from:to:step]`.
 * Owns which parts exist: own fields of data and the listed fields of dates, loops and namespaces, nothing else.
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { charactersOf, partOf } from "../text/characters.ts";
import { loopField } from "../values/loop.ts";
import { timeField } from "../values/moment.ts";
import { isFloat, isInteger, numberOf } from "../values/number.ts";
import {
  Duration,
  field,
  isDict,
  isList,
  kindOf,
  type List,
  Loop,
  Moment,
  Namespace,
  type Value,
} from "../values/value.ts";

/** A field by name; undefined when it is missing. The caller deals with members of undefined. */
export function memberOf(rt: Runtime, object: Value, name: string): Value {
  if (isDict(object)) return field(object, name);
  if (isList(object)) return groupField(object, name);
  if (object instanceof Namespace) return object.fields.get(name);
  if (object instanceof Moment || object instanceof Duration) return timeField(object, name);
  if (object instanceof Loop) return loopField(object, name);
  return object === null && rt.context.lenient ? null : undefined;
}

/** An element by index or a field by key; undefined when it is missing. */
export function elementOf(rt: Runtime, object: Value, key: Value): Value {
  if (typeof key === "string") return memberOf(rt, object, key);
  const index = isFloat(key) ? undefined : numberOf(key);
  if (index === undefined) return memberOf(rt, object, "");
  if (isList(object)) return object.at(index);
  if (typeof object === "string") {
    if (index >= 0 && index < 1000) return [...object.slice(0, 2 * index + 2)][index];
    return charactersOf(rt, object).at(index);
  }
  return memberOf(rt, object, String(index));
}

/** Python's slice of a list or text; undefined for what has no order. */
export function sliceOf(rt: Runtime, object: Value, from: Value, to: Value, step: Value): Value {
  const stride = bound(step, "step") ?? 1;
  if (stride === 0) throw new Fault("value", "A slice cannot have a step of zero.");
  const first = bound(from, "start");
  const last = bound(to, "end");
  if (typeof object === "string") {
    if (stride === 1 && (first ?? 0) >= 0 && (last ?? 0) >= 0) {
      return partOf(rt, object, first ?? 0, last ?? object.length);
    }
    const parts = pick(rt, charactersOf(rt, object), first, last, stride);
    return parts.join("");
  }
  if (isList(object)) return pick(rt, object, first, last, stride);
  return object === null && rt.context.lenient ? null : undefined;
}

function bound(value: Value, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return Number(value);
  if (isInteger(value)) return value;
  throw new Fault("type", `A slice's ${what} must be an integer, found ${kindOf(value)}.`);
}

function pick(
  rt: Runtime,
  items: List,
  first: number | undefined,
  last: number | undefined,
  step: number,
): List {
  const { length } = items;
  const place = (at: number) => (at < 0 ? at + length : at);
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (at: number) => Math.max(lowest, Math.min(highest, at));
  const from = first === undefined ? (step > 0 ? 0 : length - 1) : clamp(place(first));
  const to = last === undefined ? (step > 0 ? length : -1) : clamp(place(last));
  const count = Math.max(0, Math.ceil((to - from) / step));
  rt.list(count);
  if (step === 1) return items.slice(from, to);
  return Array.from({ length: count }, (_, index) => items[from + index * step]);
}

/** The two named parts of a pair made by `groupby`; other lists have no fields. */
function groupField(list: List, name: string): Value {
  if ("grouper" in list && (name === "grouper" || name === "list")) {
    return Object.getOwnPropertyDescriptor(list, name)?.value;
  }
  return undefined;
}
