/**
 * What a person should know about the agents of a workspace, for `fermata doctor`.
 * Owns the findings and their remedies. Starts nothing.
 */
import type { Failure } from "../run/failure.ts";
import type { AgentChoice } from "./agent.ts";
import type { FoundClaude } from "./cli/findClaude.ts";
import type { AgentCatalogue } from "./definitions.ts";

export interface AgentFinding {
  readonly severity: "ok" | "warning" | "error";
  /** One sentence on what was found. */
  readonly message: string;
  /** One sentence on what to do; absent when nothing is to be done. */
  readonly fix?: string;
}

export interface Examined {
  readonly catalogue: AgentCatalogue;
  readonly claude: FoundClaude;
  readonly trusted: boolean;
  readonly choose: (name: string) => Promise<AgentChoice | Failure>;
}

/** The agents chosen for each name, the state of the programs behind them, the problems in agent files. */
export async function examineAgents({
  catalogue,
  claude,
  trusted,
  choose,
}: Examined): Promise<readonly AgentFinding[]> {
  const choices = await Promise.all([...catalogue.agents.keys()].map((name) => choose(name)));
  return [
    ...choices.map(choiceFinding),
    trusted ? claudeFinding(claude) : UNTRUSTED,
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

function choiceFinding(choice: AgentChoice | Failure): AgentFinding {
  if ("code" in choice)
    return { severity: "error", message: choice.message, fix: "Correct the settings." };
  const model = choice.definition.model === undefined ? "" : `, model ${choice.definition.model}`;
  return {
    severity: "ok",
    message: `${choice.name}: ${choice.adapter}${model} (${choice.why}), from ${choice.definition.source}.`,
  };
}

function claudeFinding({ program, credentials }: FoundClaude): AgentFinding {
  if (program === undefined) {
    return {
      severity: "warning",
      message: "claude is not on the PATH: agents without a setting are offline and have no model.",
      fix: "Install it with npm install -g @anthropic-ai/claude-code, log in, and ask again.",
    };
  }
  if (credentials === undefined) {
    return {
      severity: "warning",
      message: `claude was found at ${program}, but nothing shows that it is logged in, so it is not used unless a setting names it.`,
      fix: "Run claude once and log in, or set ANTHROPIC_API_KEY; or set defaultAgent to claude.",
    };
  }
  return {
    severity: "ok",
    message: `claude was found at ${program}; logged in by ${credentials}.`,
  };
}
