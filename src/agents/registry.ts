/**
 * Which agents there are, which adapter stands behind each name in a run, and how to open it.
 * Owns the order in which a choice is made. An untrusted workspace gets the offline agent: it starts no process.
 */
import { resolve } from "node:path";
import { type Failure, failure } from "../run/failure.ts";
import { hashText } from "../util/hash.ts";
import type { JsonObject } from "../util/json.ts";
import {
  ADAPTERS,
  type AdapterKind,
  type Agent,
  type AgentChoice,
  type AgentRecord,
} from "./agent.ts";
import {
  type AgentEntry,
  type AgentSettings,
  entryValue,
  readAgentEntry,
  suggestion,
} from "./agentSettings.ts";
import { claudeEffects, createClaudeAgent } from "./cli/claude.ts";
import { createCommandAgent } from "./cli/command.ts";
import { findClaude } from "./cli/findClaude.ts";
import {
  type AgentCatalogue,
  type AgentDefinition,
  isAgentName,
  readCatalogue,
} from "./definitions.ts";
import { type AgentFinding, examineAgents } from "./examine.ts";
import { createOfflineAgent } from "./offline/offlineAgent.ts";
import { createScriptedAgent } from "./scripted.ts";

export interface AgentsDependencies {
  /** Absolute path of the workspace's root. */
  readonly workspace: string;
  /** Only what may be believed: the workspace's own settings are left out while it is not trusted. */
  readonly settings: AgentSettings;
  /** Asked at each use: trust may be granted while the product runs. */
  readonly trusted: () => boolean;
  /** The host's environment, its PATH as a person's login shell has it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of variables that the person allowed agents to see beyond the usual ones. */
  readonly allowedVariables?: readonly string[];
  /** Entry file of the guard, where it does not lie beside the program. */
  readonly guardScript?: string;
}

export interface Agents {
  /** Agent files, settings and the built-in ones; read anew at each call. */
  readonly catalogue: () => Promise<AgentCatalogue>;
  /**
   * Chooses what stands behind a name, for the run's first event. `overrides` is what the workflow's own `agents`
   * says of it. Fails with `invalid_input` (unknown name, wrong setting) or `untrusted`.
   */
  readonly choose: (name: string, overrides?: JsonObject) => Promise<AgentChoice | Failure>;
  /** Opens a recorded choice. Fails with `untrusted` when it would start a process in an untrusted workspace. */
  readonly open: (choice: AgentChoice) => Agent | Failure;
  /** What a person should know about the agents here; each problem with its remedy. */
  readonly doctor: () => Promise<readonly AgentFinding[]>;
}

export function createAgents(dependencies: AgentsDependencies): Agents {
  const opened = new Map<string, Agent>();
  const choose = (name: string, overrides?: JsonObject) =>
    chooseAgent(dependencies, name, overrides);
  return {
    catalogue: () => catalogueOf(dependencies),
    choose,
    open: (choice) => {
      const key = `${choice.name} ${choice.adapter} ${choice.hash} ${choice.effects}`;
      const agent = openedAgent(dependencies, choice, opened.get(key));
      if ("kind" in agent) opened.set(key, agent);
      return agent;
    },
    doctor: async () =>
      examineAgents({
        catalogue: await catalogueOf(dependencies),
        claude: dependencies.trusted() ? await findClaude(dependencies.environment) : {},
        trusted: dependencies.trusted(),
        choose,
      }),
  };
}

/** SHA-256 of a definition's JSON with its keys in order. */
export function hashRecord(record: AgentRecord): string {
  const sorted = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return hashText(JSON.stringify(Object.fromEntries(sorted)));
}

async function catalogueOf({ workspace, settings }: AgentsDependencies): Promise<AgentCatalogue> {
  const read = await readCatalogue(workspace);
  const agents = new Map(read.agents);
  for (const written of Object.keys(settings.agents)) {
    const name = written.startsWith("@") ? written : `@${written}`;
    const entry = readAgentEntry(name, settings.agents[written]);
    if (!isAgentName(name) || "code" in entry || agents.has(name)) continue;
    agents.set(name, {
      name,
      description: entry.description ?? "",
      systemPrompt: "",
      source: "settings",
    });
  }
  return { agents, diagnostics: read.diagnostics };
}

async function chooseAgent(
  dependencies: AgentsDependencies,
  name: string,
  overrides: JsonObject | undefined,
): Promise<AgentChoice | Failure> {
  const { settings } = dependencies;
  const catalogue = await catalogueOf(dependencies);
  const known = catalogue.agents.get(name) ?? (overrides === undefined ? undefined : bare(name));
  if (known === undefined) return unknownAgent(name, catalogue);
  const set = readAgentEntry(name, entryValue(settings.agents, name));
  if ("code" in set) return set;
  const own = readAgentEntry(name, overrides);
  if ("code" in own) return own;
  const entry = { ...set, ...own };
  const picked = await pick(dependencies, known, entry);
  return "code" in picked
    ? picked
    : choiceOf(dependencies, known, { ...picked.entry, ...entry }, picked);
}

interface Picked {
  readonly adapter: AdapterKind;
  readonly why: string;
  /** Settings that came with the adapter: those of the default agent. */
  readonly entry: AgentEntry;
}

/** In order: the test's script, this agent's own setting, its file, the general setting, what is found, offline. */
async function pick(
  { environment, settings, trusted }: AgentsDependencies,
  definition: AgentDefinition,
  entry: AgentEntry,
): Promise<Picked | Failure> {
  const script = environment.FERMATA_SCRIPTED_AGENT ?? "";
  if (script !== "") return { adapter: "scripted", why: "configured", entry: { script } };
  const adapter = entry.adapter ?? definition.adapter;
  if (adapter !== undefined) return { adapter, why: "configured", entry: {} };
  const general = environment.FERMATA_AGENT || settings.defaultAgent;
  const configured =
    general === undefined ? undefined : fromDefault(settings, definition.name, general);
  if (configured !== undefined) return configured;
  if (!trusted()) return { adapter: "offline", why: "untrusted workspace: offline", entry: {} };
  const claude = await findClaude(environment);
  if (claude.credentials !== undefined)
    return { adapter: "claude", why: "found claude on PATH", entry: {} };
  const why =
    claude.program === undefined ? "nothing found: offline" : "claude is not logged in: offline";
  return { adapter: "offline", why, entry: {} };
}

function fromDefault(
  settings: AgentSettings,
  name: string,
  general: string,
): Picked | Failure | undefined {
  const adapter = ADAPTERS.find((known) => known === general);
  if (adapter !== undefined) return { adapter, why: "configured", entry: {} };
  if (!isAgentName(general)) {
    const message = `The default agent "${general}" is neither an adapter (${ADAPTERS.join(", ")}) nor an @name${suggestion(general, ADAPTERS)}. Correct defaultAgent in the settings, or FERMATA_AGENT.`;
    return failure("invalid_input", message);
  }
  if (general === name) return undefined;
  const entry = readAgentEntry(general, entryValue(settings.agents, general));
  if ("code" in entry) return entry;
  return entry.adapter === undefined
    ? undefined
    : { adapter: entry.adapter, why: "configured", entry };
}

function choiceOf(
  { workspace }: AgentsDependencies,
  definition: AgentDefinition,
  entry: AgentEntry,
  { adapter, why }: Picked,
): AgentChoice | Failure {
  if (adapter === "command" && (entry.command ?? []).length === 0) {
    return failure(
      "invalid_input",
      `Agent ${definition.name} has the adapter command but no command. Add "command": ["program", "argument"] to its settings.`,
    );
  }
  if (adapter === "scripted" && entry.script === undefined) {
    return failure(
      "invalid_input",
      `Agent ${definition.name} has the adapter scripted but no script. Add "script": "path" to its settings.`,
    );
  }
  const record = recordOf(workspace, definition, entry, adapter);
  const effects = entry.effects ?? usualEffects(adapter, record);
  return {
    name: definition.name,
    adapter,
    effects,
    definition: record,
    hash: hashRecord(record),
    why,
  };
}

function recordOf(
  workspace: string,
  definition: AgentDefinition,
  entry: AgentEntry,
  adapter: AdapterKind,
): AgentRecord {
  const system = entry.systemPrompt ?? definition.systemPrompt;
  const model = entry.model ?? definition.model;
  const tools = entry.tools ?? definition.tools;
  const runs = adapter === "command" || adapter === "claude";
  return {
    source: definition.source,
    description: entry.description ?? definition.description,
    ...(system === "" ? {} : { system_prompt: system }),
    ...(model === undefined ? {} : { model }),
    ...(tools === undefined ? {} : { tools }),
    ...(runs && entry.command !== undefined ? { command: entry.command } : {}),
    ...(adapter === "scripted" && entry.script !== undefined
      ? { script: resolve(workspace, entry.script) }
      : {}),
    ...(entry.permissionMode === undefined ? {} : { permission_mode: entry.permissionMode }),
  };
}

function usualEffects(adapter: AdapterKind, record: AgentRecord) {
  switch (adapter) {
    case "offline":
    case "scripted":
      return "repeatable";
    case "claude":
      return claudeEffects(record);
    case "command":
      return "once";
  }
}

function openedAgent(
  dependencies: AgentsDependencies,
  choice: AgentChoice,
  earlier: Agent | undefined,
): Agent | Failure {
  const { adapter, name, definition, effects } = choice;
  if ((adapter === "claude" || adapter === "command") && !dependencies.trusted()) {
    return failure(
      "untrusted",
      `Agent ${name} would start a program, and this workspace is not trusted. Trust it, or choose the offline agent.`,
    );
  }
  if (earlier !== undefined) return earlier;
  switch (adapter) {
    case "offline":
      return createOfflineAgent();
    case "scripted":
      return createScriptedAgent({ name, script: definition.script ?? "", effects });
    case "claude":
      return createClaudeAgent({ ...dependencies, definition, effects });
    case "command":
      return createCommandAgent({ ...dependencies, name, definition, effects });
  }
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
