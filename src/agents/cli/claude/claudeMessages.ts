/**
 * What the claude program prints with `--output-format stream-json`: one JSON message a line.
 * Owns reading the fields that matter out of untrusted JSON. Decides nothing.
 * Protocol: the message types of the vendor's CLI, as printed by its version 2.1.
 */
import { isList, isObject, type Json, type JsonObject, parsedJson } from "../../../util/json.ts";

export type ClaudeMessage =
  | { readonly type: "init"; readonly session: string; readonly model: string }
  | { readonly type: "retry"; readonly attempt: number; readonly reason: string }
  | {
      readonly type: "assistant";
      readonly blocks: readonly ClaudeBlock[];
      /** The vendor's own kind of failure, e.g. `authentication_failed`. */
      readonly error?: string;
    }
  | { readonly type: "results"; readonly results: readonly ToolResult[] }
  | ClaudeResult
  | ClaudeAsk
  /** It does not want to know any more what it asked. */
  | { readonly type: "withdrawn"; readonly id: string }
  | { readonly type: "other" };

/** It asks whether it may use a tool. */
export interface ClaudeAsk {
  readonly type: "ask";
  /** Names the question in the answer. */
  readonly id: string;
  readonly tool: string;
  readonly input: JsonObject;
  /** Why it has to ask, in its own words; may be empty. */
  readonly reason: string;
  /** What would keep it from asking for the like again; empty when nothing may. */
  readonly lasting: readonly JsonObject[];
}

/** What it is told when it asks: to go on, or not to and why; `stop` ends its turn. */
export type ClaudeReply =
  | { readonly allow: true; readonly lasting: readonly JsonObject[] }
  | { readonly allow: false; readonly why: string; readonly stop: boolean };

/** A prompt as a line of its input. */
export function userMessage(text: string): string {
  const message = { role: "user", content: [{ type: "text", text }] };
  const line = { type: "user", session_id: "", message, parent_tool_use_id: null };
  return `${JSON.stringify(line)}\n`;
}

/** An answer to what it asks, as a line of its input. */
export function replyLine({ id, input }: ClaudeAsk, reply: ClaudeReply): string {
  const response = reply.allow
    ? { behavior: "allow", updatedInput: input, ...lastingRules(reply.lasting) }
    : { behavior: "deny", message: reply.why, interrupt: reply.stop };
  const body = { subtype: "success", request_id: id, response };
  return JSON.stringify({ type: "control_response", response: body });
}

/** For this session only: no answer of Fermata's is written into the person's own settings. */
function lastingRules(lasting: readonly JsonObject[]): JsonObject {
  if (lasting.length === 0) return {};
  return { updatedPermissions: lasting.map((rule) => ({ ...rule, destination: "session" })) };
}

export type ClaudeBlock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "thought"; readonly text: string }
  | {
      readonly kind: "tool";
      readonly id: string;
      readonly name: string;
      readonly input: JsonObject;
    };

export interface ToolResult {
  readonly id: string;
  readonly text: string;
  readonly isError: boolean;
}

export interface ClaudeResult {
  readonly type: "result";
  /** `success` or the kind of failure. */
  readonly subtype: string;
  readonly isError: boolean;
  readonly text: string;
  readonly errors: readonly string[];
  /** HTTP status of the API's refusal. */
  readonly apiStatus?: number;
  readonly structured?: Json;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd?: number;
  /** Names of the tools for which permission was refused. */
  readonly denied: readonly string[];
}

/** One line of output; undefined when it is no JSON object. */
export function readClaudeMessage(line: string): ClaudeMessage | undefined {
  const value = parsedJson(line);
  if (!isObject(value)) return undefined;
  switch (value.type) {
    case "system":
      return systemMessage(value);
    case "assistant":
      return assistantMessage(value);
    case "user":
      return { type: "results", results: contentOf(value).flatMap(toolResult) };
    case "result":
      return resultMessage(value);
    case "control_request":
      return askMessage(value);
    case "control_cancel_request":
      return { type: "withdrawn", id: text(value.request_id) };
    default:
      return { type: "other" };
  }
}

function systemMessage(value: JsonObject): ClaudeMessage {
  if (value.subtype === "init") {
    return { type: "init", session: text(value.session_id), model: text(value.model) };
  }
  if (value.subtype !== "api_retry") return { type: "other" };
  const reason = value.error_status === null ? text(value.error) : String(value.error_status ?? "");
  return { type: "retry", attempt: number(value.attempt), reason };
}

function askMessage(value: JsonObject): ClaudeMessage {
  const request = isObject(value.request) ? value.request : {};
  if (request.subtype !== "can_use_tool") return { type: "other" };
  const { permission_suggestions: suggested, suppress_always_allow_rule: once } = request;
  return {
    type: "ask",
    id: text(value.request_id),
    tool: text(request.tool_name),
    input: isObject(request.input) ? request.input : {},
    reason: text(request.decision_reason),
    lasting: isList(suggested) && once !== true ? suggested.filter(isObject) : [],
  };
}

function assistantMessage(value: JsonObject): ClaudeMessage {
  const blocks = contentOf(value).flatMap(block);
  return typeof value.error === "string"
    ? { type: "assistant", blocks, error: value.error }
    : { type: "assistant", blocks };
}

function resultMessage(value: JsonObject): ClaudeResult {
  const usage = isObject(value.usage) ? value.usage : {};
  const cached = number(usage.cache_creation_input_tokens) + number(usage.cache_read_input_tokens);
  const { structured_output: structured, total_cost_usd: cost, api_error_status: status } = value;
  return {
    type: "result",
    subtype: text(value.subtype),
    isError: value.is_error === true || value.subtype !== "success",
    text: text(value.result),
    errors: isList(value.errors) ? value.errors.map(text).filter((error) => error !== "") : [],
    inputTokens: number(usage.input_tokens) + cached,
    outputTokens: number(usage.output_tokens),
    denied: deniedTools(value.permission_denials),
    ...(typeof status === "number" ? { apiStatus: status } : {}),
    ...(structured === undefined || structured === null ? {} : { structured }),
    ...(typeof cost === "number" ? { costUsd: cost } : {}),
  };
}

function deniedTools(value: Json | undefined): string[] {
  if (!isList(value)) return [];
  return [...new Set(value.flatMap((item) => (isObject(item) ? [text(item.tool_name)] : [])))];
}

function contentOf(value: JsonObject): readonly Json[] {
  const message = isObject(value.message) ? value.message : {};
  if (typeof message.content === "string") return [{ type: "text", text: message.content }];
  return isList(message.content) ? message.content : [];
}

function block(value: Json): ClaudeBlock[] {
  if (!isObject(value)) return [];
  switch (value.type) {
    case "text":
      return [{ kind: "text", text: text(value.text) }];
    case "thinking":
      return [{ kind: "thought", text: text(value.thinking) }];
    case "tool_use":
      return [
        {
          kind: "tool",
          id: text(value.id),
          name: text(value.name),
          input: isObject(value.input) ? value.input : {},
        },
      ];
    default:
      return [];
  }
}

function toolResult(value: Json): ToolResult[] {
  if (!isObject(value) || value.type !== "tool_result") return [];
  const content = isList(value.content)
    ? value.content.map((part) => (isObject(part) ? text(part.text) : "")).join("\n")
    : text(value.content);
  return [{ id: text(value.tool_use_id), text: content, isError: value.is_error === true }];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function number(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
