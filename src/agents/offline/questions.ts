/**
 * Breaks a task into questions that a search of the workspace can answer.
 * Owns the questions' wording: short, and made of words that are likely to stand in code and documentation.
 */
import { requirementsIn, taskWords } from "./requirements.ts";
import { type OfflineAnswer, SIGNATURE } from "./research.ts";

export interface QuestionsRequest {
  readonly task: string;
  readonly requirements: string;
  readonly count: number;
}

/** At most `count` questions: about the task, each requirement, then the ground that every change stands on. */
export function researchQuestions({ task, requirements, count }: QuestionsRequest): OfflineAnswer {
  const questions = choose(task, requirementsIn(requirements)).slice(0, count);
  const response = [
    `${SIGNATURE}questions made from the words of the task and its requirements.`,
    "",
    ...questions.map((question, index) => `${index + 1}. ${question}`),
  ].join("\n");
  return {
    response,
    facts: {
      kind: "questions",
      questions: questions.map((question) => ({ text: question, question, query: question })),
      task,
      summary: response,
    },
  };
}

function choose(task: string, requirements: readonly string[]): string[] {
  const { object, place } = taskWords(task);
  const ground = place ?? object;
  const first = [`What exists today for ${object}?`];
  if (place !== undefined) first.push(`Where is ${place} today?`);
  const asked = requirements.slice(0, 6).map((requirement) => aboutRequirement(requirement));
  const standing = [
    `How is ${ground} tested?`,
    `Which settings does ${ground} use?`,
    `How are errors of ${ground} reported?`,
    `Which conventions do contributors follow?`,
    `How is ${ground} monitored and logged?`,
    `How is ${ground} deployed?`,
    `Where is ${object} documented?`,
  ];
  // Requirements weigh more than the standing questions, yet one of those always gets a place.
  return [
    ...new Set([
      ...first,
      ...asked.slice(0, 2),
      ...standing.slice(0, 1),
      ...asked.slice(2),
      ...standing.slice(1),
    ]),
  ];
}

function aboutRequirement(requirement: string): string {
  const text = requirement.replace(/[.;:!?]+$/, "").replaceAll('"', "'");
  return `What exists today for "${text.length <= 160 ? text : `${text.slice(0, 159)}\u2026`}"?`;
}
