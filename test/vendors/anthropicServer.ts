/**
 * A server on loopback that speaks Anthropic's Messages API, streaming, with answers from a list: the real claude
 * program talks to it. Protocol: https://docs.anthropic.com/en/api/messages-streaming (event names and order).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isList, isObject, type Json, type JsonObject } from "../../src/util/json.ts";

/** One answer of the model, in order of the requests. */
export type ModelTurn =
  | { readonly text: string }
  | { readonly tool: string; readonly input: JsonObject }
  /** The stream begins, says this much, and stays open until the client leaves or the server stops. */
  | { readonly hang: string }
  /** The stream begins and the connection is cut. */
  | { readonly cut: string }
  | { readonly status: number; readonly error: string; readonly message: string };

export interface ModelRequest {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: JsonObject;
}

export interface AnthropicServer {
  /** For ANTHROPIC_BASE_URL. */
  readonly url: string;
  /** The requests for messages so far. */
  readonly requests: readonly ModelRequest[];
  /** Resolves once the request with this number (from one) has come. */
  readonly asked: (number: number) => Promise<ModelRequest>;
  readonly stop: () => Promise<void>;
}

/** Input and output tokens that every answer reports. */
export const TOKENS = { input: 10, output: 20 } as const;

/** Starts on a free port. The last turn answers all further requests. */
export async function startAnthropicServer(turns: readonly ModelTurn[]): Promise<AnthropicServer> {
  const requests: ModelRequest[] = [];
  const waiting: { readonly number: number; readonly tell: (request: ModelRequest) => void }[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      if (path.endsWith("/count_tokens"))
        return json(response, 200, { input_tokens: TOKENS.input });
      if (request.method !== "POST" || path !== "/v1/messages") return json(response, 404, {});
      requests.push({ path, key: header(request, "x-api-key"), body });
      const number = requests.length;
      answer(response, body, turns[Math.min(number, turns.length) - 1] ?? { text: "" });
      for (const { tell } of waiting.filter((one) => one.number === number)) {
        tell(requests[number - 1] ?? { path, key: undefined, body });
      }
    });
  });
  const url = await listen(server);
  return {
    url,
    requests,
    asked: (number) =>
      new Promise((resolve) => {
        const already = requests[number - 1];
        if (already === undefined) waiting.push({ number, tell: resolve });
        else resolve(already);
      }),
    stop: () => close(server),
  };
}

/** The text of the last message of a request: what the program sent this time. */
export function lastMessage(request: ModelRequest | undefined): string {
  const messages = request?.body.messages;
  return isList(messages) ? JSON.stringify(messages.at(-1) ?? null) : "";
}

function answer(response: ServerResponse, request: JsonObject, turn: ModelTurn): void {
  if ("status" in turn) {
    json(response, turn.status, {
      type: "error",
      error: { type: turn.error, message: turn.message },
    });
    return;
  }
  const send = (name: string, data: JsonObject) => {
    response.write(`event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`);
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  send("message_start", { message: startOf(request) });
  if ("tool" in turn) {
    const id = `toolu_${Math.random().toString(36).slice(2)}`;
    const block = { type: "tool_use", id, name: turn.tool, input: {} };
    const delta = { type: "input_json_delta", partial_json: JSON.stringify(turn.input) };
    sendBlock(send, block, delta);
    end(response, send, "tool_use");
    return;
  }
  const said = "text" in turn ? turn.text : "hang" in turn ? turn.hang : turn.cut;
  const delta = { type: "text_delta", text: said };
  if ("text" in turn) {
    sendBlock(send, { type: "text", text: "" }, delta);
    end(response, send, "end_turn");
    return;
  }
  send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  send("content_block_delta", { index: 0, delta });
  if ("cut" in turn) response.destroy();
}

type Send = (name: string, data: JsonObject) => void;

function sendBlock(send: Send, block: Json, delta: Json): void {
  send("content_block_start", { index: 0, content_block: block });
  send("content_block_delta", { index: 0, delta });
  send("content_block_stop", { index: 0 });
}

function end(response: ServerResponse, send: Send, reason: string): void {
  send("message_delta", {
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: TOKENS.output },
  });
  send("message_stop", {});
  response.end();
}

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

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function json(response: ServerResponse, status: number, value: JsonObject): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
