/**
 * What the codex program prints with `exec --json`: one JSON event a line.
 * Owns reading the fields that matter out of untrusted JSON. Decides nothing.
 * Protocol: the thread events of the vendor's CLI, as printed by its version 0.171.
 */
import { isList, isObject, type Json, type JsonObject, parsedJson } from "../../../util/json.ts";

export type CodexEvent =
  | { readonly type: "session"; readonly session: string }
  | { readonly type: "asking" }
  | { readonly type: "item"; readonly completed: boolean; readonly item: CodexItem }
  | { readonly type: "done"; readonly inputTokens: number; readonly outputTokens: number }
  | { readonly type: "failed"; readonly message: string }
  /** What it says besides: often that it asks again. */
  | { readonly type: "trouble"; readonly message: string }
  | { readonly type: "other" };

/** One thing that it says or does; printed when it begins, and again when it has ended. */
export type CodexItem =
  | { readonly kind: "message" | "thought" | "note"; readonly text: string }
  | { readonly kind: "command"; readonly command: string; readonly output: string }
  | { readonly kind: "change"; readonly changes: readonly CodexChange[]; readonly done: boolean }
  | { readonly kind: "tool"; readonly name: string; readonly input: Json; readonly result: Json }
  | { readonly kind: "search"; readonly query: string }
  | { readonly kind: "plan"; readonly lines: readonly string[] };

export interface CodexChange {
  readonly path: string;
  /** `add`, `update` or `delete`. */
  readonly how: string;
}

/** One line of output; undefined when it is no JSON object. */
export function readCodexEvent(line: string): CodexEvent | undefined {
  const value = parsedJson(line);
  if (!isObject(value)) return undefined;
  switch (value.type) {
    case "thread.started":
      return { type: "session", session: text(value.thread_id) };
    case "turn.started":
      return { type: "asking" };
    case "item.started":
    case "item.updated":
    case "item.completed":
      return {
        type: "item",
        completed: value.type === "item.completed",
        item: itemOf(objectAt(value, "item")),
      };
    case "turn.completed": {
      const usage = objectAt(value, "usage");
      // Cached and reasoning tokens are parts of these two.
      const { input_tokens: input, output_tokens: output } = usage;
      return { type: "done", inputTokens: number(input), outputTokens: number(output) };
    }
    case "turn.failed":
      return { type: "failed", message: messageIn(objectAt(value, "error")) };
    case "error":
      return { type: "trouble", message: messageIn(value) };
    default:
      return { type: "other" };
  }
}

function itemOf(item: JsonObject): CodexItem {
  switch (item.type) {
    case "agent_message":
      return { kind: "message", text: text(item.text) };
    case "reasoning":
      return { kind: "thought", text: text(item.text) };
    case "error":
      return { kind: "note", text: messageIn(item) };
    case "command_execution":
      return {
        kind: "command",
        command: text(item.command),
        output: text(item.aggregated_output),
      };
    case "file_change":
      return {
        kind: "change",
        changes: objectsIn(item.changes).map(({ path, kind }) => ({
          path: text(path),
          how: text(kind),
        })),
        done: item.status === "completed",
      };
    case "web_search":
      return { kind: "search", query: text(item.query) };
    case "todo_list":
      return { kind: "plan", lines: objectsIn(item.items).map(planLine) };
    case "mcp_tool_call": {
      const { server, tool, arguments: input = null, result, error } = item;
      const name = `${text(server)} ${text(tool)}`.trim();
      return { kind: "tool", name, input, result: error ?? result ?? null };
    }
    default:
      return { kind: "tool", name: text(item.type) || "a tool", input: item, result: null };
  }
}

function planLine(entry: JsonObject): string {
  return `[${entry.completed === true ? "x" : " "}] ${text(entry.text)}`;
}

/** The message of an error, taken out of the API's own JSON where it is that. */
function messageIn(error: JsonObject): string {
  const message = text(error.message);
  const body = parsedJson(message);
  const inner = isObject(body) ? objectAt(body, "error") : {};
  return text(inner.message) || message;
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const inner = value[key];
  return isObject(inner) ? inner : {};
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function number(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
