/** Whether a value fits a JSON schema, in words: each place that does not, with the reason. Changes nothing. */
import { type Schema, Validator } from "@cfworker/json-schema";
import type { Json, JsonObject } from "../../util/json.ts";

/** Empty when it fits (draft 2020-12). `whole` is what the value itself is called: "the answer". */
export function schemaProblems(value: Json, schema: JsonObject, whole: string): readonly string[] {
  try {
    // The validator names every level on the way; the deepest ones say what is wrong.
    const result = new Validator(schema as Schema, "2020-12", false).validate(value);
    if (result.valid) return [];
    const leaves = result.errors.filter(
      (error) =>
        !result.errors.some(
          (other) =>
            other !== error && other.keywordLocation.startsWith(`${error.keywordLocation}/`),
        ),
    );
    return [
      ...new Set(
        leaves.map((error) => `${place(error.instanceLocation, whole)}: ${lower(error.error)}`),
      ),
    ];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return [`the schema itself cannot be used (${reason})`];
  }
}

function place(location: string, whole: string): string {
  const path = location.replace(/^#\/?/, "").replaceAll("/", ".");
  return path === "" ? whole : path;
}

function lower(message: string): string {
  return message.replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
