/**
 * Equality, order and membership, as Python has them: `1 == 1.0 == true`, no order between text and numbers.
 * Owns the rules; every element looked at is paid for.
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { findText } from "../text/characters.ts";
import { numberOf } from "./number.ts";
import {
  type Dict,
  Duration,
  isDict,
  isList,
  kindOf,
  type List,
  Moment,
  type Value,
} from "./value.ts";

export function equals(rt: Runtime, a: Value, b: Value): boolean {
  rt.work(1);
  if (typeof a === "string" && typeof b === "string") {
    if (a.length === b.length) rt.scan(a.length);
    return a === b;
  }
  const left = numberOf(a);
  if (left !== undefined) return left === numberOf(b);
  if (isList(a)) return isList(b) && equalLists(rt, a, b);
  if (isDict(a)) return isDict(b) && equalDicts(rt, a, b);
  if (a instanceof Moment) return b instanceof Moment && a.at === b.at && a.dayOnly === b.dayOnly;
  if (a instanceof Duration) return b instanceof Duration && a.length === b.length;
  return a === b;
}

/** Negative, zero or positive; an error for what has no order. */
export function order(rt: Runtime, a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") {
    rt.scan(2 * Math.min(a.length, b.length));
    return orderText(a, b);
  }
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) return left - right;
  if (isList(a) && isList(b)) return orderLists(rt, a, b);
  if (a instanceof Moment && b instanceof Moment && a.dayOnly === b.dayOnly) return a.at - b.at;
  if (a instanceof Duration && b instanceof Duration) return a.length - b.length;
  const hint = [a, b].some((side) => side === undefined || side === null)
    ? "Give it a value with `default`, or test it first."
    : "Convert one with `| int`, `| float` or `| string`.";
  throw new Fault("type", `There is no order between ${kindOf(a)} and ${kindOf(b)}. ${hint}`);
}

/** `item in container`: a part of text, an element of a list, a field of an object. */
export function contains(rt: Runtime, container: Value, item: Value): boolean {
  if (typeof container === "string") {
    if (typeof item === "string") return findText(rt, container, item) >= 0;
    const message = `Only text can be looked for in text, not ${kindOf(item)}. Use \`| string\`.`;
    throw new Fault("type", message);
  }
  if (container === undefined) return false;
  if (isDict(container)) return hasKey(container, item);
  if (isList(container)) return container.some((element) => equals(rt, element, item));
  if (container === null && rt.context.lenient) return false;
  const message = `\`in\` needs text, a list or an object on its right, found ${kindOf(container)}.`;
  throw new Fault("type", message);
}

function hasKey(container: Dict, item: Value): boolean {
  if (typeof item === "string") return Object.hasOwn(container, item);
  if (!isList(item) && !isDict(item)) return false;
  throw new Fault("type", `A field's name is text, and ${kindOf(item)} can be none.`);
}

function equalLists(rt: Runtime, a: List, b: List): boolean {
  if (a.length !== b.length) return false;
  return rt.inside(() => a.every((element, index) => equals(rt, element, b[index])));
}

function equalDicts(rt: Runtime, a: Dict, b: Dict): boolean {
  const keys = Object.keys(a);
  const others = Object.keys(b);
  rt.work(1 + keys.length + others.length);
  if (keys.length !== others.length) return false;
  return rt.inside(() => keys.every((key) => Object.hasOwn(b, key) && equals(rt, a[key], b[key])));
}

function orderLists(rt: Runtime, a: List, b: List): number {
  const shared = Math.min(a.length, b.length);
  return rt.inside(() => {
    for (let index = 0; index < shared; index++) {
      rt.work(1);
      if (!equals(rt, a[index], b[index])) return order(rt, a[index], b[index]);
    }
    return a.length - b.length;
  });
}

/** By code points, as Python: UTF-16 units order differently only where surrogates meet. */
function orderText(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const left = a.codePointAt(at) ?? -1;
  const right = b.codePointAt(at) ?? -1;
  return left - right;
}
