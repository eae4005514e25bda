/**
 * The prompt generator: what an agent is told in an iteration. The task as it was put comes first, then what it is held
 * to, what came before, and what to mend. Pure; knows no agent.
 */
import { estimateTokens } from "../../util/shorten.ts";
import type { IterationNote, PromptPart } from "./facts.ts";
import { noteText } from "./iteration.ts";

export interface PromptAsked {
  /** What the task is called. */
  readonly title: string;
  /** Rendered. */
  readonly instructions: string;
  readonly requirements?: readonly string[] | undefined;
  /** Texts given with the task, each under its name. */
  readonly context?: readonly { readonly name: string; readonly text: string }[];
  /** The iterations before this one, oldest first. */
  readonly notes: readonly IterationNote[];
}

export interface Prompt {
  readonly text: string;
  readonly parts: readonly PromptPart[];
}

/** The task as a person put it: what it is called, where the instructions do not say it, and what is to be done. */
export function taskText(title: string, instructions: string): string {
  if (instructions.trim() === "") return title;
  const named = instructions.toLowerCase().includes(title.toLowerCase());
  return named ? instructions : `${title}\n\n${instructions}`;
}

/** A prompt that is never empty and always names its task. */
export function generatePrompt(asked: PromptAsked): Prompt {
  const sections = [
    { name: "task", text: taskText(asked.title, asked.instructions) },
    ...besideTask(asked),
  ];
  const parts = sections.map(({ name, text }) => ({ name, tokens: estimateTokens(text) }));
  return { text: textOf(sections), parts };
}

/** What is said beside the task, for whoever has that in a form of its own; empty where there is nothing to say. */
export function saidBeside(asked: Omit<PromptAsked, "title" | "instructions">): string {
  return textOf(besideTask(asked));
}

interface Section {
  readonly name: string;
  readonly text: string;
}

function textOf(sections: readonly Section[]): string {
  return sections.map(({ text }) => text).join("\n\n");
}

function besideTask(asked: Omit<PromptAsked, "title" | "instructions">): readonly Section[] {
  const { requirements = [], context = [], notes } = asked;
  const sections: Section[] = [];
  if (requirements.length > 0)
    sections.push({ name: "requirements", text: `It must meet:\n${listed(requirements)}` });
  for (const { name, text } of context) sections.push({ name, text });
  return [...sections, ...fromBefore(notes)];
}

function fromBefore(notes: readonly IterationNote[]): readonly Section[] {
  const last = notes.at(-1);
  if (!last) return [];
  const sections = [
    {
      name: "history",
      text: `This is iteration ${last.iteration + 1}. What came before stays where it was; go on from there.\n\n${notes.map((note) => noteText(note, note !== last)).join("\n\n")}`,
    },
  ];
  if (last.findings.length > 0)
    sections.push({
      name: "findings",
      text: `Mend this now, and keep what was right:\n${listed(last.findings.map(({ message }) => message))}`,
    });
  const said = notes.flatMap(({ guidance }) => (guidance === undefined ? [] : [guidance]));
  if (said.length > 0) sections.push({ name: "guidance", text: `A person said:\n${listed(said)}` });
  return sections;
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line.replaceAll("\n", "\n  ")}`).join("\n");
}
