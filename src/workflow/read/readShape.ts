/**
 * Reads a node as the table says: the one place that walks shapes and nodes together.
 * Answers data in the form after reading (milliseconds, `{{ }}`, `BodyRef`), or undefined after a report.
 */
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import type { Json, JsonObject } from "../../util/json.ts";
import { closest } from "../closest.ts";
import { INPUT_FIELDS } from "../schema/inputFields.ts";
import { type Field, type Fields, fieldOf, type Shape, type TextRule } from "../schema/shape.ts";
import { muted, type Reading, resolve } from "./reading.ts";
import {
  readBoolean,
  readChoice,
  readDuration,
  readExpression,
  readNumber,
  readPattern,
  readText,
  wrong,
} from "./scalars.ts";
import { checkSchema } from "./schemaRules.ts";
import { type Entry, entries, readJson, readObject } from "./structures.ts";

/** `label` names the value in messages: "`timeout` of step `search`". */
export function readShape(
  reading: Reading,
  node: Node,
  shape: Shape,
  label: string,
): Json | undefined {
  switch (shape.type) {
    case "text":
      return readText(reading, node, label, shape.rule);
    case "template":
      return readText(reading, node, label);
    case "expression":
      return readExpression(reading, node, label);
    case "pattern":
      return readPattern(reading, node, label);
    case "boolean":
      return readBoolean(reading, node, label);
    case "number":
      return readNumber(reading, node, label, shape);
    case "duration":
      return readDuration(reading, node, label, shape);
    case "choice":
      return readChoice(reading, node, label, shape);
    case "json":
      return readJson(reading, node);
    case "object":
      return readNamed(reading, node, label, shape);
    case "list":
      return readList(reading, node, shape, label);
    case "map":
      return readMap(reading, node, shape, label);
    case "record":
      if (!isMap(node)) return wrong(reading, node, label, "a mapping");
      return readRecord(reading, node, shape.fields, label);
    case "input":
      if (!isMap(node)) return wrong(reading, node, label, "a mapping with a `type`");
      return readRecord(reading, node, INPUT_FIELDS, label);
    case "steps":
      return reading.readSteps(reading, node, label);
    case "body":
      return readBody(reading, node, label);
    case "either":
      return readEither(reading, node, shape, label);
  }
}

/** Reads the known keys of a mapping, reports the others, and fills in defaults. */
export function readRecord(
  reading: Reading,
  map: YAMLMap,
  fields: Fields,
  label: string,
): JsonObject {
  const result: Record<string, Json> = {};
  const given = new Set<string>();
  for (const entry of entries(reading, map)) {
    given.add(entry.name);
    const field = fieldOf(fields, entry.name);
    if (!field) reportUnknown(reading, entry, fields, label);
    else {
      const value = readField(reading, entry, field, label);
      if (value !== undefined) result[entry.name] = value;
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    if (!field.required || given.has(name)) continue;
    reportMissing(reading, map, name, label);
  }
  return { ...neutralRecord(fields), ...result };
}

function readField(reading: Reading, entry: Entry, field: Field, label: string): Json | undefined {
  const name = `\`${entry.name}\` of ${label}`;
  const takesNull = field.shape.type === "json";
  if (entry.empty && takesNull) return null;
  if (entry.empty) {
    const message = `${name} has no value.`;
    reading.report({
      at: entry.key,
      code: "no-value",
      message,
      expected: expectation(field.shape),
    });
    return undefined;
  }
  return readShape(reading, entry.value, field.shape, name);
}

function reportUnknown(reading: Reading, entry: Entry, fields: Fields, label: string): void {
  const suggestion = closest(entry.name, Object.keys(fields));
  const message = `Unknown key \`${entry.name}\` in ${label}.`;
  if (suggestion === undefined) {
    const known = Object.keys(fields);
    const expected = known.length === 0 ? "no key" : `one of ${known.join(", ")}`;
    reading.report({ at: entry.key, code: "unknown-key", message, expected });
    return;
  }
  const [start, end] = entry.key.range ?? [0, 0];
  const fix = { title: `Rename to \`${suggestion}\``, edits: [{ start, end, text: suggestion }] };
  reading.report({ at: entry.key, code: "unknown-key", message, suggestion, fix });
}

function reportMissing(reading: Reading, map: YAMLMap, name: string, label: string): void {
  const first = resolve(reading, map.items[0]?.key) ?? map;
  reading.report({
    at: first,
    code: "missing-key",
    message: `\`${name}\` is missing in ${label}.`,
  });
}

/** What stands in for a required value that is missing, so that the rest of the file can still be checked. */
function neutral(shape: Shape): Json {
  switch (shape.type) {
    case "boolean":
      return false;
    case "number":
    case "duration":
      return 1;
    case "choice":
      return shape.values[0] ?? "";
    case "list":
    case "steps":
      return [];
    case "record":
      return neutralRecord(shape.fields);
    case "object":
    case "map":
    case "input":
      return {};
    case "body":
      return { name: "", workflow: "" };
    case "either":
      return neutral(shape.scalar ?? shape.list ?? shape.map ?? { type: "json" });
    default:
      return "";
  }
}

function neutralRecord(fields: Fields): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined) result[name] = field.default;
    else if (field.required) result[name] = neutral(field.shape);
  }
  return result;
}

/** What a value of this shape is, for a message. */
function expectation(shape: Shape): string {
  switch (shape.type) {
    case "text":
      return shape.rule?.expected ?? "a text";
    case "template":
      return "a text";
    case "expression":
      return "an expression";
    case "choice":
      return `one of ${shape.values.join(", ")}`;
    case "list":
      return "a list";
    case "steps":
      return "a list of steps";
    case "object":
    case "map":
    case "record":
    case "input":
      return "a mapping";
    case "boolean":
      return "true or false";
    case "number":
      return "a number";
    case "duration":
      return "a duration such as 30s";
    default:
      return "a value";
  }
}

function readNamed(
  reading: Reading,
  node: Node,
  label: string,
  { names, schema }: Extract<Shape, { type: "object" }>,
): JsonObject | undefined {
  if (!isMap(node)) return wrong(reading, node, label, "a mapping");
  if (names)
    for (const entry of entries(muted(reading), node)) checkName(reading, entry, names, label);
  const found = readObject(reading, node);
  if (found && schema) checkSchema(reading, node, label);
  return found;
}

function checkName(reading: Reading, entry: Entry, names: TextRule, label: string): boolean {
  if (names.pattern.test(entry.name)) return true;
  const message = `\`${entry.name}\` cannot be a name in ${label}.`;
  reading.report({ at: entry.key, code: "bad-name", message, expected: names.expected });
  return false;
}

function readList(
  reading: Reading,
  node: Node,
  shape: Extract<Shape, { type: "list" }>,
  label: string,
): Json[] | undefined {
  if (!isSeq(node)) return wrong(reading, node, label, "a list");
  if (node.items.length < (shape.min ?? 0)) {
    reading.report({
      at: node,
      code: "empty-list",
      message: `${label} is empty.`,
      expected: "at least one item",
    });
    return undefined;
  }
  const result: Json[] = [];
  node.items.forEach((item, index) => {
    const child = resolve(reading, item) ?? node;
    const value = readShape(reading, child, shape.of, `item ${index + 1} of ${label}`);
    // A stand-in keeps the indexes of the data equal to those of the file.
    result.push(value ?? neutral(shape.of));
  });
  return result;
}

function readMap(
  reading: Reading,
  node: Node,
  shape: Extract<Shape, { type: "map" }>,
  label: string,
): JsonObject | undefined {
  if (!isMap(node)) return wrong(reading, node, label, "a mapping");
  const result: Record<string, Json> = {};
  for (const entry of entries(reading, node)) {
    if (!checkName(reading, entry, shape.names, label)) continue;
    const value = readField(reading, entry, { shape: shape.of, doc: "" }, label);
    result[entry.name] = value ?? neutral(shape.of);
  }
  return result;
}

function readBody(reading: Reading, node: Node, label: string): JsonObject | undefined {
  const name = readText(reading, node, label);
  if (name === undefined) return undefined;
  const usable = /^[^\s{}]+$/.test(name);
  if (!usable)
    return wrong(reading, node, label, "the name of a task or workflow, or a file beside this one");
  return { name, workflow: "" };
}

function readEither(
  reading: Reading,
  node: Node,
  shape: Extract<Shape, { type: "either" }>,
  label: string,
): Json | undefined {
  const chosen = isMap(node)
    ? shape.map
    : isSeq(node)
      ? shape.list
      : isScalar(node)
        ? shape.scalar
        : undefined;
  if (chosen) return readShape(reading, node, chosen, label);
  const kinds = [shape.scalar, shape.list, shape.map].filter((option) => option !== undefined);
  return wrong(reading, node, label, kinds.map(expectation).join(", or "));
}
