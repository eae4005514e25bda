/**
 * The tables as a JSON schema, for editors that complete and check YAML by one.
 * Owns the translation only. The parser says more (and better) than a schema can; this is for typing along.
 */
import { isObject, type Json, type JsonObject } from "../../util/json.ts";
import { formatDuration } from "../duration.ts";
import { COMMON_FIELDS } from "./commonFields.ts";
import { FILE_FIELDS } from "./fileFields.ts";
import { INPUT_FIELDS } from "./inputFields.ts";
import type { Field, Fields, Shape, StepKindDefinition } from "./shape.ts";
import { STEP_KINDS } from "./stepKinds.ts";

const SCALARS = ["string", "number", "boolean"];
const EVERY_STEP = "#/definitions/every_step";
const STEP = { $ref: "#/definitions/step" };

/** The schema of a workflow file (draft 7, which editors know best), keys in a fixed order. */
export function workflowSchema(): JsonObject {
  const kinds = Object.entries(STEP_KINDS);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "Written by scripts/generateSchema.ts from src/workflow/schema.",
    title: "Fermata workflow",
    ...record(FILE_FIELDS),
    definitions: {
      input: record(INPUT_FIELDS),
      every_step: record(COMMON_FIELDS),
      step: {
        type: "object",
        required: ["id", "type"],
        properties: {
          id: property(COMMON_FIELDS.id),
          type: {
            description: "What the step does.",
            enum: kinds.map(([name]) => name),
            enumDescriptions: kinds.map(([, kind]) => kind.doc),
          },
        },
        allOf: kinds.map(([name]) => ({
          if: { required: ["type"], properties: { type: { const: name } } },
          then: { $ref: `#/definitions/${name}` },
        })),
      },
      ...Object.fromEntries(kinds.map(([name, kind]) => [name, stepKind(name, kind)])),
    },
  };
}

/** The text of `schemas/workflow.schema.json`. */
export function workflowSchemaText(): string {
  return `${JSON.stringify(workflowSchema(), null, 2)}\n`;
}

function stepKind(name: string, { doc, result, fields }: StepKindDefinition): JsonObject {
  const type: Field = { shape: { type: "choice", values: [name] }, doc, required: true };
  const own = record({ ...COMMON_FIELDS, type, ...fields });
  const shared = Object.keys(COMMON_FIELDS).filter((key) => key !== "type" && !fields[key]);
  const properties: Record<string, Json> = {};
  for (const [key, value] of Object.entries(isObject(own.properties) ? own.properties : {})) {
    properties[key] = shared.includes(key) ? { $ref: `${EVERY_STEP}/properties/${key}` } : value;
  }
  return {
    description: result === "" ? doc : `${doc} Result: ${result}.`,
    ...own,
    properties,
  };
}

function record(fields: Fields): JsonObject {
  const known = Object.entries(fields);
  const required = known.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(known.map(([name, field]) => [name, property(field)])),
  };
}

function property(field: Field | undefined): JsonObject {
  if (!field) return {};
  const { doc, shape } = field;
  const fallback = field.default === undefined ? {} : { default: written(field.default, shape) };
  const described = doc === "" ? {} : { description: doc };
  const value = schemaOf(shape);
  // Draft 7 ignores everything beside a `$ref`.
  return Object.hasOwn(value, "$ref")
    ? { ...described, ...fallback, allOf: [value] }
    : { ...described, ...value, ...fallback };
}

/** A default as a person writes it. */
function written(value: Json, shape: Shape): Json {
  return shape.type === "duration" && typeof value === "number" ? formatDuration(value) : value;
}

function schemaOf(shape: Shape): JsonObject {
  switch (shape.type) {
    case "text":
      return shape.rule
        ? { type: shape.scalar ? SCALARS : "string", pattern: shape.rule.pattern.source }
        : { type: SCALARS };
    case "template":
    case "expression":
      return { type: SCALARS };
    case "pattern":
      return { type: "string", minLength: 1 };
    case "boolean":
      return { type: "boolean" };
    case "number":
      return {
        type: shape.integer ? "integer" : "number",
        ...(shape.min === undefined ? {} : { minimum: shape.min }),
        ...(shape.max === undefined ? {} : { maximum: shape.max }),
      };
    case "duration": {
      const text = shape.template ? {} : { pattern: "^\\s*\\d+(\\.\\d+)?\\s*(ms|s|m|h)?\\s*$" };
      return { type: ["string", "number"], exclusiveMinimum: 0, ...text };
    }
    case "choice":
      return { enum: [...shape.values] };
    case "json":
      return {};
    case "object":
      return { type: "object", ...named(shape.names?.pattern) };
    case "list":
      return {
        type: "array",
        items: schemaOf(shape.of),
        ...(shape.min === undefined ? {} : { minItems: shape.min }),
      };
    case "map":
      return {
        type: "object",
        additionalProperties: schemaOf(shape.of),
        ...named(shape.names.pattern),
      };
    case "record":
      return record(shape.fields);
    case "input":
      return { $ref: "#/definitions/input" };
    case "steps":
      return { type: "array", items: STEP };
    case "body":
      return { type: "string", pattern: "^[^\\s{}]+$" };
    case "either":
      return eitherOf(shape);
  }
}

function eitherOf({ scalar, list, map }: Extract<Shape, { type: "either" }>): JsonObject {
  const options = [scalar, list, map].flatMap((option) => (option ? [schemaOf(option)] : []));
  const distinct = options.filter(
    (option, index) =>
      options.findIndex((other) => JSON.stringify(other) === JSON.stringify(option)) === index,
  );
  // A structure in a list's place is a list, whatever is inside it.
  const anyOf = distinct.map((option) =>
    Object.keys(option).length === 0 ? { type: "array" } : option,
  );
  return anyOf.length === 1 ? (anyOf[0] ?? {}) : { anyOf };
}

function named(pattern: RegExp | undefined): JsonObject {
  return pattern ? { propertyNames: { pattern: pattern.source } } : {};
}
