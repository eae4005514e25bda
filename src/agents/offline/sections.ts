/**
 * Finds the labelled parts of a prompt ("Requirements: ...", "Plan:", "<feedback>"), however the workflow wrote it.
 * Owns the labels and where a part ends. Judges no content.
 */

import { findJson } from "../../util/findJson.ts";
import type { Json } from "../../util/json.ts";

/** What a part is about; several labels mean the same part. */
export type SectionName =
  | "task"
  | "requirements"
  | "research"
  | "plan"
  | "feedback"
  | "question"
  | "context";

export type Sections = Partial<Record<SectionName, string>>;

const LABELS: Readonly<Record<SectionName, RegExp>> = {
  task: /^(?:the )?(?:task|goal|request|objective|feature|change|what to do)(?: description)?$/,
  requirements:
    /^(?:the )?(?:additional |user )?(?:requirements?|objectives|constraints|answers?)(?: given| from the user)?$/,
  research:
    /^(?:the )?(?:research|research results?|research findings?|findings|results?|evidence|search results?)$/,
  plan: /^(?:the )?(?:present |current |initial |draft |proposed |first |previous |last |final |approved |reviewed )?(?:plan|version \d+|draft|document)(?: text)?$/,
  feedback:
    /^(?:the )?(?:review|review feedback|feedback|comments?|review comments?|reviewer'?s? (?:comments?|feedback)|line comments?|comments? and feedback|requested changes|changes requested|person'?s comments?|guidance)$/,
  question: /^(?:the )?(?:question|query|topic|research question|item)$/,
  context: /^(?:the )?(?:context|background|notes?|files)$/,
};

/** Sections whose text is a document of its own: only these labels may end it. */
const ENDS_DOCUMENT: ReadonlySet<SectionName> = new Set(["feedback"]);
const DOCUMENTS: ReadonlySet<SectionName> = new Set(["plan", "feedback"]);

const LABEL_LINE =
  /^\s{0,3}(?:#{1,4}\s+)?(?:\*\*)?([A-Za-z][A-Za-z0-9' ]{2,40}?)(?:\s*\([^)\n]*\))?(?:\*\*)?\s*:\s*(?:\*\*)?\s*(.*)$/;
const ORDER_ABOUT_ANSWER =
  /^(?:please\s+)?(?:provide|answer|return|respond|give|write|produce|address|quote)\b[^\n]{0,120}\b(?:feedback|suggestions?|answer|version|comments?|review|markdown|json|plan)\b[^\n]*$/i;
const CLOSING_ORDER =
  /^(?:please\s+)?(?:provide|generate|answer|return|write|produce|give|respond|create|make|keep|cite|list|include|do not|quote|address|revise|structure|use|for each|every|end|state|say)\b/i;

/** The parts of a prompt by what they are; a label that occurs twice keeps its longest text. */
export function sectionsOf(instructions: string): Sections {
  const sections: Sections = {};
  const keep = (name: SectionName, text: string) => {
    const trimmed = text.trim();
    if (trimmed.length > (sections[name]?.length ?? 0)) sections[name] = trimmed;
  };
  for (const [name, text] of tagged(instructions)) keep(name, text);
  for (const [name, text] of labelled(withoutTags(instructions))) keep(name, text);
  return sections;
}

/** The text before the first labelled part: what the prompt asks for. */
export function preamble(instructions: string): string {
  const lines = instructions.split(/\r?\n/);
  const first = lines.findIndex(
    (line) => labelOf(line) !== undefined || /^\s*<[a-z_-]+>\s*$/.test(line),
  );
  return (first < 0 ? lines : lines.slice(0, first)).join("\n").trim();
}

/** A part's JSON when it holds some, else undefined. */
export function jsonOf(text: string | undefined): Json | undefined {
  return text === undefined ? undefined : findJson(text)?.value;
}

function tagged(text: string): [SectionName, string][] {
  return [...text.matchAll(/<([a-z][a-z_ -]*)>\r?\n?([\s\S]*?)<\/\1>/gi)].flatMap(
    ([, tag, body]) => {
      const name = nameOf((tag ?? "").replaceAll(/[_-]/g, " "));
      return name === undefined ? [] : [[name, body ?? ""] satisfies [SectionName, string]];
    },
  );
}

function withoutTags(text: string): string {
  return text.replaceAll(/<([a-z][a-z_ -]*)>\r?\n?[\s\S]*?<\/\1>/gi, "");
}

function labelled(text: string): [SectionName, string][] {
  const found: [SectionName, string][] = [];
  let open: { name: SectionName; lines: string[] } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const label = labelOf(line);
    if (label !== undefined && mayStart(label.name, open?.name)) {
      if (open !== undefined) found.push([open.name, closed(open.name, open.lines)]);
      open = { name: label.name, lines: [label.rest] };
    } else {
      open?.lines.push(line);
    }
  }
  if (open !== undefined) found.push([open.name, closed(open.name, open.lines)]);
  return found;
}

function mayStart(next: SectionName, open: SectionName | undefined): boolean {
  if (open === undefined || !DOCUMENTS.has(open)) return true;
  return open === "plan" ? ENDS_DOCUMENT.has(next) : next === "plan";
}

function labelOf(line: string): { name: SectionName; rest: string } | undefined {
  const match = LABEL_LINE.exec(line);
  const name = match?.[1] === undefined ? undefined : nameOf(match[1]);
  return name === undefined ? undefined : { name, rest: match?.[2] ?? "" };
}

function nameOf(label: string): SectionName | undefined {
  const plain = label.trim().toLowerCase();
  const found = Object.entries(LABELS).find(([, pattern]) => pattern.test(plain));
  return found === undefined ? undefined : (found[0] as SectionName);
}

/** Cuts the order that often follows the last part ("Provide specific feedback ..."): an own paragraph at the end. */
function closed(name: SectionName, lines: readonly string[]): string {
  const text = lines.join("\n").trim();
  const paragraphs = text.split(/\n\s*\n/);
  // A document may itself say "Use ..." or "Make ...": only its very last paragraph can be an order about the answer.
  const first = DOCUMENTS.has(name) ? paragraphs.length - 1 : 1;
  const order = DOCUMENTS.has(name) ? ORDER_ABOUT_ANSWER : CLOSING_ORDER;
  for (let index = Math.max(first, 1); index < paragraphs.length; index++) {
    if (order.test((paragraphs[index] ?? "").trim()))
      return paragraphs.slice(0, index).join("\n\n");
  }
  return text;
}
