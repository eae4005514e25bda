/**
 * The agent port: something that answers a prompt, one try at a time.
 * Owns the shapes that adapters, registry and the agent activity share. Knows no adapter and no vendor.
 */
import type { ActivityContext } from "../engine/activity.ts";
import type { ActivityOutcome, Effects } from "../run/request.ts";
import { isList, isObject, type Json, type JsonObject } from "../util/json.ts";

/** The name of an adapter. Which there are is the table's matter: a journal may name one of another build. */
export type AdapterKind = string;

/** One prompt. The adapter adds nothing to `instructions` but the correction and the wish for JSON. */
export interface AgentPrompt {
  readonly instructions: string;
  /** JSON Schema of the answer's `data`. */
  readonly outputSchema?: JsonObject;
  /** What the last attempt got wrong. */
  readonly correction?: string;
  readonly systemPrompt?: string;
  readonly model?: string;
  /** The vendor's session to continue; without it a new one is opened. */
  readonly session?: string;
}

/** What a completed prompt puts into `ActivityOutcome.result`. */
export interface AgentAnswer extends JsonObject {
  readonly response: string;
  readonly agent_used: string;
  /** Input and output together; 0 for agents without a model. */
  readonly tokens_used: number;
  /** Relative to the workspace, with forward slashes, in order of first change. */
  readonly files_changed: readonly string[];
}

export interface Agent {
  readonly kind: AdapterKind;
  readonly effects: Effects;
  /** Makes one try and settles after the signal aborts; never retries. Rejects only on our own faults. */
  prompt(prompt: AgentPrompt, context: ActivityContext): Promise<ActivityOutcome>;
  /**
   * Finds out what became of an attempt whose outcome is unknown, by asking the vendor. Its process must be proven
   * gone. Answers `unknown` when the vendor cannot tell either.
   */
  reconcile?(prompt: AgentPrompt, context: ActivityContext): Promise<ActivityOutcome>;
}

/**
 * What stands behind a name in one run: recorded in the run's first event, so it is pure JSON and enough to open.
 * A type, not an interface, so that it may stand where any JSON object may.
 */
export type AgentChoice = {
  readonly name: string;
  readonly adapter: AdapterKind;
  readonly effects: Effects;
  readonly definition: AgentRecord;
  /** SHA-256 of the definition's JSON, hexadecimal. */
  readonly hash: string;
  /** Why this adapter, in a few words for people: `configured`, `found claude on PATH`, `nothing found: offline`. */
  readonly why: string;
  /** The program behind it, which was there when it was chosen. Absent: there is none, or it was not there. */
  readonly program?: string;
};

/** The definition that a run keeps: the text of the agent and what its adapter needs. Holds no secret. */
export type AgentRecord = {
  /** The file it was read from, or `built-in` or `settings`. */
  readonly source: string;
  readonly description: string;
  readonly system_prompt?: string;
  readonly model?: string;
  readonly tools?: readonly string[];
  /** Variables of the host that its program gets, in place of those that every command gets. */
  readonly allowed_env?: readonly string[];
  /** Room for what is given beside the instructions. */
  readonly context_tokens?: number;
  /** What its adapter reads besides, under the names of the settings. */
  readonly [setting: string]: Json;
};

/** A choice read back from a journal; undefined when it is none (written by hand). */
export function parseChoice(value: Json): AgentChoice | undefined {
  if (!isObject(value)) return undefined;
  const { name, adapter, effects, definition, hash, why, program } = value;
  if (typeof name !== "string" || typeof adapter !== "string") return undefined;
  if (effects !== "once" && effects !== "repeatable") return undefined;
  const record = parseRecord(definition);
  if (record === undefined || typeof hash !== "string" || typeof why !== "string") return undefined;
  const seen = typeof program === "string" ? { program } : {};
  return { name, adapter, effects, definition: record, hash, why, ...seen };
}

function parseRecord(value: Json | undefined): AgentRecord | undefined {
  if (!isObject(value)) return undefined;
  const {
    source,
    description,
    system_prompt,
    model,
    tools,
    context_tokens,
    allowed_env,
    ...settings
  } = value;
  if (typeof source !== "string" || typeof description !== "string") return undefined;
  return {
    ...settings,
    source,
    description,
    ...(typeof system_prompt === "string" ? { system_prompt } : {}),
    ...(typeof model === "string" ? { model } : {}),
    ...(isList(allowed_env) ? { allowed_env: allowed_env.map(String) } : {}),
    ...(typeof context_tokens === "number" ? { context_tokens } : {}),
    ...(isList(tools) ? { tools: tools.filter((tool) => typeof tool === "string") } : {}),
  };
}
