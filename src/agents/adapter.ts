/**
 * One row of the table of adapters: everything that the rest of the product asks of a way to reach an agent.
 * Owns the shapes and how an adapter reads its own settings back. Knows no adapter.
 */
import type { Vault } from "../engine/secrets.ts";
import type { WorkerCalls } from "../http/workerCalls.ts";
import type { Effects } from "../run/request.ts";
import { isList, isObject, type Json, type JsonObject, own } from "../util/json.ts";
import type { Agent, AgentChoice, AgentRecord } from "./agent.ts";
import type { LanguageModels } from "./languageModels.ts";

/** A key of an agent's settings. `describes` is for people: what it does, one or two sentences in Markdown. */
export type Setting = SettingForm & { readonly describes: string };

export type SettingForm =
  | { readonly form: "text"; readonly choices?: readonly string[] }
  /** A list of texts; a text is cut at what separates its words. */
  | { readonly form: "words"; readonly separator: "comma" | "space" }
  | {
      readonly form: "number";
      readonly least?: number;
      readonly most?: number;
      readonly whole?: true;
    }
  | { readonly form: "duration" }
  | { readonly form: "flag" }
  /** An object of texts. */
  | { readonly form: "texts" };

/** Where an adapter looks: this machine and this host. */
export interface AdapterPlace {
  /** Absolute path of the workspace's root. */
  readonly workspace: string;
  /** The host's environment, its PATH as a person's login shell has it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of variables that the person allowed agents to see beyond the usual ones. */
  readonly allowedVariables?: readonly string[];
  /** Entry file of the guard, where it does not lie beside the program. */
  readonly guardScript?: string;
  /** Gives the values of secrets that settings name. */
  readonly secrets?: Pick<Vault, "resolve">;
  /** What models cost by the person's own word: `{"model": {"input": 1, "output": 2}}`, US dollars a million tokens. */
  readonly prices?: () => JsonObject;
  /** The language models of the editor that this host is. */
  readonly languageModels?: LanguageModels;
  /** The calls to HTTP workers of this process. Absent: an adapter that needs them makes its own. */
  readonly workerCalls?: WorkerCalls;
}

/** A recorded choice that is about to be used. */
export interface Opening extends AdapterPlace {
  /** The agent's catalogue name. */
  readonly name: string;
  readonly definition: AgentRecord;
  readonly effects: Effects;
}

/**
 * What looking for an adapter came to: usable without a word of the person's (`found`, with settings that come with
 * it), here but not usable (`amiss`), or nothing. Both say it in a few words: `found claude on PATH`.
 */
export type Detected =
  | { readonly found: string; readonly settings?: JsonObject }
  | { readonly amiss: string };

/** One thing that `doctor` says. */
export interface AgentFinding {
  readonly severity: "ok" | "warning" | "error";
  /** One sentence on what was found. */
  readonly message: string;
  /** One sentence on what to do; absent when nothing is to be done. */
  readonly fix?: string;
  /** Worth knowing while one sets up; nothing that is in use ails. */
  readonly setup?: boolean;
}

export interface Adapter {
  /** What `adapter` in settings, agent files and journals says. */
  readonly kind: string;
  /** What answers, for people: the rest of a sentence after the kind. */
  readonly describes: string;
  /** The settings that it reads besides those of every agent. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** What opening it would do that an untrusted workspace must not: `start a program`. Absent: nothing. */
  readonly does?: string;
  /** The only host that can provide it, by the name that people know. Absent: every host can. */
  readonly host?: { readonly name: string; readonly isHere: (place: AdapterPlace) => boolean };
  /** The program that it starts, as the settings or the PATH name it. Absent, or undefined: none. */
  readonly program?: (record: AgentRecord) => string | undefined;
  /** How to get that program where it is not there: a sentence. Absent: correct the command. */
  readonly install?: (record: AgentRecord) => string | undefined;
  /** What is wrong with the settings: the rest of a sentence after the agent's name, and the next move. */
  readonly check?: (record: AgentRecord) => string | undefined;
  /** Puts into a record what must not depend on where it is read later, such as relative paths. */
  readonly settle?: (record: AgentRecord, place: AdapterPlace) => AgentRecord;
  /** Whether an attempt whose outcome is unknown may simply be made again, when no setting says it. */
  readonly usualEffects: (record: AgentRecord) => Effects;
  /** Looks whether it is here, for a choice that nobody made. Cheap: a second at most. Absent: it is never found. */
  readonly detect?: (place: AdapterPlace) => Promise<Detected | undefined>;
  readonly open: (opening: Opening) => Agent;
  /** What a person should know; `uses` are the agents here that it stands behind. Every problem has a fix. */
  readonly examine?: (
    place: AdapterPlace,
    uses: readonly AgentChoice[],
  ) => Promise<readonly AgentFinding[]>;
}

/** A setting that is a text. */
export function textOf(record: AgentRecord, key: string): string | undefined {
  const value = setting(record, key);
  return typeof value === "string" ? value : undefined;
}

/** A setting that is a number; a duration is one of milliseconds. */
export function numberOf(record: AgentRecord, key: string): number | undefined {
  const value = setting(record, key);
  return typeof value === "number" ? value : undefined;
}

/** A setting that is a list of words; empty without one. */
export function wordsOf(record: AgentRecord, key: string): readonly string[] {
  const value = setting(record, key);
  return isList(value) ? value.filter((word) => typeof word === "string") : [];
}

/** A setting that is an object of texts; empty without one. */
export function textsOf(record: AgentRecord, key: string): Readonly<Record<string, string>> {
  const value = setting(record, key);
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, text]] : [],
    ),
  );
}

function setting(record: AgentRecord, key: string): Json | undefined {
  return own(record, key);
}
