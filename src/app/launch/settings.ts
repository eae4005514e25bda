/**
 * What a person has set: from the user's file, from the workspace's (only where the folder is trusted) and from the host.
 * Owns the names of the settings and who wins: host, then workspace, then user.
 */

import { readRetention } from "../../report/retention.ts";
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";
import { agentName } from "../../workflow/agents/agentKey.ts";
import type { Files } from "../files.ts";
import { wrongSettings } from "./settingsRules.ts";

export interface Settings {
  /** Catalogue name of the agent for steps that name none; absent: whatever is found. */
  readonly defaultAgent?: string;
  /** By catalogue name: adapter, model, command. */
  readonly agents: JsonObject;
  /** Address of a SearXNG-compatible search. */
  readonly searchEndpoint?: string;
  /** What models cost, by name: `{input, output}`, US dollars a million tokens. */
  readonly prices: JsonObject;
  /** HTTP workers by name: an address, or {url}. */
  readonly workers: JsonObject;
  /** How many agents work at once in this process. */
  readonly maxAgents: number;
  /** Names of environment variables that expressions may read. */
  readonly env: readonly string[];
  /** Everything as it was read, for the adapters' own keys. */
  readonly all: JsonObject;
}

export interface SettingsProblem {
  readonly file: string;
  readonly message: string;
  /** No run starts on settings that are not what somebody meant. */
  readonly stops: boolean;
}

/** The settings as they stand: one object that changes when the files are read again. */
export interface LiveSettings {
  readonly settings: Settings;
  /** A broken file is reported and left out. */
  readonly problems: readonly SettingsProblem[];
  /** Reads the files again: a person may have changed them, or may trust the folder by now. */
  refresh(): Promise<void>;
}

/** Reads and merges the settings files. `workspace` gives the folder's own file once the folder is trusted. */
export async function openSettings(
  files: Files,
  places: {
    readonly user: string;
    readonly workspace: () => string | undefined;
    readonly host?: JsonObject;
  },
): Promise<LiveSettings> {
  // One list for good: who starts commands holds on to it.
  const env: string[] = [];
  const settings: Writable<Settings> = {
    agents: {},
    env,
    prices: {},
    workers: {},
    maxAgents: MAX_AGENTS,
    all: {},
  };
  let problems: readonly SettingsProblem[] = [];
  const refresh = async (): Promise<void> => {
    const read = await readSettings(files, places);
    problems = read.problems;
    delete settings.defaultAgent;
    delete settings.searchEndpoint;
    Object.assign(settings, read.settings, { env });
    env.splice(0, env.length, ...read.settings.env);
  };
  await refresh();
  return {
    settings,
    get problems() {
      return problems;
    },
    refresh,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

async function readSettings(
  files: Files,
  places: Parameters<typeof openSettings>[1],
): Promise<{ readonly settings: Settings; readonly problems: readonly SettingsProblem[] }> {
  const problems: SettingsProblem[] = [];
  const layers: JsonObject[] = [];
  const folder = places.workspace();
  for (const file of [places.user, folder]) {
    const text = file === undefined ? undefined : await files.readText(file);
    if (file === undefined || text === undefined) continue;
    const parsed = parse(text);
    const found = isObject(parsed) ? problemsOf(parsed, file === folder) : [NO_OBJECT];
    problems.push(...found.map((problem) => ({ file, ...problem })));
    if (isObject(parsed)) layers.push(named(file === folder ? withoutPersonal(parsed) : parsed));
  }
  if (places.host) layers.push(named(places.host));
  const all = layers.reduce<JsonObject>((merged, layer) => merge(merged, layer), {});
  return { settings: settingsOf(all), problems };
}

const NO_OBJECT = {
  message: "It is not a JSON object; it is left out. Mend it or remove it.",
  stops: true,
};

/** What a person says for themselves: an agent that writes into the folder must not say it in their place. */
const PERSONAL = ["agentAnswers", "retention"];

function problemsOf(
  layer: JsonObject,
  isFolder: boolean,
): readonly Omit<SettingsProblem, "file">[] {
  const wrong = wrongSettings(layer).map((message) => ({ message, stops: true }));
  const personal = isFolder ? PERSONAL.filter((key) => Object.hasOwn(layer, key)) : [];
  if (personal.length > 0) {
    const names = personal.join(", ");
    const message = `${names} counts only in your own settings; here it is left out. Remove it.`;
    return [...wrong, { message, stops: false }];
  }
  const retention = readRetention(layer.retention);
  if (retention.ok) return wrong;
  return [
    ...wrong,
    { message: `${retention.message} Until then nothing is removed.`, stops: false },
  ];
}

/** Its agents by their names with the `@`, so that what one file says of an agent meets what another does. */
function named(layer: JsonObject): JsonObject {
  const { agents } = layer;
  if (!isObject(agents)) return layer;
  const entries = Object.entries(agents).map(([name, entry]) => [agentName(name), entry] as const);
  return { ...layer, agents: Object.fromEntries(entries) };
}

function withoutPersonal(layer: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(layer).filter(([key]) => !PERSONAL.includes(key)));
}

function settingsOf(all: JsonObject): Settings {
  const { defaultAgent, searchEndpoint, agents, env } = all;
  return {
    agents: isObject(agents) ? agents : {},
    prices: isObject(all.prices) ? all.prices : {},
    workers: isObject(all.workers) ? all.workers : {},
    maxAgents: isCount(all.maxAgents) ? all.maxAgents : MAX_AGENTS,
    env: isList(env) ? env.filter(isVisible) : [],
    all,
    ...(typeof defaultAgent === "string" && defaultAgent !== "" ? { defaultAgent } : {}),
    ...(typeof searchEndpoint === "string" && searchEndpoint !== "" ? { searchEndpoint } : {}),
  };
}

/** Agents at once where nobody says how many. */
const MAX_AGENTS = 4;

function isCount(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1;
}

/** A variable that holds a secret is never one that everything may read. */
function isVisible(name: Json): name is string {
  return typeof name === "string" && !name.startsWith("FERMATA_SECRET_");
}

/** A key such as `__proto__` is one like any other: what it holds must not count as if it were said under other keys. */
function merge(low: JsonObject, high: JsonObject): JsonObject {
  const merged = new Map(Object.entries(low));
  for (const [key, value] of Object.entries(high)) {
    const before = merged.get(key);
    merged.set(key, isObject(before) && isObject(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
