/**
 * Whether a JSON schema in a file (draft 2020-12) can be what was meant: its keywords have values of their kind, and none is
 * mistyped. A schema that nothing fits would be found out by paid answers otherwise. Never looks at what a schema asks for.
 */
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { closest } from "../closest.ts";
import { describe, muted, quote, type Reading, resolve } from "./reading.ts";
import { type Entry, entries } from "./structures.ts";

const TYPES = ["string", "number", "integer", "boolean", "array", "object", "null"];

type Kind =
  | "type"
  | "schema"
  | "schemas"
  | "named schemas"
  | "names"
  | "list"
  | "number"
  | "count"
  | "boolean"
  | "text"
  | "pattern"
  | "any";

const KEYWORDS: Readonly<Record<Kind, string>> = {
  type: "type",
  schema:
    "items additionalProperties contains not if then else propertyNames unevaluatedItems unevaluatedProperties",
  schemas: "allOf anyOf oneOf prefixItems",
  "named schemas": "properties patternProperties $defs definitions dependentSchemas",
  names: "required",
  list: "enum examples",
  number: "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf",
  count:
    "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains",
  boolean: "uniqueItems deprecated readOnly writeOnly",
  text: "title description format $ref $id $schema $anchor $comment",
  pattern: "pattern",
  any: "const default dependentRequired",
};

const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(KEYWORDS).flatMap(([kind, names]) =>
    names.split(" ").map((name) => [name, kind as Kind] as const),
  ),
);

/** What a value of a kind is, for a message. */
const EXPECTED: Readonly<Record<Kind, string>> = {
  type: `one of ${TYPES.join(", ")}, or a list of them`,
  schema: "a schema: a mapping, true or false",
  schemas: "a list of schemas",
  "named schemas": "a mapping from names to schemas",
  names: "a list of names",
  list: "a list",
  number: "a number",
  count: "a whole number from 0",
  boolean: "true or false",
  text: "a text",
  pattern: "a regular expression",
  any: "a value",
};

/** Reports what cannot be meant in the schema at `node`; `label` names it: "`output_schema` of step `a`". */
export function checkSchema(reading: Reading, node: Node, label: string): void {
  if (isScalar(node) && typeof node.value === "boolean") return;
  if (!isMap(node)) return report(reading, node, label, EXPECTED.schema);
  for (const entry of entries(muted(reading), node)) {
    const kind = KINDS.get(entry.name);
    const name = `\`${entry.name}\` of ${label}`;
    if (kind === undefined) checkUnknown(reading, entry, label);
    else if (!holds(reading, kind, entry.value, name))
      report(reading, entry.value, name, EXPECTED[kind]);
  }
}

/** False when the value is not of the kind at all; what is wrong inside it is reported. */
function holds(reading: Reading, kind: Kind, node: Node, label: string): boolean {
  const value = isScalar(node) ? node.value : undefined;
  switch (kind) {
    case "type":
      return checkType(reading, node, label);
    case "schema":
      checkSchema(reading, node, label);
      return true;
    case "schemas":
      return eachOf(reading, node, (one, index) =>
        checkSchema(reading, one, `item ${index + 1} of ${label}`),
      );
    case "named schemas":
      if (!isMap(node)) return false;
      for (const { name, value: one } of entries(muted(reading), node))
        checkSchema(reading, one, `\`${name}\` in ${label}`);
      return true;
    case "names":
      return eachOf(reading, node, (one, index) => {
        if (isScalar(one) && typeof one.value === "string") return;
        report(reading, one, `item ${index + 1} of ${label}`, "a name");
      });
    case "list":
      return isSeq(node);
    case "number":
      return typeof value === "number";
    case "count":
      return typeof value === "number" && Number.isInteger(value) && value >= 0;
    case "boolean":
      return typeof value === "boolean";
    case "text":
      return typeof value === "string";
    case "pattern":
      return typeof value === "string" && isPattern(value);
    case "any":
      return true;
  }
}

function checkType(reading: Reading, node: Node, label: string): boolean {
  if (isSeq(node))
    return eachOf(reading, node, (one, index) => {
      if (!checkType(reading, one, `item ${index + 1} of ${label}`))
        report(reading, one, `item ${index + 1} of ${label}`, EXPECTED.type);
    });
  if (!isScalar(node)) return false;
  const name = node.value;
  if (typeof name !== "string") return false;
  if (TYPES.includes(name)) return true;
  const [start, end] = node.range ?? [0, 0];
  const meant = closest(name, TYPES);
  reading.report({
    at: node,
    code: "wrong-choice",
    message: `${label} cannot be ${quote(name)}.`,
    expected: EXPECTED.type,
    ...(meant === undefined
      ? {}
      : {
          suggestion: meant,
          fix: { title: `Write ${meant}`, edits: [{ start, end, text: meant }] },
        }),
  });
  return true;
}

/** Any keyword may stand in a schema; one that is nearly a known one has no effect by mistake. */
function checkUnknown(reading: Reading, { name, key }: Entry, label: string): void {
  const meant = closest(name, [...KINDS.keys()]);
  if (meant === undefined) return;
  const [start, end] = key.range ?? [0, 0];
  reading.report({
    at: key,
    severity: "warning",
    code: "unknown-key",
    message: `\`${name}\` of ${label} is no keyword of JSON schemas and has no effect.`,
    suggestion: meant,
    fix: { title: `Rename to \`${meant}\``, edits: [{ start, end, text: meant }] },
  });
}

function eachOf(reading: Reading, node: Node, check: (item: Node, index: number) => void): boolean {
  if (!isSeq(node)) return false;
  node.items.forEach((item, index) => {
    check(resolve(muted(reading), item) ?? node, index);
  });
  return true;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}

function report(reading: Reading, at: Node, label: string, expected: string): void {
  reading.report({
    at,
    code: "wrong-type",
    message: `${label} cannot be ${describe(at)}.`,
    expected,
  });
}
