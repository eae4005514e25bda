/**
 * A fake endpoint on loopback that speaks OpenAI's chat completions with streaming, its answers from a list.
 * Protocol: https://platform.openai.com/docs/api-reference/chat-streaming
 */
import type { ServerResponse } from "node:http";
import type { JsonObject } from "../../src/util/json.ts";
import { json, openLoopback } from "../http/loopback.ts";

/** One answer of the model, in order of the requests; the last one answers all further requests. */
export type CompletionTurn =
  | {
      readonly text: string;
      readonly reasoning?: string;
      readonly end?: "stop" | "length" | "content_filter";
      /** Counts no tokens, as many servers do. */
      readonly uncounted?: true;
      /** One JSON body in place of a stream. */
      readonly whole?: true;
    }
  | { readonly refusal: string }
  /** Says this much, and stays open until the client leaves. */
  | { readonly hang: string }
  /** Says this much, and the connection breaks. */
  | { readonly cut: string }
  /** Says this much, and the stream ends as if it were done. */
  | { readonly ends: string }
  | { readonly says: string; readonly error: string }
  | { readonly status: number; readonly message: string };

export interface CompletionRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: JsonObject;
}

export interface FakeEndpoint {
  /** With `/v1`. */
  readonly url: string;
  readonly requests: readonly CompletionRequest[];
  /** Resolves with the first request. */
  readonly asked: Promise<void>;
  /** Resolves when a client has left an answer. */
  readonly left: Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface EndpointOptions {
  readonly turns?: readonly CompletionTurn[];
  /** Only this key is accepted. */
  readonly key?: string;
  /** Refuses `response_format`, as servers without grammars do. */
  readonly withoutSchemas?: true;
  /** What its list of models names. */
  readonly models?: readonly string[];
}

/** Starts on a free port. */
export async function startFakeEndpoint(options: EndpointOptions = {}): Promise<FakeEndpoint> {
  const { turns = [{ text: "Hello." }], key, withoutSchemas, models = [] } = options;
  const requests: CompletionRequest[] = [];
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  let answers = 0;
  const server = await openLoopback(({ url, headers: sent, body: text }, response) => {
    const { authorization } = sent;
    if (key !== undefined && authorization !== `Bearer ${key}`)
      return refuse(response, 401, "Incorrect API key provided");
    if (url === "/v1/models")
      return json(response, { object: "list", data: models.map((id) => ({ id })) });
    if (url !== "/v1/chat/completions") return refuse(response, 404, "Unknown URL");
    const body: JsonObject = JSON.parse(text);
    const headers = { authorization, "x-team": String(sent["x-team"] ?? "") };
    requests.push({ headers, body });
    asked.resolve();
    if (withoutSchemas && body.response_format !== undefined)
      return refuse(response, 400, "response_format json_schema is not supported");
    response.on("close", () => left.resolve());
    answers += 1;
    answer(response, body, turns[Math.min(answers, turns.length) - 1] ?? { text: "" });
  });
  return {
    url: `${server.origin}/v1`,
    requests,
    asked: asked.promise,
    left: left.promise,
    stop: server.close,
  };
}

function answer(response: ServerResponse, request: JsonObject, turn: CompletionTurn): void {
  if ("status" in turn) return refuse(response, turn.status, turn.message);
  const head = { id: "chatcmpl-1", created: 1, model: `${String(request.model)}-2026` };
  if ("text" in turn && turn.whole) {
    const message = { role: "assistant", content: turn.text };
    const choices = [{ index: 0, message, finish_reason: turn.end ?? "stop" }];
    return json(response, {
      ...head,
      object: "chat.completion",
      choices,
      usage: usageOf(turn.text),
    });
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (part: JsonObject) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...part })}\n\n`,
    );
  const delta = (said: JsonObject, finish_reason: string | null = null) =>
    send({ choices: [{ index: 0, delta: said, finish_reason }] });
  delta({ role: "assistant", content: "" });
  if ("hang" in turn) return void delta({ content: turn.hang });
  if ("cut" in turn) {
    delta({ content: turn.cut });
    setImmediate(() => response.destroy());
    return;
  }
  if ("ends" in turn) {
    delta({ content: turn.ends });
    response.end();
    return;
  }
  if ("error" in turn) {
    delta({ content: turn.says });
    send({ error: { message: turn.error, code: 500 } });
    response.end();
    return;
  }
  if ("refusal" in turn) delta({ refusal: turn.refusal });
  else {
    if (turn.reasoning !== undefined) delta({ reasoning_content: turn.reasoning });
    for (let from = 0; from < turn.text.length; from += 5)
      delta({ content: turn.text.slice(from, from + 5) });
  }
  delta({}, "end" in turn ? (turn.end ?? "stop") : "stop");
  if ("text" in turn && !turn.uncounted) send({ choices: [], usage: usageOf(turn.text) });
  response.end("data: [DONE]\n\n");
}

function usageOf(text: string): JsonObject {
  const completion_tokens = Math.ceil(text.length / 4);
  return { prompt_tokens: 11, completion_tokens, total_tokens: 11 + completion_tokens };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  json(response, { error: { message, type: "invalid_request_error" } }, status);
}
