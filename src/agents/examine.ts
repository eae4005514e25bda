/**
 * What a person should know about the agents of a workspace, for `fermata doctor`.
 * Owns the order of the findings; what they say of an adapter is the adapter's. Starts nothing.
 */
import type { Failure } from "../run/failure.ts";
import type { Adapter, AdapterPlace, AgentFinding } from "./adapter.ts";
import type { AgentChoice } from "./agent.ts";

import type { AgentCatalogue } from "./catalogue/definitions.ts";

import { isFailure } from "./isFailure.ts";

export interface Examined extends AdapterPlace {
  readonly catalogue: AgentCatalogue;
  readonly adapters: readonly Adapter[];
  readonly trusted: boolean;
  readonly choose: (name: string) => Promise<AgentChoice | Failure>;
}

/** The agents chosen for each name, the state of what is behind them, the problems in agent files. */
export async function examineAgents(examined: Examined): Promise<readonly AgentFinding[]> {
  const { catalogue, trusted, choose } = examined;
  const choices = await Promise.all([...catalogue.agents.keys()].map((name) => choose(name)));
  return [
    ...choices.map(choiceFinding),
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
  { adapters, ...place }: Examined,
  choices: readonly (AgentChoice | Failure)[],
): Promise<readonly AgentFinding[]> {
  const findings = await Promise.all(
    adapters.map(({ kind, examine }) => {
      const uses = choices.flatMap((choice) =>
        !isFailure(choice) && choice.adapter === kind ? [choice] : [],
      );
      return examine?.(place, uses) ?? [];
    }),
  );
  return findings.flat();
}

function choiceFinding(choice: AgentChoice | Failure): AgentFinding {
  if (isFailure(choice))
    return { severity: "error", message: choice.message, fix: "Correct the settings." };
  const model = choice.definition.model === undefined ? "" : `, model ${choice.definition.model}`;
  return {
    severity: "ok",
    message: `${choice.name}: ${choice.adapter}${model} (${choice.why}), from ${choice.definition.source}.`,
  };
}
