/**
 * Makes the outcomes that every adapter reports: a completed answer, a failure, an abort.
 * Owns their shape so that adapters agree; knows no adapter.
 */
import { type Failure, failure } from "../run/failure.ts";
import type { ActivityOutcome, Effects, Usage } from "../run/request.ts";
import type { Json, JsonObject } from "../util/json.ts";
import type { AgentAnswer, AgentPrompt } from "./agent.ts";
import { usageOf } from "./models/tokens.ts";
import { checkOutput, promptText, structuredOutput } from "./structuredOutput.ts";

export interface Answered {
  readonly response: string;
  /** The JSON itself when the adapter has it apart from the words; otherwise it is looked for in them. */
  readonly data?: Json;
  readonly agentUsed: string;
  /** What the provider counted; absent: estimated from what was asked and said. `none`: no model took part. */
  readonly usage?: Usage | "none";
  readonly filesChanged?: readonly string[];
  /** How sure the agent says it is, of 100. */
  readonly confidence?: number;
  /** Why a person should look at the answer before it counts, as the rest of a sentence. */
  readonly doubt?: string;
}

/** Completed, or failed with `invalid_output` when a schema is given and the answer does not fit it. Keeps the usage. */
export function answered(prompt: AgentPrompt, answer: Answered): ActivityOutcome {
  const usage = usageIn(prompt, answer);
  const spent = usage === undefined ? {} : { usage };
  const structured = dataOf(prompt.outputSchema, answer);
  if (!structured.ok) return { type: "failed", failure: structured.failure, ...spent };
  const cost = usage?.cost_usd;
  const result: AgentAnswer = {
    response: answer.response,
    ...(structured.data === undefined ? {} : { data: structured.data }),
    agent_used: answer.agentUsed,
    tokens_used: (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0),
    ...(cost === undefined ? {} : { cost_usd: cost }),
    files_changed: answer.filesChanged ?? [],
    ...(answer.confidence === undefined ? {} : { confidence: answer.confidence }),
    ...(answer.doubt === undefined ? {} : { doubt: answer.doubt }),
  };
  return { type: "completed", result, ...spent };
}

/** A failed outcome in one line. */
export function failed(reason: Failure, usage?: Usage): ActivityOutcome {
  return usage === undefined
    ? { type: "failed", failure: reason }
    : { type: "failed", failure: reason, usage };
}

/**
 * The outcome of an attempt that was stopped: an agent that may have changed something leaves an unknown outcome, one
 * that cannot have is simply cancelled.
 */
export function stopped(agent: string, effects: Effects): ActivityOutcome {
  const reason = failure("cancelled", `${agent} was stopped before it answered.`);
  return effects === "once"
    ? { type: "unknown", failure: reason }
    : { type: "failed", failure: reason };
}

function usageIn(prompt: AgentPrompt, { usage, response }: Answered): Usage | undefined {
  if (usage === "none") return undefined;
  return usage ?? usageOf({}, [promptText(prompt, prompt.systemPrompt)], response);
}

function dataOf(
  schema: JsonObject | undefined,
  answer: Answered,
): { ok: true; data?: Json } | { ok: false; failure: Failure } {
  if (schema === undefined)
    return answer.data === undefined ? { ok: true } : { ok: true, data: answer.data };
  return answer.data === undefined
    ? structuredOutput(answer.response, schema)
    : checkOutput(answer.data, schema);
}
