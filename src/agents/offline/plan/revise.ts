/**
 * Writes the next version of a plan: each comment is carried out or carried in, at its place.
 * Owns the few edits that need no understanding; says of every other comment that it is left to whoever works.
 */
import { cite } from "../citations.ts";
import { overlap } from "../requirements.ts";
import { type OfflineAnswer, SIGNATURE } from "../research.ts";
import { look, type Workspace } from "../workspace.ts";
import { commentsIn, type PlanComment } from "./comments.ts";

export interface RevisionRequest {
  readonly plan: string;
  readonly feedback: string;
}

/** The plan's lines as they were numbered when the comments were made; null is a removed one. */
interface Draft {
  readonly lines: (string | null)[];
  /** Lines to put in after a line, by its index. */
  readonly additions: Map<number, string[]>;
}

interface Change {
  readonly comment: PlanComment;
  readonly done: string;
}

const REMOVE =
  /^(?:please\s+)?(?:remove|delete|drop|cut|strike)\b(?:\s+(?:this|that|the|it)\b.*)?[.!]?$/i;
const REPLACE =
  /\b(?:replace|change|rename|use)\s+["\u201c`]([^"\u201d`]+)["\u201d`]\s+(?:with|to|by|into)\s+["\u201c`]([^"\u201d`]+)["\u201d`]/i;
const USE_INSTEAD =
  /\buse\s+["\u201c`]([^"\u201d`]+)["\u201d`]\s+instead of\s+["\u201c`]([^"\u201d`]+)["\u201d`]/i;
const ADD = /^(?:please\s+)?add:?\s+(.+)$/is;
const LIST_ITEM = /^(\s*)(?:[-*]|\d+[.)])\s+/;
const CHANGES = /^## Changes\b/;
const MAX_SEARCHES = 6;

/** The revised plan, ending with the list of changes; each quotes its comment as it was written. */
export async function revisePlan(
  workspace: Workspace,
  request: RevisionRequest,
): Promise<OfflineAnswer> {
  const comments = commentsIn(request.feedback);
  const draft: Draft = { lines: withoutFrame(request.plan), additions: new Map() };
  const changes: Change[] = [];
  for (const [index, comment] of comments.entries()) {
    changes.push(await carryOut(workspace, draft, comment, index < MAX_SEARCHES));
  }
  const response = [
    `${SIGNATURE}revised after ${comments.length === 1 ? "1 comment" : `${comments.length} comments`}. Removals and replacements are carried out; every other comment stands at its place as work to do.`,
    "",
    ...renumbered(joined(draft)),
    "",
    "## Changes in this version",
    "",
    ...(changes.length === 0
      ? ["- None: the feedback holds no comment."]
      : changes.map(changeLine)),
    "",
  ].join("\n");
  return {
    response,
    facts: {
      kind: "revise",
      plan: response,
      changes: changes.map((change) => ({
        text: `${change.comment.text}: ${change.done}`,
        comment: change.comment.text,
        description: change.done,
        ...(change.comment.line === undefined ? {} : { line: change.comment.line }),
      })),
      summary: `${changes.length} comments addressed.`,
    },
  };
}

async function carryOut(
  workspace: Workspace,
  draft: Draft,
  comment: PlanComment,
  maySearch: boolean,
): Promise<Change> {
  const replaced = replacement(comment.text);
  if (replaced !== undefined) {
    const count = replaceText(draft, comment.line, replaced);
    if (count > 0) return { comment, done: `replaced ${count === 1 ? "once" : `${count} times`}` };
  }
  if (comment.line !== undefined && REMOVE.test(comment.text)) {
    const removed = removeItem(draft, comment.line - 1);
    if (removed > 0)
      return {
        comment,
        done: `removed ${removed === 1 ? "the line" : `the item (${removed} lines)`}`,
      };
  }
  const at = placeFor(draft, comment);
  const added = ADD.exec(comment.text)?.[1];
  const words = added ?? comment.text;
  const work = comment.text.endsWith("?")
    ? `Asked in review: ${words}`
    : added === undefined
      ? `To do, from review: ${words}`
      : sentence(words);
  const found = maySearch ? (await look(workspace, words, 2)).citations : [];
  const said = draft.additions.get(at) ?? [];
  const indent = innerIndent(draft.lines[at] ?? "");
  said.push(
    ...oneItem(indent, work),
    ...found.map((citation) => `${indent}  - See ${cite(citation)}`),
  );
  draft.additions.set(at, said);
  const evidence =
    found.length === 0
      ? ""
      : ` with ${found.length === 1 ? "a citation" : `${found.length} citations`}`;
  return { comment, done: `carried in under "${shortened(draft.lines[at] ?? "")}"${evidence}` };
}

/** The comment's own line, or for one on the whole the line whose section and words are closest to it. */
function placeFor(draft: Draft, comment: PlanComment): number {
  const last = draft.lines.length - 1;
  if (comment.line !== undefined)
    return endOfParagraph(draft, Math.min(Math.max(comment.line - 1, 0), last));
  let best = { index: -1, share: 0 };
  for (const [index, line] of draft.lines.entries()) {
    if (line === null || line.trim() === "" || /^#/.test(line)) continue;
    const share = overlap(comment.text, line);
    if (share > best.share) best = { index, share };
  }
  if (best.share >= 0.3) return endOfParagraph(draft, best.index);
  const heading = sectionFor(comment.text);
  const start = draft.lines.findIndex(
    (line) => line !== null && /^#{1,3}\s/.test(line) && heading.test(line),
  );
  return start < 0 ? lastText(draft, last) : endOfSection(draft, start);
}

function sectionFor(text: string): RegExp {
  if (/\b(?:secur\w+|risk|attack|abuse|forged?|rollback|fail)/i.test(text))
    return /\brisks?\b|\bmitigation\b/i;
  if (/\b(?:criteria|measur\w+|accept\w+|done when|metric)/i.test(text))
    return /\bsuccess|\bcriteria/i;
  return /\bsteps?\b|\bapproach\b/i;
}

function endOfSection(draft: Draft, start: number): number {
  const next = draft.lines.findIndex(
    (line, index) => index > start && line !== null && /^#{1,3}\s/.test(line),
  );
  return lastText(draft, next < 0 ? draft.lines.length - 1 : next - 1);
}

function lastText(draft: Draft, from: number): number {
  for (let index = from; index > 0; index--)
    if ((draft.lines[index] ?? "").trim() !== "") return index;
  return 0;
}

/** A line in the middle of a wrapped paragraph stands for the paragraph. */
function endOfParagraph(draft: Draft, index: number): number {
  let end = index;
  for (
    let next = draft.lines[end + 1];
    isContinuation(draft.lines[end], next);
    next = draft.lines[end + 1]
  )
    end += 1;
  return end;
}

function isContinuation(line: string | null | undefined, next: string | null | undefined): boolean {
  if (typeof next !== "string" || next.trim() === "" || typeof line !== "string" || /^#/.test(line))
    return false;
  return !LIST_ITEM.test(next) && !/^\s*(?:#|```|\|)/.test(next);
}

function replacement(text: string): { readonly from: string; readonly to: string } | undefined {
  const instead = USE_INSTEAD.exec(text);
  if (instead?.[1] !== undefined && instead[2] !== undefined)
    return { from: instead[2], to: instead[1] };
  const match = REPLACE.exec(text);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { from: match[1], to: match[2] };
}

function replaceText(
  draft: Draft,
  line: number | undefined,
  { from, to }: { from: string; to: string },
): number {
  let count = 0;
  for (const [index, text] of draft.lines.entries()) {
    if (text === null || (line !== undefined && index !== line - 1) || !text.includes(from))
      continue;
    count += text.split(from).length - 1;
    draft.lines[index] = text.replaceAll(from, to);
  }
  return count;
}

/** Removes a list item with all that is nested in it, or a single line that is none. Headings stay. */
function removeItem(draft: Draft, index: number): number {
  const line = draft.lines[index];
  if (typeof line !== "string" || line.trim() === "" || /^#/.test(line)) return 0;
  draft.lines[index] = null;
  let removed = 1;
  const own = LIST_ITEM.exec(line)?.[1]?.length;
  if (own === undefined) return removed;
  for (let next = index + 1; next < draft.lines.length; next++) {
    const text = draft.lines[next];
    if (typeof text !== "string" || text.trim() === "" || indentOf(text) <= own) break;
    draft.lines[next] = null;
    removed += 1;
  }
  return removed;
}

function joined(draft: Draft): string[] {
  return draft.lines.flatMap((line, index) => {
    const added = draft.additions.get(index) ?? [];
    const apart = added.length > 0 && line !== null && !LIST_ITEM.test(line) ? [""] : [];
    return line === null ? added : [line, ...apart, ...added];
  });
}

/** Top-level numbered items count on without a gap. */
function renumbered(lines: readonly string[]): string[] {
  let number = 0;
  return lines.map((line) => {
    if (/^#/.test(line)) number = 0;
    if (!/^\d+\.\s/.test(line)) return line;
    number += 1;
    return line.replace(/^\d+/, String(number));
  });
}

/** The plan as it was numbered for the comments; an earlier signature and list of changes are emptied, not cut. */
function withoutFrame(plan: string): (string | null)[] {
  const lines = plan.trimEnd().split(/\r?\n/);
  const changes = lines.findIndex((line) => CHANGES.test(line));
  const signed = lines[0]?.startsWith(SIGNATURE) === true;
  return lines.map((line, index) => {
    const leading = signed && (index === 0 || (index === 1 && line.trim() === ""));
    return leading || (changes >= 0 && index >= changes) ? null : line;
  });
}

function innerIndent(line: string): string {
  const item = /^(\s*)((?:[-*]|\d+[.)])\s+)/.exec(line);
  if (item === null) return line.slice(0, indentOf(line));
  const [, before = "", mark = ""] = item;
  // Under a numbered step the comment is one of its points; beside a point it is the next one.
  return /\d/.test(mark) ? before + " ".repeat(mark.length) : before;
}

function oneItem(indent: string, text: string): string[] {
  const [first = "", ...rest] = text.split(/\r?\n/);
  return [`${indent}- ${first}`, ...rest.map((line) => `${indent}  ${line}`)];
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function shortened(line: string): string {
  const text = line.replace(LIST_ITEM, "").replace(/[*`#]/g, "").trim();
  return text.length <= 60 ? text : `${text.slice(0, 59)}\u2026`;
}

function changeLine({ comment, done }: Change): string {
  const where = comment.line === undefined ? "" : `line ${comment.line}, `;
  return `- ${where}"${comment.text.replace(/\r?\n/g, "\n  ")}": ${done}.`;
}
