/**
 * The part of the settings that is about agents: `{"defaultAgent": "claude", "agents": {"@task": {"adapter": ...}}}`.
 * Owns its keys and what is wrong with them. Chooses nothing.
 */
import { type Failure, failure } from "../run/failure.ts";
import type { Effects } from "../run/request.ts";
import { isList, isObject, type Json, type JsonObject, own } from "../util/json.ts";
import { closest } from "../workflow/closest.ts";
import { ADAPTERS, type AdapterKind } from "./agent.ts";

/** As read from the settings files; `agents` by catalogue name. */
export interface AgentSettings {
  /** An adapter (`claude`) or a name (`@task`) whose settings serve names that have none. */
  readonly defaultAgent?: string;
  readonly agents: JsonObject;
}

/** What the settings say of one agent. */
export interface AgentEntry {
  readonly adapter?: AdapterKind;
  readonly description?: string;
  readonly systemPrompt?: string;
  readonly model?: string;
  readonly tools?: readonly string[];
  readonly command?: readonly string[];
  readonly script?: string;
  readonly permissionMode?: string;
  readonly effects?: Effects;
}

const KEYS = [
  "adapter",
  "description",
  "system_prompt",
  "model",
  "tools",
  "command",
  "script",
  "permission_mode",
  "effects",
];

/** One agent's settings; keys may be written `system_prompt` or `systemPrompt`. Fails with `invalid_input`. */
export function readAgentEntry(name: string, value: Json | undefined): AgentEntry | Failure {
  if (value === undefined) return {};
  if (!isObject(value)) return wrong(name, 'must be an object such as {"adapter": "claude"}');
  const fields: Record<string, Json> = {};
  for (const [written, content] of Object.entries(value)) {
    const key = written.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (!KEYS.includes(key))
      return wrong(name, `has the unknown key "${written}"${suggestion(key, KEYS)}`);
    fields[key] = content;
  }
  const adapter = ADAPTERS.find((known) => known === fields.adapter);
  if (fields.adapter !== undefined && adapter === undefined) {
    const meant = suggestion(String(fields.adapter), ADAPTERS);
    return wrong(
      name,
      `names the unknown adapter ${JSON.stringify(fields.adapter)}${meant}; known are ${ADAPTERS.join(", ")}`,
    );
  }
  const { effects } = fields;
  if (effects !== undefined && effects !== "once" && effects !== "repeatable") {
    return wrong(name, "must have effects once or repeatable");
  }
  return {
    ...(adapter === undefined ? {} : { adapter }),
    ...(effects === undefined ? {} : { effects }),
    ...texts(fields),
    ...words("tools", fields.tools, /\s*,\s*/),
    ...words("command", fields.command, /\s+/),
  };
}

/** `; did you mean x?` or nothing. */
export function suggestion(word: string, known: Iterable<string>): string {
  const meant = closest(word, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** The settings of one agent by its name, with or without the `@`. */
export function entryValue(agents: JsonObject, name: string): Json | undefined {
  return own(agents, name) ?? own(agents, name.replace(/^@/, ""));
}

function texts(
  fields: JsonObject,
): Partial<
  Pick<AgentEntry, "description" | "systemPrompt" | "model" | "script" | "permissionMode">
> {
  const names = [
    ["description", "description"],
    ["system_prompt", "systemPrompt"],
    ["model", "model"],
    ["script", "script"],
    ["permission_mode", "permissionMode"],
  ] as const;
  return Object.fromEntries(
    names.flatMap(([key, name]) => (typeof fields[key] === "string" ? [[name, fields[key]]] : [])),
  );
}

function words(name: "tools" | "command", value: Json | undefined, separator: RegExp) {
  if (isList(value)) return { [name]: value.map(String) };
  return typeof value === "string" && value.trim() !== ""
    ? { [name]: value.trim().split(separator) }
    : {};
}

function wrong(name: string, what: string): Failure {
  return failure(
    "invalid_input",
    `The settings of agent ${name}: it ${what}. Correct agents["${name}"] in the settings.`,
  );
}
