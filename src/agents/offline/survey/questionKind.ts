/**
 * What kind of answer a question wants: tests, settings, errors, callers, a place.
 * Owns the wordings. Knows no file.
 */

export type QuestionKind =
  | "tests"
  | "settings"
  | "errors"
  | "callers"
  | "logging"
  | "deploy"
  | "conventions"
  | "identity"
  | "place";

export interface Question {
  readonly kind: QuestionKind;
  /** What it is asked of: the question without its own words. */
  readonly subject: string;
}

const KINDS: readonly (readonly [QuestionKind, RegExp])[] = [
  ["tests", /\b(?:tested|tests? cover\w*|covered by|which tests|unit tests?)\b/i],
  ["callers", /\b(?:who|what|which \w+) (?:calls|uses|imports|depends on|consumes)\b/i],
  ["identity", /\b(?:callers?|clients?|users?)\b.*\b(?:identified|recogni[sz]ed|told apart)\b/i],
  ["settings", /\b(?:settings?|configured|configuration|environment variables?)\b/i],
  [
    "errors",
    /\b(?:errors?|failures?|exceptions?)\b.*\b(?:reported|handled|raised|shown|signalled)\b/i,
  ],
  ["deploy", /\b(?:deployed|deployments?|instances?|replicas?)\b/i],
  ["conventions", /\b(?:conventions?|coding style|contributors?)\b/i],
  ["logging", /\b(?:logged|monitored|observed)\b/i],
];
const OWN_WORDS =
  /\b(?:what|which|where|how|who|when|is|are|does|do|did|the|of|for|by|and|exists?|today|already|there|now|tested|tests?|cover(?:ed|s)?|calls|uses|use|imports|settings?|configured|configuration|environment|variables?|errors?|failures?|exceptions?|reported|handled|raised|shown|logged|monitored|deployed|identified|run|runs|kept|defined|made)\b|[?"'.]/gi;

/** The kind of a question, and what it is about. Anything else asks for a place. */
export function questionKind(question: string): Question {
  const found = KINDS.find(([, words]) => words.test(question))?.[0] ?? "place";
  const subject = question.replace(OWN_WORDS, " ").replace(/\s+/g, " ").trim();
  return { kind: found, subject };
}
