/** Anthropic's Messages API as a stream: https://docs.anthropic.com/en/api/messages-streaming (event names and order). */
import type { Json, JsonObject } from "../../src/util/json.ts";
import { type Protocol, TOKENS } from "./modelTurn.ts";

export const messagesStream: Protocol = (sendEvent, turn, request) => {
  const send = (type: string, data: JsonObject): void => sendEvent(type, { type, ...data });
  const block = (content: Json, delta: Json): void => {
    send("content_block_start", { index: 0, content_block: content });
    send("content_block_delta", { index: 0, delta });
    send("content_block_stop", { index: 0 });
  };
  const end = (reason: string): void => {
    const usage = { output_tokens: TOKENS.output };
    send("message_delta", { delta: { stop_reason: reason, stop_sequence: null }, usage });
    send("message_stop", {});
  };
  send("message_start", { message: startOf(request) });
  if ("tool" in turn) {
    const id = `toolu_${Math.random().toString(36).slice(2)}`;
    const partial = { type: "input_json_delta", partial_json: JSON.stringify(turn.input) };
    block({ type: "tool_use", id, name: turn.tool, input: {} }, partial);
    return end("tool_use");
  }
  const text = "text" in turn ? turn.text : "hang" in turn ? turn.hang : turn.cut;
  const delta = { type: "text_delta", text };
  if ("text" in turn) {
    block({ type: "text", text: "" }, delta);
    return end("end_turn");
  }
  send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  send("content_block_delta", { index: 0, delta });
};

function startOf(request: JsonObject): JsonObject {
  return {
    id: "msg_test",
    type: "message",
    role: "assistant",
    model: request.model ?? "test",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: TOKENS.input, output_tokens: 1 },
  };
}
