/**
 * What a person should know about the agents of a workspace, for `fermata doctor`.
 * Owns the order of the findings; what they say of an adapter is the adapter's. Starts nothing.
 */
import type { Failure } from "../run/failure.ts";
import { behindName } from "../run/start/chosenAgents.ts";
import { isObject, type Json } from "../util/json.ts";
import { agentName } from "../workflow/agents/agentKey.ts";
import type { Adapter, AdapterPlace, AgentFinding } from "./adapter.ts";
import type { AgentChoice } from "./agent.ts";
import { type AgentSettings, settingProblems } from "./agentSettings.ts";
import { type AgentCatalogue, isAgentName } from "./catalogue/definitions.ts";
import type { ChoosePlace } from "./choose.ts";
import { isFailure } from "./isFailure.ts";

export interface Examined extends AdapterPlace, Pick<ChoosePlace, "look"> {
  readonly catalogue: AgentCatalogue;
  readonly settings: AgentSettings;
  readonly adapters: readonly Adapter[];
  readonly trusted: boolean;
  readonly choose: (name: string) => Promise<AgentChoice | Failure>;
}

/** The agents chosen for each name, the state of what is behind them, the problems in agent files. */
export async function examineAgents(examined: Examined): Promise<readonly AgentFinding[]> {
  const { catalogue, settings, trusted, choose } = examined;
  const choices = await Promise.all([...catalogue.agents.keys()].map((name) => choose(name)));
  return [
    ...choices.map(choiceFinding),
    ...Object.keys(settings.agents).flatMap(misnamed),
    ...Object.entries(settings.agents).flatMap(idle),
    ...(trusted ? await adapterFindings(examined, choices) : [UNTRUSTED]),
    ...catalogue.diagnostics.map(({ severity, file, line, message }) => ({
      severity,
      message: `${file}:${line}: ${message}`,
      fix: `Correct ${file}.`,
    })),
  ];
}

const UNTRUSTED: AgentFinding = {
  severity: "warning",
  message:
    "This workspace is not trusted: agents that start a program are off, and none was looked for.",
  fix: "Trust the workspace if you know where it comes from.",
};

async function adapterFindings(
  { adapters, look, ...place }: Examined,
  choices: readonly (AgentChoice | Failure)[],
): Promise<readonly AgentFinding[]> {
  const made = choices.flatMap((choice) => (isFailure(choice) ? [] : [choice]));
  const findings = await Promise.all(
    adapters.map(async (adapter) => {
      const uses = made.filter((choice) => choice.adapter === adapter.kind);
      const missing = uses.flatMap((use) => absentProgram(adapter, use));
      const there = uses.filter((use) => absentProgram(adapter, use).length === 0);
      return [...missing, ...((await adapter.examine?.(place, there)) ?? [])];
    }),
  );
  const unset = made.some(({ adapter, why }) => adapter === "offline" && why !== "configured");
  const nothing = unset && (await look()).size === 0 ? [NOTHING_FOUND] : [];
  return [...nothing, ...findings.flat()];
}

const NOTHING_FOUND: AgentFinding = {
  severity: "warning",
  setup: true,
  message: "No agent was found here: those without a setting are offline and have no model.",
  fix: "Install one and log in, such as Claude Code (npm install -g @anthropic-ai/claude-code), or start Ollama; then ask again.",
};

/** An agent of the settings whose program is not there; nothing when it is. */
function absentProgram(
  adapter: Adapter,
  { name, definition, program: found }: AgentChoice,
): readonly AgentFinding[] {
  const program = adapter.program?.(definition);
  if (program === undefined || found !== undefined) return [];
  const message = `The agent ${name} would start ${program}, which is not there.`;
  const fix = adapter.install?.(definition) ?? "Correct the command in the agent's settings.";
  return [{ severity: "error", message, fix }];
}

/** A name of the settings that no step can say. */
function misnamed(written: string): readonly AgentFinding[] {
  if (isAgentName(agentName(written))) return [];
  const message = `"${written}" under agents in the settings is no agent name: "@", then letters, digits, ".", "_" and "-".`;
  return [{ severity: "error", message, fix: "Correct the name in the settings." }];
}

/** Settings that do nothing; what is wrong with others is told where the agent cannot be chosen. */
function idle([name, settings]: readonly [string, Json]): readonly AgentFinding[] {
  const problems = isObject(settings) ? settingProblems(settings).filter((each) => each.idle) : [];
  return problems.map(({ message }) => ({
    severity: "warning",
    message: `${agentName(name)}: ${message}`,
    fix: "Remove it from the settings, or change the adapter.",
  }));
}

function choiceFinding(choice: AgentChoice | Failure): AgentFinding {
  if (isFailure(choice)) {
    const { code, message } = choice;
    // What another host can provide is right there.
    return code === "agent_unavailable"
      ? { severity: "warning", message, fix: "Give it another adapter to use it on this host." }
      : { severity: "error", message, fix: "Correct the settings." };
  }
  const message = `${choice.name}: ${behindName(choice)}, from ${choice.definition.source}.`;
  return { severity: "ok", message };
}
