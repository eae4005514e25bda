/**
 * A step's output schema in the form that chat completions take it.
 * Owns the vendor's two conditions: the root is an object, and `strict` only for schemas that leave nothing open.
 */
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";

export interface NativeSchema {
  readonly format: JsonObject;
  /** The value is in the field `answer`. */
  readonly wrapped: boolean;
}

/** The `response_format` for a schema. https://platform.openai.com/docs/guides/structured-outputs */
export function nativeSchema(schema: JsonObject): NativeSchema {
  const wrapped = schema.type !== "object";
  const root: JsonObject = wrapped
    ? {
        type: "object",
        properties: { answer: schema },
        required: ["answer"],
        additionalProperties: false,
      }
    : schema;
  const json_schema = { name: "answer", schema: root, ...(isClosed(root) ? { strict: true } : {}) };
  return { format: { type: "json_schema", json_schema }, wrapped };
}

/** True when a vendor may hold every answer to the schema: an object that leaves nothing open. */
export function isStrict(schema: JsonObject): boolean {
  return schema.type === "object" && isClosed(schema);
}

/** Every object in it names all its fields, requires each and allows no other. */
function isClosed(schema: Json | undefined): boolean {
  if (!isObject(schema)) return true;
  const { properties, required, additionalProperties } = schema;
  if (schema.type === "object" || properties !== undefined) {
    if (!isObject(properties) || additionalProperties !== false || !isList(required)) return false;
    if (!Object.keys(properties).every((key) => required.includes(key))) return false;
    if (!Object.values(properties).every(isClosed)) return false;
  }
  const several = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) =>
    isList(list) ? list : [],
  );
  return isClosed(schema.items) && several.every(isClosed);
}
