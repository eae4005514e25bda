/**
 * A fake Ollama on loopback: it speaks the real protocol (https://github.com/ollama/ollama/blob/main/docs/api.md), its
 * answers come from a list, and it cuts prompts as the real one does: without a word, to half a window.
 */
import type { ServerResponse } from "node:http";
import { isObject, type Json, type JsonObject, parsedJson } from "../../src/util/json.ts";
import { json, openLoopback } from "../http/loopback.ts";

/** One answer of the model, in order of the requests; the last one answers all further requests. */
export type OllamaTurn =
  | {
      readonly text: string;
      readonly thinking?: string;
      readonly cutAt?: number;
      readonly uncounted?: true;
    }
  /** Says this much, and stays open until the client leaves. */
  | { readonly hang: string }
  /** Says this much, and the connection breaks. */
  | { readonly cut: string }
  /** Says this much, and then that it failed. */
  | { readonly says: string; readonly error: string };

export interface FakeOllama {
  readonly url: string;
  /** The bodies of the chat requests so far. */
  readonly chats: readonly JsonObject[];
  /** Resolves with the first chat. */
  readonly asked: Promise<void>;
  /** Resolves when a client has left a hanging answer. */
  readonly left: Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface OllamaOptions {
  readonly models?: readonly string[];
  readonly turns?: readonly OllamaTurn[];
  /** What the models were made for, in tokens. */
  readonly contextLength?: number;
  /** A version that knows `truncate: false` and refuses a prompt that does not fit. */
  readonly strict?: boolean;
}

/** Starts on a free port. A token of this model is four characters. */
export async function startFakeOllama(options: OllamaOptions = {}): Promise<FakeOllama> {
  const {
    models = ["tiny:latest"],
    turns = [{ text: "Hello." }],
    contextLength = 32_768,
  } = options;
  const chats: JsonObject[] = [];
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const has = (name: Json | undefined) =>
    models.some((model) => model === name || model === `${String(name)}:latest`);
  const server = await openLoopback(({ url, body: text }, response) => {
    const body = text === "" ? {} : parsedJson(text);
    if (!isObject(body)) return json(response, { error: "invalid request" }, 400);
    if (url === "/api/tags") {
      return json(response, { models: models.map((name) => ({ name, model: name })) });
    }
    if (!has(body.model)) {
      return json(response, { error: `model '${String(body.model)}' not found` }, 404);
    }
    if (url === "/api/show") {
      const model_info = { "general.architecture": "tiny", "tiny.context_length": contextLength };
      return json(response, { model_info, capabilities: ["completion"] });
    }
    if (url !== "/api/chat") return json(response, { error: "not found" }, 404);
    chats.push(body);
    asked.resolve();
    const turn = turns[Math.min(chats.length, turns.length) - 1] ?? { text: "" };
    const counted = countPrompt(body, options.strict === true);
    if (typeof counted === "string") return json(response, { error: counted }, 400);
    response.on("close", () => left.resolve());
    answer(response, String(body.model), turn, counted);
  });
  return {
    url: server.origin,
    chats,
    asked: asked.promise,
    left: left.promise,
    stop: server.close,
  };
}

/** The tokens that the model reads, or why it reads none. */
function countPrompt(body: JsonObject, strict: boolean): number | string {
  const window = isObject(body.options) ? Number(body.options.num_ctx ?? 4096) : 4096;
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const characters = messages.reduce((sum: number, each: Json) => {
    return sum + (isObject(each) && typeof each.content === "string" ? each.content.length : 0);
  }, 0);
  const tokens = Math.ceil(characters / 4);
  if (tokens <= window) return tokens;
  if (strict && body.truncate === false) {
    return `the input length exceeds the context length (${tokens} > ${window})`;
  }
  return Math.floor(window / 2) + 2;
}

function answer(response: ServerResponse, model: string, turn: OllamaTurn, counted: number): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const say = (part: JsonObject) => response.write(`${JSON.stringify({ model, ...part })}\n`);
  const piece = (content: string) => say({ message: { role: "assistant", content }, done: false });
  if ("hang" in turn) return void piece(turn.hang);
  if ("cut" in turn) {
    piece(turn.cut);
    setImmediate(() => response.destroy());
    return;
  }
  if ("error" in turn) {
    piece(turn.says);
    response.end(`${JSON.stringify({ error: turn.error })}\n`);
    return;
  }
  if (turn.thinking !== undefined) {
    const message = { role: "assistant", content: "", thinking: turn.thinking };
    say({ message, done: false });
  }
  const text = turn.cutAt === undefined ? turn.text : turn.text.slice(0, turn.cutAt);
  for (let from = 0; from < text.length; from += 7) piece(text.slice(from, from + 7));
  const end = { message: { role: "assistant", content: "" }, done: true };
  const done_reason = turn.cutAt === undefined ? "stop" : "length";
  const counts = { prompt_eval_count: counted, eval_count: Math.ceil(text.length / 4) };
  say({ ...end, done_reason, ...(turn.uncounted ? {} : counts) });
  response.end();
}
