/**
 * Which questions of a run another agent may answer. A person says so in their own settings, never a folder: an agent
 * could write it there.
 */
import type { Form } from "../../run/ask/breakpoint.ts";

/**
 * - `never`: every question waits for a person
 * - `questions`: what asks for knowledge: text, a choice, a form
 * - `all`: also what asks for a decision: plans, yes or no, stops, unknown outcomes
 */
export type AgentAnswers = "never" | "questions" | "all";

export const AGENT_ANSWERS: readonly AgentAnswers[] = ["never", "questions", "all"];

/** What a setting says; anything that it cannot mean is the careful word. */
export function agentAnswersOf(setting: unknown): AgentAnswers {
  return AGENT_ANSWERS.find((word) => word === setting) ?? "never";
}

/** True when an agent may answer what this form asks. */
export function mayAnswer(allowed: AgentAnswers, form: Form): boolean {
  return allowed === "all" || (allowed === "questions" && asksForKnowledge(form));
}

/** False for what is a person's decision, or says that a person has read something. */
export function asksForKnowledge(form: Form): boolean {
  return form.kind === "prompt" && (KNOWLEDGE as readonly string[]).includes(form.input);
}

const KNOWLEDGE = ["text", "choice", "form"] as const;
