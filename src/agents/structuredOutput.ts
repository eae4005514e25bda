/**
 * Turns an answer in words into the `data` that an output schema asks for.
 * Owns the words for what is wrong with one. Repairs nothing: the next attempt is told instead.
 */
import { type Failure, failure } from "../run/failure.ts";
import { schemaProblems } from "../run/gate/schemaProblems.ts";
import { findJson } from "../util/findJson.ts";
import type { Json, JsonObject } from "../util/json.ts";
import type { AgentPrompt } from "./agent.ts";

export type Structured =
  | { readonly ok: true; readonly data: Json }
  | { readonly ok: false; readonly failure: Failure };

const MAX_PROBLEMS = 5;
const SHOWN_CHARACTERS = 200;

/** What to add to a prompt so that the answer can be read: the schema and where to put the JSON. */
export function askForJson(schema: JsonObject): string {
  return [
    "Answer with one JSON value that fits this JSON Schema, in a ```json block, and nothing after it:",
    JSON.stringify(schema),
  ].join("\n");
}

/** A whole prompt in words, for agents that take nothing else; `system` goes before it. */
export function promptText(
  { instructions, correction, outputSchema }: AgentPrompt,
  system = "",
): string {
  return [
    ...(system === "" ? [] : [system]),
    instructions,
    ...(correction === undefined ? [] : [`Your last answer could not be used: ${correction}`]),
    ...(outputSchema === undefined ? [] : [askForJson(outputSchema)]),
  ].join("\n\n");
}

/**
 * Finds the JSON in a response (all of it, the last fenced block that parses, or the outermost braces or brackets) and
 * checks it. Fails with `invalid_output`; the message is fit to be the next attempt's correction.
 */
export function structuredOutput(response: string, schema: JsonObject): Structured {
  const found = findJson(response);
  if (found === undefined) {
    const start = response.trim().slice(0, SHOWN_CHARACTERS);
    const message =
      "The answer holds no JSON. Answer with one JSON value that fits the output schema.";
    return { ok: false, failure: failure("invalid_output", message, { answer_starts: start }) };
  }
  return checkOutput(found.value, schema);
}

/** Checks a value against the schema (draft 2020-12). Fails with `invalid_output` naming place and reason of each problem. */
export function checkOutput(data: Json, schema: JsonObject): Structured {
  const problems = schemaProblems(data, schema, "the answer");
  if (problems.length === 0) return { ok: true, data };
  const more = problems.length > MAX_PROBLEMS ? `; and ${problems.length - MAX_PROBLEMS} more` : "";
  const listed = problems.slice(0, MAX_PROBLEMS).join("; ");
  const message = `The answer does not fit the output schema: ${listed}${more}.`;
  return { ok: false, failure: failure("invalid_output", message, { problems: [...problems] }) };
}
