/**
 * Research questions for a task, made of its own words and those of its requirements.
 * Owns which questions are asked and in which order; a caller that takes the first n gets the most telling n.
 */
import { pointsOf, shorten } from "./points.ts";

const MAX_QUESTIONS = 6;

/** Up to six different questions. `requirements` may be empty. */
export function researchQuestions(task: string, requirements: string): readonly string[] {
  const [first = task, ...details] = pointsOf(task);
  const subject = shorten(first, 120);
  const [point1, point2, point3] = [...pointsOf(requirements), ...details]
    .filter((point) => point.toLowerCase() !== first.toLowerCase())
    .map(questionAbout);
  const candidates = [
    `What exists already that bears on "${subject}", and how does it work today?`,
    point1,
    questionAboutNames(`${task}\n${requirements}`, subject),
    point2,
    `Which approaches fit "${subject}", and what are the trade-offs between them?`,
    point3,
    `What usually goes wrong with "${subject}" (errors, security, performance, data), and how is it prevented?`,
    `How can it be shown that "${subject}" is done: which tests and which measures?`,
  ];
  const questions = candidates.filter((question) => question !== undefined);
  return [...new Set(questions)].slice(0, MAX_QUESTIONS);
}

const TIME = /\b(deadline|timeline|schedule|due|week|month|day|quarter|hour)s?\b/i;
const LIMIT = /\b(must not|cannot|without|constraint|limit|only|avoid|never|no|budget|keep)\b/i;

function questionAbout(point: string): string {
  const quoted = `"${shorten(point, 140)}"`;
  if (TIME.test(point)) return `What can be done within ${quoted}, and in which order?`;
  if (LIMIT.test(point))
    return `What does ${quoted} rule out, and which ways of working keep to it?`;
  return `What does ${quoted} require, and how is it best met?`;
}

/** Names in the text: code in back quotes, paths, words with inner capitals or digits, capitals inside a sentence. */
function questionAboutNames(text: string, subject: string): string | undefined {
  const found = new Map<string, string>();
  for (const match of text.matchAll(NAME)) {
    const name = match[1] ?? match[0];
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), name);
    if (found.size === 4) break;
  }
  if (found.size === 0) return undefined;
  const names = [...found.values()].join(", ");
  return `What do the documentation and the known problems of ${names} say about "${subject}"?`;
}

const NAME =
  /`([^`\n]{2,40})`|\b[A-Za-z]+[a-z][A-Z][A-Za-z\d]*\b|\b[A-Z]{2,}[A-Za-z\d]*\b|\b[a-z]+\d+[a-z\d]*\b|(?<![\w-])[\w-]+(?:\/[\w.-]+)+\b|(?<=[a-z,] )[A-Z][a-z]+[a-zA-Z\d]*\b/g;
