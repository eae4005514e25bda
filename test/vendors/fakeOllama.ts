/**
 * A fake Ollama on loopback: it speaks the real protocol (https://github.com/ollama/ollama/blob/main/docs/api.md), its
 * answers come from a list, and it cuts prompts as the real one does: without a word, to half a window.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isObject, type Json, type JsonObject } from "../../src/util/json.ts";

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
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => {
      text += piece;
    });
    request.on("end", () => {
      const body: unknown = text === "" ? {} : JSON.parse(text);
      if (!isObject(body)) return json(response, 400, { error: "invalid request" });
      if (request.url === "/api/tags") {
        return json(response, 200, { models: models.map((name) => ({ name, model: name })) });
      }
      if (!has(body.model)) {
        return json(response, 404, { error: `model '${String(body.model)}' not found` });
      }
      if (request.url === "/api/show") {
        const model_info = { "general.architecture": "tiny", "tiny.context_length": contextLength };
        return json(response, 200, { model_info, capabilities: ["completion"] });
      }
      if (request.url !== "/api/chat") return json(response, 404, { error: "not found" });
      chats.push(body);
      asked.resolve();
      const turn = turns[Math.min(chats.length, turns.length) - 1] ?? { text: "" };
      const counted = countPrompt(body, options.strict === true);
      if (typeof counted === "string") return json(response, 400, { error: counted });
      response.on("close", () => left.resolve());
      answer(response, String(body.model), turn, counted);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    chats,
    asked: asked.promise,
    left: left.promise,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
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

function json(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
