/**
 * Reads one chat completion, streamed or whole. Owns the shapes of its parts; what they come to is the caller's.
 * Protocol: https://platform.openai.com/docs/api-reference/chat-streaming
 */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";
import { RefusedByServer, refusalIn } from "./modelFailure.ts";
import type { Stream } from "./modelPrompt.ts";

/** What a completion said besides its text. */
export interface Completion {
  readonly model?: string;
  /** `stop`, `length`, `content_filter` and whatever else an endpoint says. */
  readonly end?: string;
  readonly refusal?: string;
  /** Tokens, where the endpoint counted them. */
  readonly input?: number;
  readonly output?: number;
}

/** Reads a response to its end, writing its text into the stream. Throws `RefusedByServer` for an error in the middle. */
export async function readCompletion(response: Response, stream: Stream): Promise<Completion> {
  if (!isEventStream(response)) {
    const text = await response.text();
    return take({}, parse(text), stream);
  }
  let seen: Completion = {};
  let done = false;
  const events = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events ?? []) {
    if (data === "[DONE]") done = true;
    else seen = take(seen, parse(data), stream);
  }
  if (done || seen.end !== undefined) return seen;
  throw Object.assign(new Error("The stream ended before the answer did."), { code: "ECONNRESET" });
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.includes("text/event-stream") === true;
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, with the text itself.
  }
  throw new RefusedByServer(200, `it answered no chat completion, but ${refusalIn(text)}`);
}

/** A part of a stream has a `delta`, a whole answer a `message`; the last part may hold nothing but the usage. */
function take(seen: Completion, part: JsonObject, stream: Stream): Completion {
  if (part.error !== undefined && part.error !== null)
    throw new RefusedByServer(500, refusalIn(JSON.stringify(part)));
  const choice = isList(part.choices) ? part.choices[0] : undefined;
  const said = isObject(choice) ? (choice.delta ?? choice.message) : undefined;
  const refusal = isObject(said) ? textIn(said, "refusal") : "";
  if (isObject(said)) {
    stream.write("thought", textIn(said, "reasoning_content") || textIn(said, "reasoning"));
    stream.write("text", textIn(said, "content"));
  }
  const usage = isObject(part.usage) ? part.usage : {};
  const end = isObject(choice) ? choice.finish_reason : undefined;
  return {
    ...seen,
    ...(typeof part.model === "string" && part.model !== "" ? { model: part.model } : {}),
    ...(typeof end === "string" ? { end } : {}),
    ...(refusal === "" ? {} : { refusal: (seen.refusal ?? "") + refusal }),
    ...count("input", usage.prompt_tokens),
    ...count("output", usage.completion_tokens),
  };
}

function textIn(value: JsonObject, key: string): string {
  const text = value[key];
  return typeof text === "string" ? text : "";
}

function count(name: "input" | "output", value: Json | undefined) {
  return typeof value === "number" ? { [name]: value } : {};
}
