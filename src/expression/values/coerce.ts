/**
 * Arguments as the kinds that filters, methods and functions need, or an error that says what was found.
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { charactersOf } from "../text/characters.ts";
import { isFloat, isInteger, numberOf } from "./number.ts";
import { isDict, isList, kindOf, type List, Loop, type Value } from "./value.ts";

/** Everything a loop may go over: elements of a list, characters of text, keys of an object; nothing if undefined. */
export function itemsOf(rt: Runtime, value: Value): List {
  if (isList(value)) {
    rt.work(1 + value.length);
    return value;
  }
  if (typeof value === "string") return charactersOf(rt, value);
  if (value === undefined || (value === null && rt.context.lenient)) return [];
  if (value instanceof Loop) return value.items;
  if (!isDict(value)) throw notIterable(value);
  const keys = Object.keys(value);
  rt.list(keys.length);
  return keys;
}

/** True for what `itemsOf` accepts. */
export function isIterable(value: Value): boolean {
  const simple = isList(value) || isDict(value) || typeof value === "string";
  return simple || value === undefined || value instanceof Loop;
}

function notIterable(value: Value): Fault {
  const hint = value === null ? " Write `(x or [])` for a value that may be null." : "";
  const message = `Expected a list, an object or text to go over, found ${kindOf(value)}.${hint}`;
  return new Fault("type", message);
}

/** A whole number; `standard` when it was not given. */
export function wholeOr(value: Value, standard: number, what: string): number {
  if (value === undefined) return standard;
  const number = isFloat(value) ? undefined : numberOf(value);
  if (number !== undefined && isInteger(number)) return number;
  throw unfit(what, "an integer", value);
}

/** Any number; `standard` when it was not given. */
export function numberOr(value: Value, standard: number, what: string): number {
  if (value === undefined) return standard;
  const number = numberOf(value);
  if (number !== undefined) return number;
  throw unfit(what, "a number", value);
}

/** Text as it is; `standard` when it was not given. Nothing is converted. */
export function textOr(value: Value, standard: string, what: string): string {
  if (value === undefined) return standard;
  if (typeof value === "string") return value;
  throw unfit(what, "text", value);
}

/** `what` is a parameter in back quotes, or words for what is meant. */
function unfit(what: string, wanted: string, value: Value): Fault {
  const fault = new Fault("type", `${what} must be ${wanted}, found ${kindOf(value)}.`);
  const parameter = /^`(\w+)`$/.exec(what)?.[1];
  return parameter === undefined ? fault : fault.of(parameter);
}
