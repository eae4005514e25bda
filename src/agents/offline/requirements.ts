/**
 * The person's words taken apart: the single requirements in an answer, and the verb, object and place of a task.
 * Pure text; owns the splitting rules. Looks at no file.
 */
import { queryTerms } from "../../search/terms.ts";

/** `Add rate limiting to the public API` is {verb: "Add", object: "rate limiting", place: "the public API"}. */
export interface TaskWords {
  readonly verb: string;
  readonly object: string;
  readonly place?: string;
}

/** A requirement that says what must not be or must stay: nothing to look for, something to keep. */
export const CONSTRAINT =
  /^(?:no|not|never|without|do not|don't|avoid|must not|should not|may not|only|keep|stay|within|by|before|until|at the latest|deadline|timeline|timeframe)\b/i;

const MAX_REQUIREMENTS = 12;
const TASK =
  /^(add|allow|build|change|cache|configure|convert|create|deprecate|design|document|enable|expose|extend|fix|implement|improve|integrate|introduce|limit|make|migrate|move|optimi[sz]e|port|prevent|provide|refactor|reduce|remove|rename|replace|rewrite|secure|set up|speed up|split|support|switch|test|track|update|upgrade|validate|write)\s+(.+?)(?:\s+(?:to|for|in|into|on|onto|of|from|across|inside|within)\s+(.+))?$/i;
const NOTHING = /^(?:none|no|n\/?a|nothing|-|\.|ok|okay|yes|nope|as usual|not sure|unknown)\.?$/i;

/** The requirements in a person's answer: its list items or lines, else its sentences. At most twelve. */
export function requirementsIn(text: string): string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-*\u2022+]|\d+[.)]|R\d+[.:])\s+/, "").trim())
    .filter((line) => line !== "" && !/^#{1,6}\s/.test(line) && !/^[^.]{3,60}:$/.test(line));
  const parts = lines.length > 1 ? lines : sentences(lines[0] ?? "");
  return parts.filter((part) => !NOTHING.test(part)).slice(0, MAX_REQUIREMENTS);
}

/** Verb, object and place of a task's first line. Without a known verb the whole line is the object. */
export function taskWords(task: string): TaskWords {
  const line = (task.trim().split(/\r?\n/, 1)[0] ?? "").replace(/[.!?]+$/, "").trim();
  const match = TASK.exec(
    line.replace(/^(?:please|we (?:need|want) to|i (?:need|want) to|let's)\s+/i, ""),
  );
  if (match === null) return { verb: "", object: line };
  const [, verb = "", object = "", place] = match;
  return place === undefined ? { verb, object } : { verb, object, place };
}

/** How many of the first text's telling words the second says too, as a share from 0 to 1. */
export function overlap(asked: string, said: string): number {
  const wanted = queryTerms(asked);
  if (wanted.length === 0) return 0;
  const present = new Set(queryTerms(said).map((term) => term.stem));
  return wanted.filter((term) => present.has(term.stem)).length / wanted.length;
}

function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?;])\s+(?=\S)/)
    .map((part) => part.replace(/[;.]$/, "").trim())
    .filter((part) => part !== "");
}
