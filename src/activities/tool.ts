/**
 * Performs an `mcp_call`: checks the parameters against the tool's own schema, then calls it once. Never retries.
 * Owns that check and its words; must not know where a tool lives.
 */
import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import type { Activity } from "../engine/activity.ts";
import type { ToolServers } from "../mcp/toolServer.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { ToolRequest } from "../run/request.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { closest } from "../workflow/closest.ts";

export interface ToolDependencies {
  readonly servers: Pick<ToolServers, "describe" | "call">;
}

/**
 * Completes with the tool's structured content, or {content}. Fails with `tool_unavailable` (no such tool, or its
 * server does not start), `invalid_input` (parameters), `tool_error` (the tool said so). Unknown when the call was
 * sent and no answer came.
 */
export function createToolActivity({ servers }: ToolDependencies): Activity<ToolRequest> {
  return async ({ tool, parameters }, { signal, attempt, output, progress }) => {
    progress(`calling ${tool}`);
    const described = await servers.describe(tool, signal);
    if (described.type === "failed") return described;
    const wrong = checkParameters(tool, parameters, described.info.inputSchema);
    if (wrong !== undefined) return { type: "failed", failure: wrong };
    output({ kind: "tool_call", text: `${tool} ${clip(parameters)}` });
    const outcome = await servers.call(tool, { parameters, key: attempt.key, signal, progress });
    const told = outcome.type === "completed" ? clip(outcome.result) : outcome.failure.message;
    output({ kind: "tool_result", text: told });
    return outcome;
  };
}

export interface ParameterProblem {
  /** Dotted path from the parameters' top. */
  readonly field: string;
  /** Goes on after the field: "is missing." */
  readonly problem: string;
}

/** Why parameters do not fit a tool's schema, naming the first field; undefined when they do, or nobody can tell. */
export function checkParameters(
  tool: string,
  parameters: JsonObject,
  schema: JsonObject,
): Failure | undefined {
  const explained = parameterProblem(parameters, schema);
  if (!explained) return undefined;
  const { field, problem } = explained;
  const where = field === "" ? "" : ` \`${field}\``;
  const message = `The parameters of \`${tool}\` do not fit:${where} ${problem} Correct the step's \`parameters\`.`;
  return failure("invalid_input", message, { field, parameters });
}

/** The first thing about parameters that their schema does not allow; undefined when they fit, or nobody can tell. */
export function parameterProblem(
  parameters: JsonObject,
  schema: JsonObject,
): ParameterProblem | undefined {
  let errors: readonly OutputUnit[];
  try {
    const result = new Validator(schema as Schema, draftOf(schema), false).validate(parameters);
    if (result.valid) return undefined;
    errors = result.errors;
  } catch {
    // A schema that cannot be read is the server's affair; it will judge the parameters itself.
    return undefined;
  }
  const [first] = errors.filter((error) => error.keyword !== "$ref" && !isSummary(error, errors));
  return explain(first ?? errors[0], schema);
}

const TRANSCRIPT_CHARACTERS = 4000;

function clip(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= TRANSCRIPT_CHARACTERS ? text : `${text.slice(0, TRANSCRIPT_CHARACTERS)}…`;
}

function draftOf(schema: JsonObject) {
  const declared = typeof schema.$schema === "string" ? schema.$schema : "";
  if (/draft-0[467]/.test(declared)) return declared.includes("draft-04") ? "4" : "7";
  return declared.includes("2019-09") ? "2019-09" : "2020-12";
}

/** An error that only says that something below it is wrong. */
function isSummary(error: OutputUnit, all: readonly OutputUnit[]): boolean {
  if (error.keyword === "false") return all.length > 1;
  if (
    !["properties", "items", "prefixItems", "additionalProperties", "allOf"].includes(error.keyword)
  )
    return false;
  return all.some(
    (other) => other !== error && other.keywordLocation.startsWith(`${error.keywordLocation}/`),
  );
}

function explain(error: OutputUnit | undefined, schema: JsonObject): ParameterProblem {
  if (error === undefined) return { field: "", problem: "they are not what it takes." };
  const path = error.instanceLocation
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "");
  const named = /"([^"]*)"/.exec(error.error)?.[1];
  if (error.keyword === "required" && named !== undefined) {
    return { field: [...path, named].join("."), problem: "is missing." };
  }
  if (error.keyword === "additionalProperties" && named !== undefined) {
    const field = [...path, named].join(".");
    const known =
      path.length === 0 && isObject(schema.properties) ? Object.keys(schema.properties) : [];
    const meant = closest(named, known);
    if (meant !== undefined) return { field, problem: `is not taken. Did you mean \`${meant}\`?` };
    const takes = known.length === 0 ? "" : ` It takes: ${known.join(", ")}.`;
    return { field, problem: `is not taken.${takes}` };
  }
  return { field: path.join("."), problem: `is wrong: ${error.error}` };
}
