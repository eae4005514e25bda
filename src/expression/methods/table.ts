/**
 * Methods by what they are called on.
 * Owns the choice of a method for a value; nothing here changes a value.
 */
import { type Definition, type Table, tableOf } from "../definition.ts";
import type { Runtime } from "../runtime.ts";
import { isFloat } from "../values/number.ts";
import { textOf } from "../values/text.ts";
import { Duration, Float, isDict, isList, Loop, Moment, type Value } from "../values/value.ts";
import { DICT_METHODS, LIST_METHODS, LOOP_METHODS, NUMBER_METHODS } from "./data.ts";
import { QUESTION_METHODS } from "./questions.ts";
import { SEARCH_METHODS } from "./search.ts";
import { SHAPE_METHODS } from "./shape.ts";
import { DATE_METHODS, DURATION_METHODS } from "./time.ts";

/** What methods are called on. */
export type Owner = "text" | "list" | "object" | "number" | "date" | "duration" | "loop";

export const METHODS: ReadonlyMap<Owner, Table> = new Map([
  ["text", tableOf([...SEARCH_METHODS, ...SHAPE_METHODS, ...QUESTION_METHODS])],
  ["list", tableOf(LIST_METHODS)],
  ["object", tableOf(DICT_METHODS)],
  ["number", tableOf(NUMBER_METHODS)],
  ["date", tableOf(DATE_METHODS)],
  ["duration", tableOf(DURATION_METHODS)],
  ["loop", tableOf(LOOP_METHODS)],
]);

/**
 * The method of this name on a value, and what to call it on: an agent's or a person's answer has the methods of
 * text too.
 */
export function methodOf(
  rt: Runtime,
  value: Value,
  name: string,
): { definition: Definition; input: Value } | undefined {
  const owner = ownerOf(value);
  const definition = owner === undefined ? undefined : METHODS.get(owner)?.get(name);
  if (definition !== undefined) return { definition, input: value };
  const answers = isDict(value) && ("agent_used" in value || "answered_by" in value);
  const forText = answers ? METHODS.get("text")?.get(name) : undefined;
  return forText === undefined ? undefined : { definition: forText, input: textOf(rt, value) };
}

function ownerOf(value: Value): Owner | undefined {
  if (typeof value === "string") return "text";
  if (isList(value)) return "list";
  if (isDict(value)) return "object";
  if (typeof value === "number" || isFloat(value) || value instanceof Float) return "number";
  if (value instanceof Moment) return "date";
  if (value instanceof Duration) return "duration";
  return value instanceof Loop ? "loop" : undefined;
}
