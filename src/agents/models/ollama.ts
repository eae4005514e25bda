/**
 * A model of a local Ollama as an agent: one chat request a prompt, streamed.
 * Owns the size of the context window, the notice of a prompt that did not fit, and what goes wrong with a model.
 * Protocol: https://github.com/ollama/ollama/blob/main/docs/api.md, through the vendor's own client.
 */
import { type ChatResponse, Ollama } from "ollama";
import type { ActivityContext } from "../../engine/activity.ts";
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome, Usage } from "../../run/request.ts";
import { isObject } from "../../util/json.ts";
import { estimateTokens } from "../../util/shorten.ts";
import { numberOf, type Opening, textOf } from "../adapter.ts";
import type { Agent, AgentPrompt, AgentRecord } from "../agent.ts";
import { answered, failed } from "../answer.ts";
import {
  cutAnswer,
  emptyAnswer,
  failedRequest,
  patienceFor,
  RefusedByServer,
  refusalIn,
  type ServerWords,
} from "./modelFailure.ts";
import { type ModelMessage, messagesOf, openStream } from "./modelPrompt.ts";
import { fewestTokens, usageOf } from "./tokens.ts";

export const OLLAMA_URL = "http://127.0.0.1:11434";

/** Room for the answer where no setting says how long it may be, in tokens. */
const ANSWER_ROOM = 2048;
/** The smallest window that is asked for. Windows grow by doubling: each new size loads the model anew. */
const SMALLEST_WINDOW = 4096;
/** When a prompt does not fit, the server keeps half a window and a few tokens more. */
const HALF_WINDOW_SLACK = 32;

/** A client of a server that tells refusals apart from broken connections, and ends with the signal. */
export function ollamaClient(url: string, signal: AbortSignal): Ollama {
  return new Ollama({
    host: url,
    fetch: async (input, init) => {
      const given = init?.signal ?? undefined;
      const ends = given === undefined ? signal : AbortSignal.any([given, signal]);
      const response = await fetch(input, { ...init, signal: ends });
      if (response.ok) return response;
      throw new RefusedByServer(response.status, refusalIn(await response.text()));
    },
  });
}

/** How people find out what to do about a server that does not answer. */
export function ollamaWords(url: string): ServerWords {
  return { title: "Ollama", url, start: "start it with `ollama serve`." };
}

/** An agent over one model. It only writes text, so it may be asked again. */
export function createOllamaAgent({ definition, effects }: Opening): Agent {
  return {
    kind: "ollama",
    effects,
    prompt: (prompt, context) => ask(definition, prompt, context),
  };
}

async function ask(
  definition: AgentRecord,
  prompt: AgentPrompt,
  context: ActivityContext,
): Promise<ActivityOutcome> {
  const url = textOf(definition, "api_url") ?? OLLAMA_URL;
  const model = prompt.model ?? definition.model ?? "";
  const patience = patienceFor(numberOf(definition, "timeout"), context.signal);
  try {
    context.signal.throwIfAborted();
    const client = ollamaClient(url, patience.signal);
    const most = await contextLength(client, model);
    const messages = messagesOf(prompt, definition);
    const window = windowFor(messages, definition, most);
    const tooLong = window.tooLong;
    if (tooLong !== undefined) return failed(failure("limit_exceeded", tooLong));
    return await chat(client, { definition, prompt, context, messages, model, size: window.size });
  } catch (error) {
    if (error instanceof RefusedByServer && /model .*not found/.test(error.message)) {
      const message = `Ollama at ${url} has no model ${model}. Get it with \`ollama pull ${model}\`, or name another one in the agent's settings.`;
      return failed(failure("agent_unavailable", message, { model }));
    }
    if (error instanceof RefusedByServer && /context (length|window|size)/.test(error.message)) {
      const message = `The prompt does not fit into the context of ${model}: ${error.message} Raise \`num_ctx\` in the agent's settings, choose a model with a larger context, or ask with less.`;
      return failed(failure("limit_exceeded", message, { model }));
    }
    return failedRequest(error, ollamaWords(url), context.signal, patience);
  }
}

interface Chat {
  readonly definition: AgentRecord;
  readonly prompt: AgentPrompt;
  readonly context: ActivityContext;
  readonly messages: readonly ModelMessage[];
  readonly model: string;
  /** Of the context window, in tokens. */
  readonly size: number;
}

async function chat(client: Ollama, asked: Chat): Promise<ActivityOutcome> {
  const { definition, prompt, context, messages, model, size } = asked;
  const temperature = numberOf(definition, "temperature");
  const most = numberOf(definition, "max_tokens");
  context.progress(`asking ${model}`);
  // A server that knows them refuses a prompt that does not fit; an older one cuts it all the same.
  const strict = { truncate: false, shift: false };
  const answer = await client.chat({
    ...strict,
    model,
    messages: [...messages],
    stream: true,
    ...(prompt.outputSchema === undefined ? {} : { format: prompt.outputSchema }),
    options: {
      num_ctx: size,
      ...(temperature === undefined ? {} : { temperature }),
      ...(most === undefined ? {} : { num_predict: most }),
    },
  });
  const stream = openStream(context);
  let last: ChatResponse | undefined;
  for await (const part of partsOf(answer)) {
    stream.write("thought", part.message?.thinking ?? "");
    stream.write("text", part.message?.content ?? "");
    last = part;
  }
  stream.end();
  return outcomeOf(asked, stream.text, last);
}

/** The parts of an answer. What the server says went wrong in the middle is a refusal of its own. */
async function* partsOf(answer: AsyncIterable<ChatResponse>): AsyncGenerator<ChatResponse> {
  try {
    yield* answer;
  } catch (error) {
    const isServers = error instanceof Error && error.name === "Error" && !("code" in error);
    if (isServers && !error.message.startsWith("Did not receive"))
      throw new RefusedByServer(500, refusalIn(error.message));
    throw error;
  }
}

function outcomeOf(
  { prompt, messages, model, size }: Chat,
  text: string,
  last: Partial<ChatResponse> | undefined,
): ActivityOutcome {
  const asked = messages.map(({ content }) => content);
  const counted = { input: last?.prompt_eval_count, output: last?.eval_count };
  const usage: Usage = { ...usageOf(counted, asked, text), cost_usd: 0 };
  if (wasCut(asked, counted.input, size)) {
    const message = `Ollama read only ${counted.input} tokens of about ${estimateTokens(...asked)}: the prompt did not fit into a context of ${size} and its beginning was left out. Raise \`num_ctx\` in the agent's settings, or ask with less.`;
    return failed(failure("limit_exceeded", message, { model, num_ctx: size }), usage);
  }
  if (last?.done_reason === "length") {
    const raise = `\`max_tokens\` (and \`num_ctx\`, now ${size})`;
    return cutAnswer(model, usage, raise, { model, num_ctx: size });
  }
  if (text.trim() === "") return emptyAnswer(model, usage, { model });
  return answered(prompt, { response: text, agentUsed: `ollama ${model}`, usage });
}

/** Whether the server counted less than it was given: it never says so itself. */
function wasCut(asked: readonly string[], counted: number | undefined, size: number): boolean {
  // A server that had the prompt in its cache may not count it at all.
  if (counted === undefined || counted === 0) return false;
  const half = Math.floor(size / 2);
  const atHalf = counted >= half && counted <= half + HALF_WINDOW_SLACK;
  return counted < fewestTokens(...asked) || (atHalf && estimateTokens(...asked) > size * 0.8);
}

/** The window for a prompt, or why there can be none. */
function windowFor(
  messages: readonly ModelMessage[],
  definition: AgentRecord,
  most: number | undefined,
): { readonly size: number; readonly tooLong?: string } {
  const texts = messages.map(({ content }) => content);
  const room = numberOf(definition, "max_tokens") ?? ANSWER_ROOM;
  const wanted = estimateTokens(...texts) * 1.3 + room;
  let size = SMALLEST_WINDOW;
  while (size < wanted) size *= 2;
  size = numberOf(definition, "num_ctx") ?? size;
  if (most !== undefined) size = Math.min(size, most);
  if (fewestTokens(...texts) < size) return { size };
  const tooLong = `The prompt has about ${estimateTokens(...texts)} tokens, and the model's context has ${size}. Raise \`num_ctx\`, choose a model with a larger context, or ask with less.`;
  return { size, tooLong };
}

/** How large a context the model was made for; undefined when the server does not say. */
async function contextLength(client: Ollama, model: string): Promise<number | undefined> {
  const shown: unknown = (await client.show({ model })).model_info;
  if (!isObject(shown)) return undefined;
  const found = Object.entries(shown).find(([key]) => key.endsWith(".context_length"));
  return typeof found?.[1] === "number" ? found[1] : undefined;
}
