/**
 * Reads single values: texts, templates, expressions, numbers, durations, choices.
 * Each answers undefined after reporting what is wrong.
 */
import { RE2JS } from "re2js";
import { isMap, isScalar, type Node, type Scalar } from "yaml";
import type { Json } from "../../util/json.ts";
import { closest } from "../closest.ts";
import { parseDuration } from "../duration.ts";
import type { Shape, TextRule } from "../schema/shape.ts";
import { describe, quote, type Reading } from "./reading.ts";

type Of<T extends Shape["type"]> = Extract<Shape, { type: T }>;

/** Reports a value of the wrong kind. */
export function wrong(reading: Reading, node: Node, label: string, expected: string): undefined {
  const message = `${label} cannot be ${describe(node)}.`;
  reading.report({ at: node, code: "wrong-type", message, expected });
}

/** Text as written: a number or a word such as `true` counts as the text that it is in the file. */
export function readText(
  reading: Reading,
  node: Node,
  label: string,
  rule?: TextRule,
): string | undefined {
  const found = plainText(node);
  if (found === undefined) return wrong(reading, node, label, rule?.expected ?? "a text");
  if (rule && !rule.pattern.test(found)) {
    const message = `${label} cannot be ${quote(found)}.`;
    reading.report({ at: node, code: "wrong-text", message, expected: rule.expected });
    return undefined;
  }
  return found;
}

/** An expression in `{{ }}`: bare ones are wrapped, so that every reader after this one sees templates only. */
export function readExpression(reading: Reading, node: Node, label: string): string | undefined {
  const found = plainText(node);
  if (found === undefined) return wrong(reading, node, label, "an expression");
  if (found.trim() === "") {
    reading.report({
      at: node,
      code: "wrong-text",
      message: `${label} is empty.`,
      expected: "an expression",
    });
    return undefined;
  }
  return /\{[{%#]/.test(found) ? found : `{{ ${found} }}`;
}

export function readPattern(reading: Reading, node: Node, label: string): string | undefined {
  const found = readText(reading, node, label);
  if (found === undefined) return undefined;
  try {
    RE2JS.compile(found);
    return found;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reading.report({
      at: node,
      code: "bad-pattern",
      message: `${label} is not a regular expression: ${reason}.`,
      expected: "RE2 syntax (no look-around, no back-references)",
    });
    return undefined;
  }
}

export function readBoolean(reading: Reading, node: Node, label: string): boolean | undefined {
  if (isScalar(node) && typeof node.value === "boolean") return node.value;
  const word = isScalar(node) ? String(node.value).toLowerCase() : "";
  const meant = {
    yes: "true",
    on: "true",
    no: "false",
    off: "false",
    true: "true",
    false: "false",
  }[word];
  const problem = {
    at: node,
    code: "wrong-type",
    message: `${label} cannot be ${describe(node)}.`,
  };
  const expected = "true or false";
  if (meant === undefined) reading.report({ ...problem, expected });
  else {
    const [start, end] = node.range ?? [0, 0];
    const fix = { title: `Write ${meant}`, edits: [{ start, end, text: meant }] };
    reading.report({ ...problem, expected, suggestion: meant, fix });
  }
  return undefined;
}

export function readNumber(
  reading: Reading,
  node: Node,
  label: string,
  shape: Of<"number">,
): number | undefined {
  const expected = numberRange(shape);
  if (!isScalar(node) || typeof node.value !== "number")
    return wrong(reading, node, label, expected);
  const value = node.value;
  const fits =
    Number.isFinite(value) &&
    (!shape.integer || Number.isSafeInteger(value)) &&
    value >= (shape.min ?? -Infinity) &&
    value <= (shape.max ?? Infinity);
  if (fits && shape.score && value > 0 && value < 1) warnOfFraction(reading, node, label, value);
  if (fits) return value;
  const message = `${label} cannot be ${describe(node)}.`;
  reading.report({ at: node, code: "out-of-range", message, expected });
  return undefined;
}

function warnOfFraction(reading: Reading, node: Scalar, label: string, value: number): void {
  const meant = String(Math.round(value * 1000) / 10);
  const [start, end] = node.range ?? [0, 0];
  reading.report({
    at: node,
    severity: "warning",
    code: "fraction",
    message: `${label} is ${value} of 100: nearly every score is above it.`,
    suggestion: meant,
    fix: { title: `Write ${meant}`, edits: [{ start, end, text: meant }] },
  });
}

function numberRange({ integer, min, max }: Of<"number">): string {
  const noun = integer ? "a whole number" : "a number";
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`;
  if (min !== undefined) return `${noun} of at least ${min}`;
  return noun;
}

export function readDuration(
  reading: Reading,
  node: Node,
  label: string,
  shape: Of<"duration">,
): number | string | undefined {
  const value = isScalar(node) ? node.value : undefined;
  if (shape.template && typeof value === "string" && value.includes("{{")) return value;
  const milliseconds = parseDuration(value);
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
  return wrong(
    reading,
    node,
    label,
    "a duration such as 500ms, 30s, 5m or 2h, or a number of seconds",
  );
}

export function readChoice(
  reading: Reading,
  node: Node,
  label: string,
  shape: Of<"choice">,
): string | undefined {
  const value = isMap(node) ? firstKey(node.items[0]?.key) : plainText(node);
  const expected = `one of ${shape.values.join(", ")}`;
  if (isMap(node) || value === undefined) return wrong(reading, node, label, expected);
  if (shape.values.includes(value)) return value;
  const suggestion = closest(value, shape.values);
  reading.report({
    at: node,
    code: "wrong-choice",
    message: `${label} cannot be ${quote(value)}.`,
    expected,
    ...(suggestion === undefined ? {} : { suggestion, fix: replacement(node, suggestion) }),
  });
  return undefined;
}

function replacement(node: Node, text: string) {
  const [start, end] = node.range ?? [0, 0];
  return { title: `Replace by ${text}`, edits: [{ start, end, text }] };
}

function firstKey(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function plainText(node: Node): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

/** A scalar's value as JSON; undefined for what JSON cannot hold. */
export function scalarJson(node: Scalar): Json | undefined {
  const value = node.value;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
