/**
 * What came of one `tools/call`, as the run sees it: a result, a reported failure, or "nobody knows".
 * Owns the line between "did not run" and "may have run"; must not know connections or who called.
 */
import { type Schema, Validator } from "@cfworker/json-schema";
import {
  type CallToolResult,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from "@modelcontextprotocol/client";
import { type FailureCode, failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import { STREAM_ENDED } from "./httpTransport.ts";

export interface CalledTool {
  readonly server: string;
  readonly tool: string;
  readonly outputSchema?: JsonObject;
}

/**
 * An answer of the server: its structured content, or `{content}` with the list of content blocks. An answer marked
 * as an error is a failure with its text; one against the tool's own output schema is `invalid_output`.
 */
export function answered(called: CalledTool, result: CallToolResult): ActivityOutcome {
  const content = jsonOf(result.content);
  if (result.isError === true) {
    const said = textOf(result) || "it gave no reason";
    const message = `The tool \`${nameOf(called)}\` reported an error: ${said.slice(0, 2000)}`;
    return { type: "failed", failure: failure("tool_error", message, { content }) };
  }
  if (result.structuredContent === undefined) return { type: "completed", result: { content } };
  const structured = jsonOf(result.structuredContent);
  const wrong = called.outputSchema && againstSchema(structured, called.outputSchema);
  if (wrong === undefined) return { type: "completed", result: structured };
  const message = `The tool \`${nameOf(called)}\` answered against its own output schema: ${wrong}. Report it to the server's author.`;
  return { type: "failed", failure: failure("invalid_output", message, structured) };
}

export interface BrokenCall extends CalledTool {
  readonly error: unknown;
  /** The run wanted the call to end. */
  readonly aborted: boolean;
  /** The run's time for it was over; with `aborted` it says why. */
  readonly late: boolean;
  /** What is known of the connection's end, as a sentence to append; empty when nothing is. */
  readonly evidence: string;
}

/** A call that got no answer. `unknown` unless it is certain that the tool did not run. */
export function unanswered(broken: BrokenCall): ActivityOutcome {
  const { error, aborted, late, evidence } = broken;
  const name = nameOf(broken);
  const unknown = (code: FailureCode, what: string): ActivityOutcome => ({
    type: "unknown",
    failure: failure(code, `${what}; whether \`${name}\` has run is not known.${evidence}`),
  });
  const failed = (code: FailureCode, message: string): ActivityOutcome => ({
    type: "failed",
    failure: failure(code, message + evidence),
  });
  if (late) return unknown("timeout", `No answer from \`${broken.server}\` in time`);
  if (aborted) return unknown("cancelled", "The call was cancelled");
  if (error instanceof ProtocolError) {
    if (error.code === STREAM_ENDED) return unknown("network", lost(broken));
    const code = error.code === INVALID_PARAMS ? "invalid_input" : "tool_error";
    return failed(code, `\`${broken.server}\` refused \`${broken.tool}\`: ${error.message}.`);
  }
  if (error instanceof SdkHttpError)
    return refusedByHttp(broken, error.status, { unknown, failed });
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return unknown("timeout", `No answer from \`${broken.server}\` in time`);
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.InvalidResult) {
    return failed("invalid_output", `\`${name}\` gave an answer that is no MCP result.`);
  }
  if (neverLeft(error)) {
    return failed(
      "network",
      `Could not reach \`${broken.server}\`: ${reasonOf(error)}. Is it running?`,
    );
  }
  return unknown("network", lost(broken));
}

const INVALID_PARAMS = -32602;

interface Verdicts {
  readonly unknown: (code: FailureCode, what: string) => ActivityOutcome;
  readonly failed: (code: FailureCode, message: string) => ActivityOutcome;
}

function refusedByHttp(
  broken: BrokenCall,
  status: number,
  { unknown, failed }: Verdicts,
): ActivityOutcome {
  const { server } = broken;
  if (status === 401 || status === 403) {
    const message = `\`${server}\` wants authorization (HTTP ${status}). Set its \`headers\` in the MCP configuration.`;
    return failed("tool_unavailable", message);
  }
  if (status === 404) {
    return failed(
      "network",
      `\`${server}\` no longer knows this session (HTTP 404); the next try opens a new one.`,
    );
  }
  if (status === 429 || status === 503)
    return failed("network", `\`${server}\` is busy (HTTP ${status}).`);
  if (status >= 500) return unknown("network", `\`${server}\` answered with HTTP ${status}`);
  return failed("tool_error", `\`${server}\` refused the call (HTTP ${status}).`);
}

/** Connection errors that come before a byte of the request was taken. */
const NOT_SENT = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

function neverLeft(error: unknown): boolean {
  if (error instanceof SdkError) return error.code === SdkErrorCode.NotConnected;
  return NOT_SENT.includes(systemCode(error) ?? "");
}

/** The system's code of an error or of what caused it. */
export function systemCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (
      "code" in cause &&
      typeof cause.code === "string" &&
      /^(?:E[A-Z\d]+|UND_\w+)$/.test(cause.code)
    )
      return cause.code;
    if (cause instanceof AggregateError && cause.errors.length > 0)
      return systemCode(cause.errors[0]);
  }
  return undefined;
}

/** One line on why a connection failed. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code !== undefined) return code;
  return error instanceof Error ? error.message : String(error);
}

function lost({ server }: BrokenCall): string {
  return `The connection to \`${server}\` was lost before the answer came`;
}

function againstSchema(value: Json, schema: JsonObject): string | undefined {
  try {
    const { valid, errors } = new Validator(schema as Schema, "2020-12", false).validate(value);
    return valid ? undefined : (errors.at(-1)?.error ?? "it does not fit");
  } catch {
    return undefined;
  }
}

function textOf(result: CallToolResult): string {
  return result.content
    .map((block) => (block.type === "text" ? block.text : ""))
    .join("\n")
    .trim();
}

function nameOf({ server, tool }: CalledTool): string {
  return `${server}.${tool}`;
}

/** What came off the wire is JSON already; this drops what only JavaScript knows (undefined members). */
function jsonOf(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}
