/**
 * Which adapter stands behind a name, and the definition that a run keeps of it.
 * Owns the order in which a choice is made. Opens nothing.
 */
import { resolve } from "node:path";
import { findCommand } from "../process/path.ts";
import { type Failure, failure } from "../run/failure.ts";
import { hashText } from "../util/hash.ts";
import { isList, type Json, type JsonObject } from "../util/json.ts";
import type { AdapterPlace, Detected } from "./adapter.ts";
import { ADAPTER_KINDS, ADAPTERS, adapterOf } from "./adapters.ts";
import type { AdapterKind, AgentChoice, AgentRecord } from "./agent.ts";
import {
  type AgentEntry,
  type AgentSettings,
  entryValue,
  readAgentEntry,
  suggestion,
} from "./agentSettings.ts";
import type { AgentDefinition } from "./catalogue/definition.ts";
import { type AgentCatalogue, isAgentName } from "./catalogue/definitions.ts";

import { isFailure } from "./isFailure.ts";

export interface ChoosePlace extends AdapterPlace {
  readonly settings: AgentSettings;
  readonly trusted: () => boolean;
  readonly catalogue: AgentCatalogue;
  /** Looks for what is here; asked once for all the names that are chosen together. */
  readonly look: () => Promise<ReadonlyMap<AdapterKind, Detected>>;
}

/** Chooses for a name. Fails with `invalid_input`: an unknown name, a wrong setting. */
export async function chooseAgent(
  place: ChoosePlace,
  name: string,
  overrides: JsonObject | undefined,
): Promise<AgentChoice | Failure> {
  const { settings, catalogue } = place;
  const known = catalogue.agents.get(name) ?? (overrides === undefined ? undefined : bare(name));
  if (known === undefined) return unknownAgent(name, catalogue);
  const set = readAgentEntry(name, entryValue(settings.agents, name));
  if (isFailure(set)) return set;
  const said = readAgentEntry(name, overrides, "the workflow");
  if (isFailure(said)) return said;
  const entry = { ...set, ...said };
  const picked = await pick(place, known, entry);
  if (isFailure(picked)) return picked;
  const choice = choiceOf(place, known, { ...picked.entry, ...entry }, picked);
  return isFailure(choice) ? choice : withProgram(place, choice);
}

/**
 * Why this host cannot open a recorded choice whose program was there when its run was started; undefined when it can.
 * `machine`: where that was; undefined: on this one.
 */
export async function missingHere(
  place: AdapterPlace,
  { name, program }: AgentChoice,
  machine: string | undefined,
): Promise<Failure | undefined> {
  if (program === undefined || (await isThere(place, program))) return undefined;
  if (machine === undefined) {
    const gone = `Agent ${name} is the program ${program}, which was there when the run was started and is not any more. Install it again, or put its folder back on the PATH: then the run goes on.`;
    return failure("agent_unavailable", gone);
  }
  const message = `Agent ${name} is the program ${program}, which was there on ${machine}, where the run was started, and is not on this host. Open the run on ${machine}, or install ${program} here: then the run goes on.`;
  return failure("agent_unavailable", message, { host: machine });
}

/** SHA-256 of a definition's JSON with its keys in order. */
export function hashRecord(record: AgentRecord): string {
  const sorted = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return hashText(JSON.stringify(Object.fromEntries(sorted)));
}

/** Looks for every adapter at once; what is here in any way, in the order of the table. */
export async function lookAround(place: AdapterPlace): Promise<ReadonlyMap<AdapterKind, Detected>> {
  const seen = await Promise.all(
    ADAPTERS.map(async ({ kind, detect }) => [kind, await detect?.(place)] as const),
  );
  return new Map(
    seen.flatMap(([kind, found]): [AdapterKind, Detected][] =>
      found === undefined ? [] : [[kind, found]],
    ),
  );
}

/** Remembers a program that is there: a host without it then leaves the run to one that has it. */
async function withProgram(place: ChoosePlace, choice: AgentChoice): Promise<AgentChoice> {
  const program = adapterOf(choice.adapter)?.program?.(choice.definition);
  if (program === undefined || !place.trusted() || !(await isThere(place, program))) return choice;
  return { ...choice, program };
}

async function isThere(place: AdapterPlace, program: string): Promise<boolean> {
  const { environment, workspace } = place;
  const file = /[\\/]/.test(program) ? resolve(workspace, program) : program;
  return (await findCommand(file, environment.PATH ?? "")) !== undefined;
}

interface Picked {
  readonly adapter: AdapterKind;
  readonly why: string;
  /** Settings that came with the adapter: those of the default agent, or of what was found. */
  readonly entry: AgentEntry;
}

/** In order: the test's script, this agent's own setting, its file, the general setting, what is found, offline. */
async function pick(
  place: ChoosePlace,
  definition: AgentDefinition,
  entry: AgentEntry,
): Promise<Picked | Failure> {
  const { environment, settings, trusted, look } = place;
  const script = environment.FERMATA_SCRIPTED_AGENT ?? "";
  if (script !== "") return { adapter: "scripted", why: "configured", entry: { script } };
  const adapter = textIn(entry, "adapter") ?? definition.adapter;
  if (adapter !== undefined) return { adapter, why: "configured", entry: {} };
  const general = environment.FERMATA_AGENT || settings.defaultAgent;
  const configured =
    general === undefined ? undefined : fromDefault(place, definition.name, general);
  if (configured !== undefined) return configured;
  if (!trusted()) return { adapter: "offline", why: "untrusted workspace: offline", entry: {} };
  return fromFound(await look());
}

function fromFound(seen: ReadonlyMap<AdapterKind, Detected>): Picked {
  const amiss: string[] = [];
  for (const [adapter, detected] of seen) {
    if ("found" in detected)
      return { adapter, why: detected.found, entry: detected.settings ?? {} };
    amiss.push(detected.amiss);
  }
  const why = amiss.length === 0 ? "nothing found" : amiss.join(", ");
  return { adapter: "offline", why: `${why}: offline`, entry: {} };
}

function fromDefault(
  { settings, catalogue }: ChoosePlace,
  name: string,
  general: string,
): Picked | Failure | undefined {
  if (adapterOf(general)) return { adapter: general, why: "configured", entry: {} };
  if (!isAgentName(general)) {
    const message = `The default agent "${general}" is neither an adapter (${ADAPTER_KINDS.join(", ")}) nor an @name${suggestion(general, ADAPTER_KINDS)}. Correct defaultAgent in the settings, or FERMATA_AGENT.`;
    return failure("invalid_input", message);
  }
  if (general === name) return undefined;
  const known = catalogue.agents.get(general);
  if (known === undefined) {
    const { code, message } = unknownAgent(general, catalogue);
    return failure(
      code,
      `${message} It is the default agent: correct defaultAgent in the settings, or FERMATA_AGENT.`,
    );
  }
  const set = readAgentEntry(general, entryValue(settings.agents, general));
  if (isFailure(set)) return set;
  const adapter = textIn(set, "adapter") ?? known.adapter;
  const entry = known.model === undefined ? set : { model: known.model, ...set };
  return adapter === undefined ? undefined : { adapter, why: "configured", entry };
}

function choiceOf(
  place: ChoosePlace,
  definition: AgentDefinition,
  entry: AgentEntry,
  { adapter: kind, why }: Picked,
): AgentChoice | Failure {
  const adapter = adapterOf(kind);
  if (adapter === undefined) return noAdapter(definition.name, kind);
  const elsewhere = onlyElsewhere(place, definition.name, kind);
  if (elsewhere !== undefined) return elsewhere;
  const written = recordOf(definition, entry, Object.keys(adapter.settings));
  const wrong = adapter.check?.(written);
  if (wrong !== undefined) return failure("invalid_input", `Agent ${definition.name} ${wrong}`);
  const record = adapter.settle?.(written, place) ?? written;
  const effects =
    entry.effects === "once" || entry.effects === "repeatable"
      ? entry.effects
      : adapter.usualEffects(record);
  return {
    name: definition.name,
    adapter: kind,
    effects,
    definition: record,
    hash: hashRecord(record),
    why,
  };
}

/** Why this host can open no agent of a kind, and which one can; undefined when it can. */
export function onlyElsewhere(
  place: AdapterPlace,
  name: string,
  kind: AdapterKind,
): Failure | undefined {
  const adapter = adapterOf(kind);
  if (adapter === undefined) return noAdapter(name, kind);
  if (adapter.host === undefined || adapter.host.isHere(place)) return undefined;
  const message = `Agent ${name} is ${adapter.describes}, and this host is not ${adapter.host.name}. Open the folder in ${adapter.host.name}: the run goes on there. Or choose another agent for a new run.`;
  return failure("agent_unavailable", message, { host: adapter.host.name });
}

/** The failure of a kind that this build has no adapter for. */
export function noAdapter(name: string, kind: AdapterKind): Failure {
  const message = `Agent ${name} needs the adapter ${kind}, and this version of Fermata has none of that name. Continue with the version that started the run, or choose another agent.`;
  return failure("agent_unavailable", message);
}

function recordOf(
  definition: AgentDefinition,
  entry: AgentEntry,
  read: readonly string[],
): AgentRecord {
  const system = textIn(entry, "system_prompt") ?? definition.systemPrompt;
  const model = textIn(entry, "model") ?? definition.model;
  const tools = isList(entry.tools) ? entry.tools.map(String) : definition.tools;
  const room = entry.context_tokens;
  const settings: [string, Json][] = read.flatMap((key) => {
    const value = entry[key];
    return value === undefined ? [] : [[key, value]];
  });
  return {
    ...Object.fromEntries(settings),
    source: definition.source,
    description: textIn(entry, "description") ?? definition.description,
    ...(system === "" ? {} : { system_prompt: system }),
    ...(model === undefined ? {} : { model }),
    ...(tools === undefined ? {} : { tools }),
    ...(isList(entry.allowed_env) ? { allowed_env: entry.allowed_env.map(String) } : {}),
    ...(typeof room === "number" ? { context_tokens: room } : {}),
  };
}

function textIn(entry: AgentEntry, key: string): string | undefined {
  const value = entry[key];
  return typeof value === "string" ? value : undefined;
}

function bare(name: string): AgentDefinition | undefined {
  return isAgentName(name)
    ? { name, description: "", systemPrompt: "", source: "workflow" }
    : undefined;
}

function unknownAgent(name: string, { agents }: AgentCatalogue): Failure {
  const names = [...agents.keys()];
  const meant = suggestion(name, names) || ".";
  const message = `There is no agent ${name}${meant} Known: ${names.join(", ")}. Use one of them, or add a file .fermata/agents/NAME.md.`;
  return failure("invalid_input", message, { known: names });
}
