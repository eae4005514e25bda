/**
 * OpenAI's two protocols as streams: Chat Completions and Responses
 * (https://platform.openai.com/docs/api-reference, the objects and events of their streams).
 */
import type { Json, JsonObject } from "../../src/util/json.ts";
import { type Protocol, TOKENS } from "./modelTurn.ts";

export const chatStream: Protocol = (send, turn, request) => {
  const chunk = (delta: JsonObject, finish: string | null = null): void =>
    send(undefined, {
      id: "chatcmpl_test",
      object: "chat.completion.chunk",
      created: 0,
      model: request.model ?? "test",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  chunk({ role: "assistant", content: "" });
  if ("tool" in turn) {
    const name = { name: turn.tool, arguments: JSON.stringify(turn.input) };
    chunk({ tool_calls: [{ index: 0, id: callId(), type: "function", function: name }] });
  } else chunk({ content: textOf(turn) });
  if ("hang" in turn || "cut" in turn) return;
  chunk({}, "tool" in turn ? "tool_calls" : "stop");
  send(undefined, {
    id: "chatcmpl_test",
    object: "chat.completion.chunk",
    created: 0,
    model: request.model ?? "test",
    choices: [],
    usage: {
      prompt_tokens: TOKENS.input,
      completion_tokens: TOKENS.output,
      total_tokens: TOKENS.input + TOKENS.output,
    },
  });
  send(undefined, "[DONE]");
};

export const responsesStream: Protocol = (sendEvent, turn, request) => {
  let sequence = 0;
  const send = (type: string, data: JsonObject): void => {
    sendEvent(type, { type, sequence_number: sequence, ...data });
    sequence += 1;
  };
  const response = (status: string, output: readonly Json[], usage: Json): JsonObject => ({
    id: "resp_test",
    object: "response",
    created_at: 0,
    status,
    model: request.model ?? "test",
    output: [...output],
    usage,
  });
  send("response.created", { response: response("in_progress", [], null) });
  const item = itemOf(turn, "in_progress");
  send("response.output_item.added", { output_index: 0, item });
  if (!("tool" in turn)) {
    const place = { item_id: "msg_test", output_index: 0, content_index: 0 };
    send("response.content_part.added", {
      ...place,
      part: { type: "output_text", text: "", annotations: [] },
    });
    send("response.output_text.delta", { ...place, delta: textOf(turn) });
    if ("hang" in turn || "cut" in turn) return;
    send("response.output_text.done", { ...place, text: textOf(turn) });
  }
  const done = itemOf(turn, "completed");
  send("response.output_item.done", { output_index: 0, item: done });
  const usage = {
    input_tokens: TOKENS.input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: TOKENS.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: TOKENS.input + TOKENS.output,
  };
  send("response.completed", { response: response("completed", [done], usage) });
};

type Turn = Parameters<Protocol>[1];

function itemOf(turn: Turn, status: string): JsonObject {
  if ("tool" in turn) {
    const { tool: name, input } = turn;
    const call = { id: "fc_test", call_id: callId(), name, status };
    return {
      type: "function_call",
      ...call,
      arguments: status === "completed" ? JSON.stringify(input) : "",
    };
  }
  const text = { type: "output_text", text: textOf(turn), annotations: [] };
  return {
    type: "message",
    id: "msg_test",
    role: "assistant",
    status,
    content: status === "completed" ? [text] : [],
  };
}

let calls = 0;

function callId(): string {
  calls += 1;
  return `call_test_${calls}`;
}

function textOf(turn: Turn): string {
  if ("text" in turn) return turn.text;
  if ("hang" in turn) return turn.hang;
  return "cut" in turn ? turn.cut : "";
}
