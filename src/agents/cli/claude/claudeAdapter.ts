/**
 * The claude program's row in the table: its settings, how it is found, what may be wrong with it.
 * Owns the words about it. How it is run is claude.ts's.
 */
import { type Adapter, type AdapterPlace, type AgentFinding, wordsOf } from "../../adapter.ts";
import type { AgentChoice } from "../../agent.ts";
import { detectedProgram, programSetting } from "../../program/login.ts";
import { claudeEffects, createClaudeAgent } from "./claude.ts";
import { findClaude } from "./findClaude.ts";

/** What is said to the program wherever it runs. */
export const CLAUDE_SETTINGS = {
  max_budget_usd: {
    form: "number",
    least: 0,
    describes: "The most dollars that one prompt may cost, by the program's own count.",
  },
  permission_mode: { form: "text", describes: "The program's own permission mode." },
} as const satisfies Adapter["settings"];

export const claudeAdapter: Adapter = {
  kind: "claude",
  describes: "the claude program, one process a prompt",
  settings: {
    command: programSetting("claude"),
    ...CLAUDE_SETTINGS,
  },
  does: "start a program",
  program: (record) => wordsOf(record, "command")[0] ?? "claude",
  install: (record) =>
    wordsOf(record, "command").length === 0
      ? "Install it with npm install -g @anthropic-ai/claude-code, log in, and ask again."
      : undefined,
  usualEffects: claudeEffects,
  detect: async ({ environment }) => detectedProgram("claude", await findClaude(environment)),
  open: createClaudeAgent,
  examine,
};

async function examine(
  { environment }: AdapterPlace,
  uses: readonly AgentChoice[],
): Promise<readonly AgentFinding[]> {
  const setup = uses.length === 0;
  const { program, credentials } = await findClaude(environment);
  // Where nobody asks for it, that it is not there is no news.
  if (program === undefined) return [];
  if (credentials === undefined) {
    return [
      {
        severity: "warning",
        setup,
        message: `claude was found at ${program}, but nothing shows that it is logged in, so it is not used unless a setting names it.`,
        fix: "Run claude once and log in, or set ANTHROPIC_API_KEY; or set defaultAgent to claude.",
      },
    ];
  }
  return [
    {
      severity: "ok",
      message: `claude was found at ${program}; logged in by ${credentials}.`,
    },
  ];
}
