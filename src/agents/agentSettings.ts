/**
 * The part of the settings that is about agents: `{"defaultAgent": "claude", "agents": {"@task": {"adapter": ...}}}`.
 * Owns its keys, which are the table's, and what is wrong with them. Chooses nothing.
 */
import { type Failure, failure } from "../run/failure.ts";
import { isList, isObject, type Json, type JsonObject, own } from "../util/json.ts";
import { closest } from "../workflow/closest.ts";
import { parseDuration } from "../workflow/duration.ts";
import type { Setting, SettingForm } from "./adapter.ts";
import { ADAPTER_KINDS, ADAPTERS } from "./adapters.ts";

/** As read from the settings files; `agents` by catalogue name. */
export interface AgentSettings {
  /** An adapter (`claude`) or a name (`@task`) whose settings serve names that have none. */
  readonly defaultAgent?: string;
  readonly agents: JsonObject;
}

/** What the settings say of one agent: checked values by key, the keys in snake case, durations in milliseconds. */
export type AgentEntry = JsonObject;

/** What every agent may be told, whatever its adapter. */
export const COMMON_SETTINGS: Readonly<Record<string, Setting>> = {
  adapter: { form: "text", choices: ADAPTER_KINDS, describes: "What answers." },
  description: { form: "text", describes: "What the agent is for, in one line." },
  system_prompt: { form: "text", describes: "What the agent is told before every prompt." },
  model: { form: "text", describes: "The model, as the adapter names it." },
  tools: {
    form: "words",
    separator: "comma",
    describes: "The tools that the agent may use, as the adapter names them.",
  },
  allowed_env: {
    form: "words",
    separator: "comma",
    describes:
      "Names of the environment variables that its program gets besides what every program needs; in place of those that every command gets. Never a secret.",
  },
  context_tokens: {
    form: "number",
    whole: true,
    least: 100,
    most: 2_000_000,
    describes: "Room for the `context` of a step, in tokens; 8000 where nothing is said.",
  },
  effects: {
    form: "text",
    choices: ["once", "repeatable"],
    describes:
      "Whether a prompt whose outcome is unknown may be made again (`repeatable`), or you are asked first (`once`).",
  },
};

/** Every key that some agent may have; where adapters share one, its form is the same in each. */
export const AGENT_SETTINGS: Readonly<Record<string, Setting>> = {
  ...Object.assign({}, ...ADAPTERS.map(({ settings }) => settings)),
  ...COMMON_SETTINGS,
};

/** One agent's settings; keys may be written `system_prompt` or `systemPrompt`. Fails with `invalid_input`. */
export function readAgentEntry(name: string, value: Json | undefined): AgentEntry | Failure {
  if (value === undefined) return {};
  if (!isObject(value)) return wrong(name, 'must be an object such as {"adapter": "claude"}');
  const entry: Record<string, Json> = {};
  for (const [written, content] of Object.entries(value)) {
    const key = written.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const setting = Object.hasOwn(AGENT_SETTINGS, key) ? AGENT_SETTINGS[key] : undefined;
    if (setting === undefined) {
      const meant = suggestion(key, Object.keys(AGENT_SETTINGS));
      return wrong(name, `has the unknown key "${written}"${meant}`);
    }
    const read = readSetting(setting, content);
    if (read !== undefined) entry[key] = read;
    else if (key === "adapter") return wrong(name, unknownAdapter(content));
    else return wrong(name, `must have as ${key} ${formOf(setting)}`);
  }
  return entry;
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

/** A value in the form of its setting; undefined when it cannot be one. */
function readSetting(setting: SettingForm, value: Json): Json | undefined {
  switch (setting.form) {
    case "text":
      return typeof value === "string" && setting.choices?.includes(value) !== false
        ? value
        : undefined;
    case "words":
      if (isList(value)) return value.map(String);
      return typeof value === "string" ? cut(value, setting.separator) : undefined;
    case "number":
      return isWithin(value, setting) ? value : undefined;
    case "duration":
      return parseDuration(value);
    case "flag":
      return typeof value === "boolean" ? value : undefined;
    case "texts":
      return isObject(value) && Object.values(value).every((text) => typeof text === "string")
        ? value
        : undefined;
  }
}

function cut(text: string, separator: "comma" | "space"): readonly string[] {
  const words = text.trim().split(separator === "comma" ? /\s*,\s*/ : /\s+/);
  return words.filter((word) => word !== "");
}

function isWithin(
  value: Json,
  { least = -Infinity, most = Infinity, whole }: SettingForm & { readonly form: "number" },
): boolean {
  return (
    typeof value === "number" &&
    value >= least &&
    value <= most &&
    (whole !== true || Number.isInteger(value))
  );
}

function formOf(setting: SettingForm): string {
  switch (setting.form) {
    case "text":
      return setting.choices === undefined ? "a text" : setting.choices.join(" or ");
    case "words":
      return "a list of texts";
    case "number": {
      const { least, most, whole } = setting;
      const from = least === undefined ? "" : ` from ${least}`;
      const to = most === undefined ? "" : ` to ${most}`;
      return `a ${whole ? "whole " : ""}number${from}${to}`;
    }
    case "duration":
      return 'a duration such as 30 (seconds) or "5m"';
    case "flag":
      return "true or false";
    case "texts":
      return "an object of texts";
  }
}

function unknownAdapter(value: Json): string {
  const meant = suggestion(String(value), ADAPTER_KINDS);
  return `names the unknown adapter ${JSON.stringify(value)}${meant}; known are ${ADAPTER_KINDS.join(", ")}`;
}

function wrong(name: string, what: string): Failure {
  return failure(
    "invalid_input",
    `The settings of agent ${name}: it ${what}. Correct agents["${name}"] in the settings.`,
  );
}
