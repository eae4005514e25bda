/**
 * Recognises what kind of work a prompt asks for and takes it apart.
 * Owns the kinds that the offline agent knows; does none of the work.
 */
import type { Json } from "../../util/json.ts";
import { jsonOf, preamble, type Sections, sectionsOf } from "./sections.ts";

/** Work that this agent does. */
export type OfflineWork =
  | {
      readonly kind: "questions";
      readonly task: string;
      readonly requirements: string;
      readonly count: number;
    }
  | { readonly kind: "research"; readonly question: string }
  | {
      readonly kind: "plan";
      readonly task: string;
      readonly requirements: string;
      /** The research as JSON when it was given so, else its text, else undefined. */
      readonly research: Json | undefined;
    }
  | { readonly kind: "review"; readonly subject: string; readonly requirements: string }
  | { readonly kind: "revise"; readonly plan: string; readonly feedback: string }
  | { readonly kind: "other"; readonly question: string };

/** `change`: an order to change or run something, which takes a model. */
export type OfflineRequest = OfflineWork | { readonly kind: "change"; readonly what: string };

const DEFAULT_QUESTIONS = 5;
const MAX_QUESTIONS = 20;

const QUESTIONS =
  /\b(?:research|open|clarifying|investigation)\s+(?:questions|tasks)\b|\bquestions\b[^.\n]{0,40}\b(?:research|investigate|answer|ask)|\b(?:list|generate|write|propose|name)\b[^.\n]{0,30}\bquestions\b/i;
const REVIEW = /\b(?:review|critique|assess|check|audit|inspect|evaluate|validate)\b/i;
const PLAN = /\b(?:plan|roadmap|approach|proposal)\b/i;
const MAKE =
  /\b(?:create|write|make|draft|generate|prepare|produce|propose|develop|outline|plan)\b/i;
const RESEARCH =
  /\b(?:research|investigate|find|search|explore|look (?:for|into|at|up)|analy[sz]e|determine|identify|locate|which|what|where|how|why|who|when|does|is there|are there)\b/i;
const CHANGE =
  /^(?:please\s+|now\s+)?(?:implement|fix|edit|refactor|rewrite|rename|delete|remove|install|upgrade|migrate|deploy|commit|push|run|execute|build|compile|code|add|change|modify|replace|create (?:a |the |an )?(?:file|function|class|module|branch|test|component|script|program)|write (?:a |the |an |some )?(?:code|file|function|class|module|test|tests|component|script|program|implementation))\b/i;

/** Takes a prompt apart. A reviewer's system prompt tips the balance towards a review. */
export function recognise(instructions: string, systemPrompt = ""): OfflineRequest {
  const sections = sectionsOf(instructions);
  const asked = preamble(instructions) || instructions.trim();
  const order = firstSentences(asked);
  const requirements = sections.requirements ?? "";

  if (sections.plan !== undefined && sections.feedback !== undefined && !startsWithReview(order)) {
    return { kind: "revise", plan: sections.plan, feedback: sections.feedback };
  }
  if (QUESTIONS.test(order)) {
    return {
      kind: "questions",
      task: taskOf(sections, asked),
      requirements,
      count: countIn(asked),
    };
  }
  if (sections.plan !== undefined && sections.research === undefined) {
    return { kind: "review", subject: sections.plan, requirements };
  }
  if (startsWithReview(order) || (REVIEW.test(order) && isReviewer(systemPrompt))) {
    return {
      kind: "review",
      subject: sections.context ?? afterFirstLine(instructions),
      requirements,
    };
  }
  if (PLAN.test(order) && MAKE.test(order)) {
    return {
      kind: "plan",
      task: taskOf(sections, asked),
      requirements,
      research: researchOf(sections),
    };
  }
  const question = sections.question ?? questionIn(asked, sections);
  if (sections.question !== undefined) return { kind: "research", question };
  if (CHANGE.test(order)) return { kind: "change", what: firstLine(asked) };
  return RESEARCH.test(order) ? { kind: "research", question } : { kind: "other", question };
}

/** One line that names the task: the labelled task, a quoted one, or what the prompt starts with. */
function taskOf(sections: Sections, asked: string): string {
  if (sections.task !== undefined) return firstLine(sections.task);
  const subject = subjectOfResearch(sections.research ?? "");
  if (subject !== undefined) return subject;
  const quoted = /["\u201c]([^"\u201d\n]{8,300})["\u201d]/.exec(asked)?.[1];
  if (quoted !== undefined) return quoted;
  const aimed =
    /\b(?:plan|questions|tasks|roadmap|proposal)\b[^.:\n]{0,40}?\b(?:for|to|about|on)\b:?\s+([^\n]{6,300})/i.exec(
      asked,
    )?.[1];
  if (
    aimed !== undefined &&
    !/^(?:this|the) (?:plan|task|following|findings|research)/i.test(aimed)
  ) {
    return aimed.replace(/[.:\s]+$/, "");
  }
  if (sections.requirements !== undefined) return firstLine(sections.requirements);
  return firstLine(asked).replace(/:$/, "");
}

/** What most of the research's own questions name in quotation marks. */
function subjectOfResearch(research: string): string | undefined {
  const counts = new Map<string, number>();
  for (const [, question = ""] of research.matchAll(
    /"(?:query|question)":\s*"((?:[^"\\]|\\.)*)"/g,
  )) {
    for (const [, subject = ""] of question.matchAll(/\\"(.{8,200}?)\\"/g))
      counts.set(subject, (counts.get(subject) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most !== undefined && most[1] > 1 ? most[0] : undefined;
}

function researchOf(sections: Sections): Json | undefined {
  return jsonOf(sections.research) ?? sections.research;
}

/** A prompt that wraps a question ("Research the following question: X") is cut to the question. */
function questionIn(asked: string, sections: Sections): string {
  const lines = asked.split(/\r?\n/).map((line) => line.trim());
  const question = lines.find((line) => line.endsWith("?"));
  if (question !== undefined) return lastSentence(question);
  const wrapped =
    /\b(?:research|investigate|find out|search for|look into|explore|analy[sz]e)\b:?\s+([^\n]+)/i.exec(
      asked,
    )?.[1];
  const quoted = /["\u201c]([^"\u201d\n]{6,300})["\u201d]/.exec(asked)?.[1];
  return quoted ?? wrapped ?? sections.task ?? firstLine(asked);
}

function lastSentence(line: string): string {
  const start = Math.max(line.lastIndexOf(". "), line.lastIndexOf(": "));
  const cut = line.slice(start < 0 ? 0 : start + 2).trim();
  return cut.replace(/^["\u201c]|["\u201d]$/g, "");
}

function startsWithReview(order: string): boolean {
  return /^(?:please\s+|you\s+\w+\s+)?(?:carefully\s+)?(?:review|critique|assess|audit|inspect|evaluate|check)\b/i.test(
    order,
  );
}

function isReviewer(systemPrompt: string): boolean {
  return /\breview/i.test(systemPrompt.slice(0, 400));
}

function countIn(asked: string): number {
  const found =
    /\b(?:at most|up to|no more than|exactly|max(?:imum)?(?: of)?)?\s*(\d{1,2})\b(?:\s+\w+){0,2}\s+(?:questions|tasks)/i.exec(
      asked,
    );
  const limit =
    found?.[1] ??
    /\b(?:at most|up to|no more than|maximum(?: of)?)\s+(\d{1,2})\b/i.exec(asked)?.[1];
  const count = limit === undefined ? DEFAULT_QUESTIONS : Number(limit);
  return Math.min(Math.max(count, 1), MAX_QUESTIONS);
}

function firstSentences(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 400);
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0]?.trim() ?? "";
}

function afterFirstLine(text: string): string {
  const rest = text.trim().split(/\r?\n/).slice(1).join("\n").trim();
  return rest === "" ? text.trim() : rest;
}
