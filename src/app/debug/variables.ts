/**
 * What a step sees, as variables of a debugger, and what may be written there.
 * Pure; where a value belongs in the state is kept beside it, so that a new one can be sent as a signal.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import {
  type Evaluated,
  evaluate,
  type Moment,
  renderText,
  resultsAt,
} from "../../run/decide/scope.ts";
import type { Frame } from "../../run/state.ts";
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";
import { printable } from "../../views/printable.ts";
import type { StackEntry } from "./threads.ts";

/** A value whose inside a client may ask for. */
export interface Shown {
  readonly value: JsonObject | readonly Json[];
  /** An expression for it. */
  readonly name: string;
  /** The state's field that it is, or is part of: the field and the keys inside. Absent: nothing of it can be set. */
  readonly state?: { readonly frame: Frame; readonly keys: readonly string[] };
}

/** Characters of a value in a list; the whole is told when a client copies it. */
const LONGEST = 300;

/** The scopes of a step: what its expressions see. */
export function scopesOf({ frame }: StackEntry): readonly (Shown & { readonly title: string })[] {
  const { body } = frame;
  const { item, loop } = body;
  return [
    { title: "State", name: "state", value: body.state, state: { frame, keys: [] } },
    { title: "Inputs", name: "inputs", value: body.inputs },
    ...(item === undefined
      ? []
      : [{ title: "Item", name: "", value: { item, ...(loop ? { loop } : {}) } }]),
    { title: "Results", name: "steps", value: resultsAt(frame) },
  ];
}

/** The variables inside a value. @param reference makes the inside of one reachable */
export function variablesIn(
  shown: Shown,
  { filter, start = 0, count = 0 }: Omit<DebugProtocol.VariablesArguments, "variablesReference">,
  reference: (inside: Shown) => number,
): readonly DebugProtocol.Variable[] {
  const { value } = shown;
  const entries = isList(value)
    ? filter === "named"
      ? []
      : value.map((each, index) => [String(index), each] as const)
    : filter === "indexed"
      ? []
      : Object.entries(value);
  const page = count > 0 ? entries.slice(start, start + count) : entries;
  return page.map(([key, inner]) => variableOf(shown, key, inner, reference));
}

/** A value as a client shows it, its inside reachable. */
export function describe(
  value: Json,
  name: string,
  reference: (inside: Shown) => number,
  state?: Shown["state"],
): { readonly value: string; readonly type: string; readonly variablesReference: number } & Partial<
  Pick<DebugProtocol.Variable, "indexedVariables" | "namedVariables">
> {
  const text = { value: short(value), type: typeOf(value) };
  if (!isList(value) && !isObject(value)) return { ...text, variablesReference: 0 };
  const variablesReference = reference({ value, name, ...(state ? { state } : {}) });
  return isList(value)
    ? { ...text, variablesReference, indexedVariables: value.length }
    : { ...text, variablesReference, namedVariables: Object.keys(value).length };
}

/** The field of the state, with its new value, that a variable inside `shown` is set by; undefined where nothing can be. */
export function fieldWith(
  { state }: Shown,
  key: string,
  value: Json,
): { readonly frame: Frame; readonly updates: JsonObject } | undefined {
  if (!state) return undefined;
  const { frame } = state;
  const [field = "", ...keys] = [...state.keys, key];
  return { frame, updates: { [field]: withAt(frame.body.state[field] ?? null, keys, value) } };
}

/** What a person typed as a value: JSON, or else an expression where the step stands. */
export function readValue(moment: Moment, entry: StackEntry, typed: string): Evaluated<Json> {
  try {
    const value: Json = JSON.parse(typed);
    return { ok: true, value };
  } catch {
    return evaluateAt(moment, entry, typed);
  }
}

/** The value of an expression, or of a text with `{{ }}` in it, where a step stands; it sees all of the state. */
export function evaluateAt(
  moment: Moment,
  { frame, path }: StackEntry,
  source: string,
): Evaluated<Json> {
  const place = { frame, path, attempt: 1, chance: {} };
  const isText = /\{[{%#]/.test(source) && !/^\s*\{\{[^{}]*\}\}\s*$/.test(source);
  return isText ? renderText(moment, place, source) : evaluate(moment, place, source);
}

function variableOf(
  { name, state, value: around }: Shown,
  key: string,
  value: Json,
  reference: (inside: Shown) => number,
): DebugProtocol.Variable {
  const evaluateName = memberName(name, key, isList(around));
  const inner = state && { ...state, keys: [...state.keys, key] };
  const described = describe(value, evaluateName, reference, inner);
  const attributes = state ? {} : { presentationHint: { attributes: ["readOnly"] } };
  return { name: key, evaluateName, ...described, ...attributes };
}

function memberName(around: string, key: string, indexed: boolean): string {
  if (around === "") return key;
  if (indexed) return `${around}[${key}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? `${around}.${key}` : `${around}[${JSON.stringify(key)}]`;
}

function withAt(around: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  if (isList(around))
    return around.map((each, index) => (String(index) === key ? withAt(each, rest, value) : each));
  const object = isObject(around) ? around : {};
  return { ...object, [key]: withAt(object[key] ?? null, rest, value) };
}

function short(value: Json): string {
  const text = printable(JSON.stringify(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  return isList(value) ? "list" : typeof value;
}
