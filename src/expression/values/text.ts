/**
 * How values are written: in text, and as JSON inside text.
 * Owns the text form (a delegate's response, a prompt's answer, JSON for structures, nothing for null).
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { dateText, durationText } from "./moment.ts";
import { numberText } from "./number.ts";
import {
  type Dict,
  Duration,
  Float,
  field,
  isDict,
  isList,
  Moment,
  Special,
  type Value,
} from "./value.ts";

/** A value as text. */
export function textOf(rt: Runtime, value: Value): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number" || value instanceof Float) return numberText(value);
  if (isDict(value)) {
    const answer = answerOf(value);
    if (answer !== undefined) return rt.inside(() => textOf(rt, answer));
  }
  return value instanceof Special ? specialText(value) : jsonText(rt, value);
}

/**
 * Structures as JSON: `, ` and `: ` between, keys in their order, floats with their `.0`. With `indent` (spaces a
 * level) one element a line.
 */
export function jsonText(rt: Runtime, value: Value, indent?: number): string {
  const parts: string[] = [];
  writeJson({ rt, parts, indent }, value, "\n");
  return parts.join("");
}

/** What a person reads when shown the result of a delegate or a prompt; undefined when it is neither. */
function answerOf(value: Dict): Value {
  if (Object.hasOwn(value, "response") && Object.hasOwn(value, "agent_used")) {
    return field(value, "response") ?? null;
  }
  if (!Object.hasOwn(value, "answered_by")) return undefined;
  for (const name of ["input", "selected", "confirmed", "acknowledged"]) {
    if (Object.hasOwn(value, name)) return field(value, name) ?? null;
  }
  const { answered_by: _by, answered_at: _at, ...fields } = value;
  return fields;
}

function specialText(value: Special): string {
  if (value instanceof Moment) return dateText(value);
  if (value instanceof Duration) return durationText(value);
  throw new Fault(
    "type",
    `Expected something to print, found ${value.title}. Print one of its fields.`,
  );
}

interface Writer {
  readonly rt: Runtime;
  readonly parts: string[];
  readonly indent: number | undefined;
}

function write(writer: Writer, text: string): void {
  writer.rt.text(text.length + 8);
  writer.parts.push(text);
}

function writeJson(writer: Writer, value: Value, newline: string): void {
  writer.rt.work(2);
  if (isList(value)) {
    writeAll(writer, "[]", value, newline, (item, inner) => writeJson(writer, item, inner));
  } else if (isDict(value)) {
    writeAll(writer, "{}", Object.keys(value), newline, (key, inner) => {
      write(writer, `${JSON.stringify(key)}: `);
      writeJson(writer, value[key], inner);
    });
  } else write(writer, scalarJson(value));
}

function scalarJson(value: Exclude<Value, Dict> | Special): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || value instanceof Float) {
    const text = numberText(value);
    if (/^-?[\d.]+(e[-+]\d+)?$/.test(text)) return text;
    throw new Fault("value", `\`${text}\` cannot be written as JSON.`);
  }
  return JSON.stringify(specialText(value as Special));
}

function writeAll<T>(
  writer: Writer,
  brackets: "[]" | "{}",
  elements: readonly T[],
  newline: string,
  writeOne: (element: T, newline: string) => void,
): void {
  const { rt, indent } = writer;
  rt.work(elements.length);
  const inner = indent === undefined ? newline : newline + " ".repeat(indent);
  write(writer, brackets.charAt(0));
  rt.inside(() => {
    elements.forEach((element, index) => {
      if (indent !== undefined) write(writer, index > 0 ? `,${inner}` : inner);
      else if (index > 0) write(writer, ", ");
      writeOne(element, inner);
    });
  });
  if (indent !== undefined && elements.length > 0) write(writer, newline);
  write(writer, brackets.charAt(1));
}
