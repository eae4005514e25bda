/**
 * Any endpoint that speaks OpenAI's chat completions as an agent: one request a prompt, streamed.
 * Owns the request, and how its end is judged. Protocol: https://platform.openai.com/docs/api-reference/chat
 */
import type { ActivityContext } from "../../engine/activity.ts";
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { isObject, type Json, type JsonObject, parsedJson } from "../../util/json.ts";
import { numberOf, type Opening, textOf, textsOf } from "../adapter.ts";
import type { Agent, AgentPrompt } from "../agent.ts";
import { answered, failed } from "../answer.ts";
import { isFailure } from "../isFailure.ts";
import { priced } from "../prices/prices.ts";
import { withSecretTexts } from "../secretTexts.ts";
import { type Completion, readCompletion } from "./completion.ts";
import {
  cutAnswer,
  emptyAnswer,
  failedRequest,
  patienceFor,
  RefusedByServer,
  refusalIn,
  type ServerWords,
} from "./modelFailure.ts";
import { messagesOf, openStream } from "./modelPrompt.ts";
import { type NativeSchema, nativeSchema } from "./nativeSchema.ts";
import { usageOf } from "./tokens.ts";

export const OPENAI_URL = "https://api.openai.com/v1";

/** How people find out what to do about an endpoint that does not answer. */
export function endpointWords(url: string): ServerWords {
  return {
    title: "The endpoint",
    url,
    start: "start the server, or correct `api_url` in the agent's settings.",
  };
}

/** An agent over one endpoint. It only writes text, so it may be asked again. */
export function createOpenAiAgent(opening: Opening): Agent {
  // What an endpoint has refused once is not asked of it again.
  const known = { takesSchema: true };
  return {
    kind: "openai",
    effects: opening.effects,
    prompt: (prompt, context) => ask(opening, known, prompt, context),
  };
}

/** The headers with their secrets put in, or the failure of those that nobody has set. */
export async function endpointHeaders({
  definition,
  secrets,
}: Pick<Opening, "definition" | "secrets">) {
  const key = textOf(definition, "api_key");
  const texts = {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...textsOf(definition, "headers"),
  };
  return withSecretTexts(texts, secrets);
}

async function ask(
  opening: Opening,
  known: { takesSchema: boolean },
  prompt: AgentPrompt,
  context: ActivityContext,
): Promise<ActivityOutcome> {
  const { definition } = opening;
  const url = textOf(definition, "api_url") ?? OPENAI_URL;
  const patience = patienceFor(numberOf(definition, "timeout"), context.signal);
  const headers = await endpointHeaders(opening);
  if (isFailure(headers)) return failed(headers);
  const { outputSchema } = prompt;
  const native =
    outputSchema === undefined || !known.takesSchema ? undefined : nativeSchema(outputSchema);
  const model = prompt.model ?? definition.model ?? "";
  const send = (schema: NativeSchema | undefined) =>
    fetch(`${url.replace(/\/$/, "")}/chat/completions`, {
      method: "POST",
      signal: patience.signal,
      headers: { "content-type": "application/json", ...headers.values },
      body: JSON.stringify(requestOf(opening, prompt, schema, url)),
    });
  try {
    context.signal.throwIfAborted();
    context.progress(`asking ${model}`);
    let response = await send(native);
    let used = native;
    if (!response.ok) {
      const refusal = new RefusedByServer(response.status, refusalIn(await response.text()));
      if (native === undefined || !isAboutSchema(refusal)) throw refusal;
      // Nothing was generated: the endpoint only said that it cannot take a schema, so it is told in words alone.
      known.takesSchema = false;
      used = undefined;
      response = await send(undefined);
      if (!response.ok)
        throw new RefusedByServer(response.status, refusalIn(await response.text()));
    }
    const stream = openStream(context);
    const completion = await readCompletion(response, stream);
    stream.end();
    return outcomeOf(opening, prompt, { ...completion, text: stream.text }, used);
  } catch (error) {
    return failedRequest(error, endpointWords(url), context.signal, patience);
  }
}

function requestOf(
  { definition }: Opening,
  prompt: AgentPrompt,
  schema: NativeSchema | undefined,
  url: string,
): JsonObject {
  const temperature = numberOf(definition, "temperature");
  const most = numberOf(definition, "max_tokens");
  // The vendor's newer models refuse the old name; other servers mostly know only that.
  const limit = url.startsWith(OPENAI_URL) ? "max_completion_tokens" : "max_tokens";
  return {
    model: prompt.model ?? definition.model ?? "",
    messages: messagesOf(prompt, definition).map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature === undefined ? {} : { temperature }),
    ...(most === undefined ? {} : { [limit]: most }),
    ...(schema === undefined ? {} : { response_format: schema.format }),
  };
}

function isAboutSchema({ status, message }: RefusedByServer): boolean {
  return (status === 400 || status === 422) && /response_format|json_schema|schema/i.test(message);
}

function outcomeOf(
  { definition, prices }: Opening,
  prompt: AgentPrompt,
  completion: Completion & { readonly text: string },
  native: NativeSchema | undefined,
): ActivityOutcome {
  const model = completion.model ?? prompt.model ?? definition.model ?? "";
  const asked = messagesOf(prompt, definition).map(({ content }) => content);
  const { text, end, refusal } = completion;
  const usage = priced(usageOf(completion, asked, text), model, prices?.());
  if (refusal !== undefined) {
    return failed(failure("agent_error", `${model} declined to answer: ${refusal}`), usage);
  }
  if (end === "content_filter") {
    const message = `The endpoint's content filter stopped the answer of ${model}. Word the instructions differently, or use another model.`;
    return failed(failure("agent_error", message), usage);
  }
  if (end === "length") return cutAnswer(model, usage, "`max_tokens`");
  if (text.trim() === "") return emptyAnswer(model, usage);
  const data = native?.wrapped === true ? unwrapped(text) : undefined;
  const agentUsed = `openai ${model}`;
  if (data === undefined) return answered(prompt, { response: text, agentUsed, usage });
  return answered(prompt, { response: JSON.stringify(data), data, agentUsed, usage });
}

function unwrapped(text: string): Json | undefined {
  const value = parsedJson(text);
  return isObject(value) ? value.answer : undefined;
}
