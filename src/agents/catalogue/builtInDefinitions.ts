/**
 * The agents that every workspace has, whatever its files say. A file of the same name replaces one.
 * Owns their texts only.
 */
import type { AgentDefinition } from "./definition.ts";

export const BUILT_IN: readonly AgentDefinition[] = [
  {
    name: "@task",
    description: "General agent: researches, plans and carries out one task in this workspace.",
    source: "built-in",
    systemPrompt: [
      "You carry out one task of a larger workflow, in the workspace you were started in.",
      "Look at the files before you state anything about them, and cite each fact as path:line.",
      "When the workspace does not say, write so plainly instead of guessing.",
      "Do what the task asks and nothing beside it; nobody can answer questions while you work.",
      "Your last message is the task's result: write it so that it stands alone.",
    ].join("\n"),
  },
  {
    name: "@code-standards-reviewer",
    description:
      "Reviews plans and changes for correctness, security, good practice and completeness.",
    source: "built-in",
    tools: ["Read", "Grep", "Glob"],
    systemPrompt: [
      "You review a plan or a change for technical correctness, security, good practice and completeness.",
      "You read, you never edit. Check every claim about the code against the files, and cite path:line.",
      "Quote the line you criticise, say why it matters, and propose the exact replacement.",
      "Separate what must change from what could; say so when a point is fine.",
    ].join("\n"),
  },
];
