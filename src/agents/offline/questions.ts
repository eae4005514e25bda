/**
 * Breaks a task into questions that a search of the workspace can answer.
 * Owns the questions' wording: short, and made of words that are likely to stand in code and documentation.
 */
import { approachFor } from "./plan/approach.ts";
import { CONSTRAINT, overlap, requirementsIn, taskWords } from "./requirements.ts";
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
  const words = { object, place: place ?? object };
  const [first = "", second = "", ...standing] = approachFor(task).questions.map((question) =>
    question.replaceAll("{object}", words.object).replaceAll("{place}", words.place),
  );
  const asked = requirements
    .filter((requirement) => !CONSTRAINT.test(requirement))
    .slice(0, 6)
    .map(aboutRequirement);
  // Requirements weigh more than the standing questions, yet one of those always gets a place.
  const all = [
    first,
    second,
    ...asked.slice(0, 2),
    ...standing.slice(0, 1),
    ...asked.slice(2),
    ...standing.slice(1),
  ];
  return withoutTwins(all);
}

/** No two that ask for the same words in another order. */
function withoutTwins(questions: readonly string[]): string[] {
  return questions.filter(
    (question, index) =>
      !questions
        .slice(0, index)
        .some((earlier) => overlap(question, earlier) === 1 && overlap(earlier, question) === 1),
  );
}

function aboutRequirement(requirement: string): string {
  const text = requirement.replace(/[.;:!?]+$/, "").replaceAll('"', "'");
  return `What exists today for "${text.length <= 160 ? text : `${text.slice(0, 159)}\u2026`}"?`;
}
