/**
 * The part of the settings that is about agents: `{"defaultAgent": "claude", "agents": {"@task": {"adapter": ...}}}`.
 * Owns its keys, which are the table's, and what is wrong with them. Chooses nothing.
 */
import { type Failure, failure } from "../run/failure.ts";
import { isList, isObject, type Json, type JsonObject, own } from "../util/json.ts";
import type { SettingProblem } from "../workflow/check/checking.ts";
import { closest } from "../workflow/closest.ts";
import { parseDuration } from "../workflow/duration.ts";
import type { Setting, SettingForm } from "./adapter.ts";
import { ADAPTER_KINDS, ADAPTERS, adapterOf } from "./adapters.ts";

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

/**
 * One agent's settings; keys may be written `system_prompt` or `systemPrompt`. `where`: what they stand in. Fails with
 * `invalid_input`.
 */
export function readAgentEntry(
  name: string,
  value: Json | undefined,
  where = "the settings",
): AgentEntry | Failure {
  if (value === undefined) return {};
  const wrong = (what: string): Failure =>
    failure(
      "invalid_input",
      `The settings of agent ${name}: ${what} Correct agents["${name}"] in ${where}.`,
    );
  if (!isObject(value)) return wrong('They must be an object such as {"adapter": "claude"}.');
  const entry: Record<string, Json> = {};
  for (const [written, content] of Object.entries(value)) {
    const read = readOne(written, content);
    if ("message" in read) return wrong(inWords(read));
    entry[read.key] = read.value;
  }
  return entry;
}

/** What is wrong with one agent's settings, key by key, and which of them its adapter does not read. */
export function settingProblems(settings: JsonObject): readonly SettingProblem[] {
  const adapter = own(settings, "adapter");
  const kind = typeof adapter === "string" ? adapterOf(adapter) : undefined;
  return Object.entries(settings).flatMap(([written, content]) => {
    const read = readOne(written, content);
    if ("message" in read) return [read];
    if (!kind || Object.hasOwn(COMMON_SETTINGS, read.key) || Object.hasOwn(kind.settings, read.key))
      return [];
    const message = `The adapter \`${kind.kind}\` does not read \`${written}\`.`;
    return [{ key: written, part: "key", idle: true, message } as const];
  });
}

function readOne(
  written: string,
  content: Json,
): { readonly key: string; readonly value: Json } | SettingProblem {
  const key = written.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const setting = own(AGENT_SETTINGS, key);
  if (setting === undefined) {
    const suggestion = closest(key, Object.keys(AGENT_SETTINGS));
    const meant = suggestion === undefined ? {} : { suggestion };
    return {
      ...{ key: written, part: "key", ...meant },
      message: `An agent has no setting \`${written}\`.`,
    };
  }
  const value = readSetting(setting, content);
  if (value !== undefined) return { key, value };
  const choices = setting.form === "text" ? (setting.choices ?? []) : [];
  const suggestion = typeof content === "string" ? closest(content, choices) : undefined;
  const meant = suggestion === undefined ? {} : { suggestion };
  // What was written is not repeated: it may be a secret in the wrong place.
  return {
    ...{ key: written, part: "value", ...meant },
    message: `\`${written}\` must be ${formOf(setting)}.`,
  };
}

/** A problem in a row, for where there is no place to show it at. */
function inWords({ message, suggestion }: SettingProblem): string {
  return suggestion === undefined ? message : `${message} Did you mean \`${suggestion}\`?`;
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
      return setting.choices === undefined ? "a text" : `one of ${setting.choices.join(", ")}`;
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
