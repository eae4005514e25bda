/**
 * What the claude program prints with `--output-format stream-json`: one JSON message a line.
 * Owns reading the fields that matter out of untrusted JSON. Decides nothing.
 * Protocol: the message types of the vendor's CLI, as printed by its version 2.1.
 */
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";

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
  | { readonly type: "other" };

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
  const value = parse(line);
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
    default:
      return { type: "other" };
  }
}

function parse(line: string): Json | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
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
