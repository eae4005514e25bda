/**
 * A server on loopback that stands for every vendor's model: Anthropic's Messages, OpenAI's Responses and Chat Completions,
 * all streaming, with answers from a list. The real agents' programs talk to it.
 */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { isList, isObject, type JsonObject, parsedJson } from "../../src/util/json.ts";
import { json, openLoopback } from "../http/loopback.ts";
import { messagesStream } from "./messagesStream.ts";
import { type ModelTurn, type Protocol, type StreamedTurn, TOKENS } from "./modelTurn.ts";
import { chatStream, responsesStream } from "./openaiStreams.ts";

export interface ModelRequest {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: JsonObject;
}

export interface ModelServer {
  /** For ANTHROPIC_BASE_URL; OpenAI's protocols are under `/v1` of it. */
  readonly url: string;
  /** The requests for turns so far. */
  readonly requests: readonly ModelRequest[];
  /** Resolves once the request with this number (from one) has come. */
  readonly asked: (number: number) => Promise<ModelRequest>;
  readonly stop: () => Promise<void>;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  "/v1/messages": messagesStream,
  "/v1/chat/completions": chatStream,
  "/v1/responses": responsesStream,
};

/**
 * Starts on a free port. The last turn answers all further requests. What agents ask besides, without tools, such as a
 * title for the session, is no turn.
 */
export async function startModelServer(turns: readonly ModelTurn[]): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const waiting: { readonly number: number; readonly tell: (request: ModelRequest) => void }[] = [];
  const server = await openLoopback(({ method, url, headers, body: text }, response) => {
    const value = parsedJson(text);
    const body = isObject(value) ? value : {};
    const path = url.split("?")[0] ?? "";
    if (path.endsWith("/count_tokens")) return json(response, { input_tokens: TOKENS.input });
    const protocol = PROTOCOLS[path];
    if (method !== "POST" || protocol === undefined) return json(response, {}, 404);
    if (!isTurn(body)) return stream(response, protocol, { text: "A title" }, body);
    const key = header(headers, "x-api-key") ?? header(headers, "authorization");
    const asked = { path, key, body };
    requests.push(asked);
    const number = requests.length;
    const turn = turns[Math.min(number, turns.length) - 1] ?? { text: "" };
    if ("status" in turn) {
      const { status, error: type, message } = turn;
      json(response, { type: "error", error: { type, message } }, status);
    } else stream(response, protocol, turn, body);
    for (const { tell } of waiting.filter((one) => one.number === number)) tell(asked);
  });
  return {
    url: server.origin,
    requests,
    asked: (number) =>
      new Promise((resolve) => {
        const already = requests[number - 1];
        if (already === undefined) waiting.push({ number, tell: resolve });
        else resolve(already);
      }),
    stop: server.close,
  };
}

/** The text of the last message of a request: what the program sent this time. */
export function lastMessage(request: ModelRequest | undefined): string {
  const messages = request?.body.messages ?? request?.body.input;
  return isList(messages) ? JSON.stringify(messages.at(-1) ?? null) : "";
}

function isTurn({ tools }: JsonObject): boolean {
  return isList(tools) && tools.length > 0;
}

function stream(
  response: ServerResponse,
  protocol: Protocol,
  turn: StreamedTurn,
  body: JsonObject,
): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (event: string | undefined, data: JsonObject | "[DONE]"): void => {
    const name = event === undefined ? "" : `event: ${event}\n`;
    response.write(`${name}data: ${data === "[DONE]" ? data : JSON.stringify(data)}\n\n`);
  };
  protocol(send, turn, body);
  if ("cut" in turn) response.destroy();
  else if (!("hang" in turn)) response.end();
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}
