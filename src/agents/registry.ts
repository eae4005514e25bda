/**
 * Which agents there are, which adapter stands behind each name in a run, and how to open it.
 * Owns opened agents. An untrusted workspace opens none that would start a process or a connection.
 */
import { type Failure, failure } from "../run/failure.ts";
import type { JsonObject } from "../util/json.ts";
import { agentName } from "../workflow/agents/agentKey.ts";
import type { AdapterPlace, AgentFinding } from "./adapter.ts";
import { ADAPTERS, adapterOf } from "./adapters.ts";
import type { Agent, AgentChoice } from "./agent.ts";
import { type AgentSettings, readAgentEntry } from "./agentSettings.ts";
import { type AgentCatalogue, isAgentName, readCatalogue } from "./catalogue/definitions.ts";
import {
  type ChoosePlace,
  chooseAgent,
  lookAround,
  missingHere,
  noAdapter,
  onlyElsewhere,
} from "./choose.ts";
import { examineAgents } from "./examine.ts";

import { isFailure } from "./isFailure.ts";

export interface AgentsDependencies extends AdapterPlace {
  /** Only what may be believed: the workspace's own settings are left out while it is not trusted. */
  readonly settings: AgentSettings;
  /** Asked at each use: trust may be granted while the product runs. */
  readonly trusted: () => boolean;
}

export interface Agents {
  /** Agent files, settings and the built-in ones; read anew at each call. */
  readonly catalogue: () => Promise<AgentCatalogue>;
  /**
   * Chooses what stands behind a name, for the run's first event. `overrides` is what the workflow's own `agents`
   * says of it. Fails with `invalid_input` (unknown name, wrong setting).
   */
  readonly choose: (name: string, overrides?: JsonObject) => Promise<AgentChoice | Failure>;
  /** Opens a recorded choice. Fails with `untrusted`, or with `agent_unavailable` for an adapter of another build. */
  readonly open: (choice: AgentChoice) => Agent | Failure;
  /**
   * Why this host cannot open a choice that a run recorded on `machine` (undefined: on this one), and which host can;
   * undefined when it can.
   */
  readonly elsewhere: (
    choice: AgentChoice,
    machine: string | undefined,
  ) => Promise<Failure | undefined>;
  /** What a person should know about the agents here; each problem with its remedy. */
  readonly doctor: () => Promise<readonly AgentFinding[]>;
}

export function createAgents(dependencies: AgentsDependencies): Agents {
  const opened = new Map<string, Agent>();
  return {
    catalogue: () => catalogueOf(dependencies),
    choose: async (name, overrides) =>
      chooseAgent(await choosePlace(dependencies), name, overrides),
    open: (choice) => {
      const key = `${choice.name} ${choice.adapter} ${choice.hash} ${choice.effects}`;
      const agent = openedAgent(dependencies, choice, opened.get(key));
      if (!isFailure(agent)) opened.set(key, agent);
      return agent;
    },
    elsewhere: async (choice, machine) =>
      onlyElsewhere(dependencies, choice.name, choice.adapter) ??
      missingHere(dependencies, choice, machine),
    doctor: async () => {
      const place = await choosePlace(dependencies);
      const choose = (name: string) => chooseAgent(place, name, undefined);
      const trusted = dependencies.trusted();
      return examineAgents({ ...place, adapters: ADAPTERS, trusted, choose });
    },
  };
}

async function choosePlace(dependencies: AgentsDependencies): Promise<ChoosePlace> {
  let looked: ReturnType<typeof lookAround> | undefined;
  return {
    ...dependencies,
    settings: dependencies.settings,
    catalogue: await catalogueOf(dependencies),
    look: () => {
      looked ??= lookAround(dependencies);
      return looked;
    },
  };
}

async function catalogueOf({ workspace, settings }: AgentsDependencies): Promise<AgentCatalogue> {
  const read = await readCatalogue(workspace);
  const agents = new Map(read.agents);
  for (const written of Object.keys(settings.agents)) {
    const name = agentName(written);
    if (!isAgentName(name) || agents.has(name)) continue;
    // One that is wrong is still there, so that whoever names it is told what is wrong.
    const entry = readAgentEntry(name, settings.agents[written]);
    const description = isFailure(entry) ? "" : entry.description;
    agents.set(name, {
      name,
      description: typeof description === "string" ? description : "",
      systemPrompt: "",
      source: "settings",
    });
  }
  return { agents, diagnostics: read.diagnostics };
}

function openedAgent(
  dependencies: AgentsDependencies,
  choice: AgentChoice,
  earlier: Agent | undefined,
): Agent | Failure {
  const { adapter: kind, name, definition, effects } = choice;
  const adapter = adapterOf(kind);
  if (adapter === undefined) return noAdapter(name, kind);
  if (adapter.does !== undefined && !dependencies.trusted()) {
    return failure(
      "untrusted",
      `Agent ${name} would ${adapter.does}, and this workspace is not trusted. Trust it, or choose the offline agent.`,
    );
  }
  const elsewhere = onlyElsewhere(dependencies, name, kind);
  if (elsewhere !== undefined) return elsewhere;
  const { allowed_env: allowed } = definition;
  const environment = allowed ? { allowedVariables: allowed } : {};
  return earlier ?? adapter.open({ ...dependencies, ...environment, name, definition, effects });
}
