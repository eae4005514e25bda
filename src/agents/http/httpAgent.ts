/**
 * An HTTP worker as an agent: one operation of its contract, the prompt as its parameters, its result as the answer.
 * Owns what is sent and how a result becomes words. How a call goes is http/workerCalls.ts's.
 */

import type { ActivityContext } from "../../engine/activity.ts";
import { traceParent } from "../../http/trace.ts";
import {
  createWorkerCalls,
  type WorkerCalls,
  type WorkerWords,
  whyUnwell,
} from "../../http/workerCalls.ts";
import type { WorkerAddress } from "../../http/workerHealth.ts";
import type { Failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import type { WorkerResult } from "../../run/worker/contract.ts";
import { workerDoubt } from "../../run/worker/doubt.ts";
import { shortHash } from "../../util/hash.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import { WORKER_THRESHOLD } from "../../workflow/schema/superviseFields.ts";
import {
  type Adapter,
  type AdapterPlace,
  type AgentFinding,
  numberOf,
  type Opening,
  textOf,
  textsOf,
} from "../adapter.ts";
import type { Agent, AgentChoice, AgentPrompt, AgentRecord } from "../agent.ts";
import { answered, failed } from "../answer.ts";
import { isFailure } from "../isFailure.ts";
import { emptyAnswer } from "../models/modelFailure.ts";
import { NOTATION, withSecretTexts } from "../secretTexts.ts";
import { badAddress } from "./webAddress.ts";

export const httpAdapter: Adapter = {
  kind: "http",
  describes: "an HTTP worker: the prompt as the parameters of one of its operations",
  settings: {
    api_url: { form: "text", describes: "The worker's address." },
    operation: { form: "text", describes: "The operation that answers prompts (`prompt`)." },
    headers: { form: "texts", describes: `Further headers; secrets as ${NOTATION}.` },
    confidence: {
      form: "number",
      least: 0,
      most: 100,
      describes: `An answer of which the worker is less sure, of 100, or does not say how sure it is, is escalated to a person; unless said, one that is below ${WORKER_THRESHOLD}.`,
    },
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
  const calls = callsOf(opening);
  return {
    kind: "http",
    effects: opening.effects,
    prompt: (prompt, context) => ask(opening, calls, prompt, context),
  };
}

async function ask(
  opening: Opening,
  calls: WorkerCalls,
  prompt: AgentPrompt,
  { progress, attempt, signal }: ActivityContext,
): Promise<ActivityOutcome> {
  const { definition, name } = opening;
  const address = await addressOf(opening, definition);
  if (isFailure(address)) return failed(address);
  progress(`asking ${address.base}`);
  const { run, path } = attempt;
  const parameters = parametersOf(definition, prompt);
  const called = await calls.call({
    address,
    operation: {
      operation: textOf(definition, "operation") ?? "prompt",
      parameters,
      metadata: { run, path, attempt: attempt.attempt },
    },
    headers: {},
    secret: Object.keys(address.headers).length > 0,
    // What is asked in other words is another question: the worker must not answer as it did before.
    key: `${attempt.key}~${shortHash(JSON.stringify(parameters))}`,
    trace: traceParent(run, path, attempt.attempt),
    signal,
    words: wordsFor(name),
  });
  if (called.type !== "answered") return called;
  return outcomeOf(prompt, name, called.result, numberOf(definition, "confidence"));
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

/** A text is the answer; so is the `response` of an object, which is the data otherwise. */
function outcomeOf(
  prompt: AgentPrompt,
  name: string,
  done: WorkerResult,
  asked: number | undefined,
): ActivityOutcome {
  const { result, tokens_used, confidence } = done;
  const said = isObject(result) ? result.response : result;
  const isText = typeof said === "string";
  const response = isText ? said : JSON.stringify(result);
  if (response.trim() === "") return emptyAnswer(name);
  const usage =
    tokens_used > 0 ? ({ input_tokens: tokens_used, output_tokens: 0 } as const) : "none";
  const data = isObject(result) ? (result.data ?? (isText ? undefined : result)) : undefined;
  const doubt = workerDoubt(done, asked);
  return answered(prompt, {
    ...{ response, agentUsed: name, usage },
    ...(data === undefined || prompt.outputSchema === undefined ? {} : { data }),
    ...(confidence === null ? {} : { confidence }),
    ...(doubt === undefined ? {} : { doubt }),
  });
}

/** How long a worker may take to say that it is well where nothing waits for it, in ms. */
const PATIENCE = 5000;

async function examineUse(place: AdapterPlace, use: AgentChoice): Promise<AgentFinding> {
  const { name, definition } = use;
  const address = await addressOf(place, definition);
  if (isFailure(address))
    return { severity: "error", message: `${name}: ${address.message}`, fix: "Set the secret." };
  const health = await callsOf(place).health(address, AbortSignal.timeout(PATIENCE));
  if (health.is === "well")
    return { severity: "ok", message: `${name} works at ${address.base}, which is well.` };
  const { message } = whyUnwell(wordsFor(name), health);
  return { severity: "error", message, fix: "Start the worker, or correct api_url." };
}

/** Those of the process: one circuit for each worker, whoever calls it. */
function callsOf({ workerCalls }: AdapterPlace): WorkerCalls {
  return workerCalls ?? createWorkerCalls({ now: () => performance.now() });
}

function wordsFor(worker: string): WorkerWords {
  const place = "api_url in the agent's settings";
  return { worker, place, unwell: "agent_unavailable", failed: "agent_error" };
}

/** Where the worker is, with its headers' secrets put in; or the failure of those that nobody has set. */
async function addressOf(
  { secrets }: AdapterPlace,
  definition: AgentRecord,
): Promise<Required<WorkerAddress> | Failure> {
  const headers = await withSecretTexts(textsOf(definition, "headers"), secrets);
  if (isFailure(headers)) return headers;
  const base = (textOf(definition, "api_url") ?? "").replace(/\/+$/, "");
  return { base, headers: headers.values };
}
