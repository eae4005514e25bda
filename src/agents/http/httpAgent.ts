/**
 * An HTTP worker as an agent: one operation of its contract, the prompt as its parameters, its result as the answer.
 * Owns what is sent and how a result becomes words. The contract is run/worker/contract.ts's; health is asked before.
 */

import type { ActivityContext } from "../../engine/activity.ts";
import { exchange } from "../../http/exchange.ts";
import { postOperation } from "../../http/postOperation.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { readOperationAnswer, type WorkerResult } from "../../run/worker/contract.ts";
import { isObject, type Json, type JsonObject } from "../../util/json.ts";
import {
  type Adapter,
  type AdapterPlace,
  type AgentFinding,
  type Opening,
  textOf,
  textsOf,
} from "../adapter.ts";
import type { Agent, AgentChoice, AgentPrompt, AgentRecord } from "../agent.ts";
import { answered, failed } from "../answer.ts";
import { isFailure } from "../isFailure.ts";
import { badAddress } from "../models/ollamaAdapter.ts";
import { NOTATION, withSecretTexts } from "../secretTexts.ts";

export const httpAdapter: Adapter = {
  kind: "http",
  describes: "an HTTP worker: the prompt as the parameters of one of its operations",
  settings: {
    api_url: { form: "text", describes: "The worker's address." },
    operation: { form: "text", describes: "The operation that answers prompts (`prompt`)." },
    headers: { form: "texts", describes: `Further headers; secrets as ${NOTATION}.` },
  },
  does: "open a connection",
  check: (record) =>
    textOf(record, "api_url") === undefined
      ? 'has the adapter http but no worker. Add "api_url": "http://127.0.0.1:8001" to its settings.'
      : badAddress(textOf(record, "api_url")),
  usualEffects: () => "once",
  open: createHttpAgent,
  examine: (place, uses) => Promise.all(uses.map((use) => examineUse(place, use))),
};

/** An agent that posts one operation a prompt. */
export function createHttpAgent(opening: Opening): Agent {
  return {
    kind: "http",
    effects: opening.effects,
    prompt: (prompt, context) => ask(opening, prompt, context),
  };
}

async function ask(
  opening: Opening,
  prompt: AgentPrompt,
  context: ActivityContext,
): Promise<ActivityOutcome> {
  const { definition, name } = opening;
  const base = addressOf(definition);
  const headers = await withSecretTexts(textsOf(definition, "headers"), opening.secrets);
  if (isFailure(headers)) return failed(headers);
  context.progress(`asking ${base}`);
  const sick = await whySick(base, headers.values, context.signal);
  if (sick) return failed(sick);
  const operation = textOf(definition, "operation") ?? "prompt";
  const answer = await postOperation({
    base,
    operation: { operation, parameters: parametersOf(definition, prompt) },
    headers: headers.values,
    secret: Object.keys(headers.values).length > 0,
    key: context.attempt.key,
    signal: context.signal,
  });
  if (answer.type !== "answered") return answer;
  const read = readAnswer(name, answer.status, answer.text);
  return "code" in read ? failed(read) : outcomeOf(prompt, name, read);
}

/** What the operation is asked; what is not there is left out. */
function parametersOf(definition: AgentRecord, prompt: AgentPrompt): JsonObject {
  const { instructions, outputSchema, correction } = prompt;
  const system = prompt.systemPrompt ?? definition.system_prompt;
  const model = prompt.model ?? definition.model;
  return {
    instructions,
    ...(system === undefined ? {} : { system_prompt: system }),
    ...(model === undefined ? {} : { model }),
    ...(outputSchema === undefined ? {} : { output_schema: outputSchema }),
    ...(correction === undefined ? {} : { correction }),
  };
}

function readAnswer(name: string, status: number, text: string): WorkerResult | Failure {
  const value = parsed(text);
  if (status < 200 || status > 299) {
    const said = isObject(value) && typeof value.error === "string" ? `: ${value.error}` : "";
    const code = status === 408 || status === 504 ? "timeout" : "agent_error";
    return failure(code, `${name} answered with HTTP ${status}${said}.`, { status });
  }
  const read =
    value === undefined
      ? { ok: false as const, problem: "it is no JSON" }
      : readOperationAnswer(value);
  if (!read.ok) {
    const message = `The answer of ${name} cannot be used: ${read.problem}. The worker must answer as docs/workers.md says.`;
    return failure("invalid_output", message, text.slice(0, 2000));
  }
  if (read.result.status !== "failed") return read.result;
  const message = `${name} failed: ${read.error ?? "the worker does not say why"}.`;
  return failure("agent_error", message, { ...read.result });
}

/** A text is the answer; so is the `response` of an object, which is the data otherwise. */
function outcomeOf(prompt: AgentPrompt, name: string, done: WorkerResult): ActivityOutcome {
  const { result, tokens_used } = done;
  const said = isObject(result) ? result.response : result;
  const isText = typeof said === "string";
  const response = isText ? said : JSON.stringify(result);
  if (response.trim() === "")
    return failed(failure("agent_error", `${name} gave an empty answer.`));
  const usage =
    tokens_used > 0 ? ({ input_tokens: tokens_used, output_tokens: 0 } as const) : "none";
  const data = isObject(result) ? (result.data ?? (isText ? undefined : result)) : undefined;
  return answered(prompt, {
    ...{ response, agentUsed: name, usage },
    ...(data === undefined || prompt.outputSchema === undefined ? {} : { data }),
  });
}

/** Why nothing can be given to the worker now; undefined when it is well. */
async function whySick(
  base: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const answer = await exchange({
    method: "GET",
    url: `${base}/health`,
    headers: { accept: "application/json", ...headers },
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    secret: Object.keys(headers).length > 0,
  });
  const start = "Start it, or correct api_url in the agent's settings.";
  if (answer.type !== "answered") {
    if (signal.aborted) return answer.failure;
    const message = `The worker at ${base} is not well: ${answer.failure.message} ${start}`;
    return failure("agent_unavailable", message, answer.failure.detail);
  }
  const body = parsed(answer.text);
  const status = isObject(body) ? body.status : undefined;
  if (answer.status < 300 && (status === "healthy" || status === "degraded")) return undefined;
  const says = status === undefined ? `HTTP ${answer.status}` : `\`${String(status)}\``;
  return failure(
    "agent_unavailable",
    `The worker at ${base} is not well: it says ${says}. ${start}`,
  );
}

/** How long a worker may take to say that it is well, in ms. */
const PATIENCE = 5000;

async function examineUse(place: AdapterPlace, use: AgentChoice): Promise<AgentFinding> {
  const { name, definition } = use;
  const headers = await withSecretTexts(textsOf(definition, "headers"), place.secrets);
  if (isFailure(headers))
    return { severity: "error", message: `${name}: ${headers.message}`, fix: "Set the secret." };
  const base = addressOf(definition);
  const sick = await whySick(base, headers.values, AbortSignal.timeout(PATIENCE));
  if (!sick) return { severity: "ok", message: `${name} works at ${base}, which is well.` };
  const fix = "Start the worker, or correct api_url.";
  return { severity: "error", message: `${name}: ${sick.message}`, fix };
}

function addressOf(definition: AgentRecord): string {
  return (textOf(definition, "api_url") ?? "").replace(/\/+$/, "");
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
