/**
 * Writes the next version of a plan: each comment is carried out or carried in, at its place.
 * Owns the few edits that need no understanding; says of every other comment that it is left to whoever works.
 */
import { cite } from "../citations.ts";
import { overlap } from "../requirements.ts";
import { type OfflineAnswer, SIGNATURE } from "../research.ts";
import { look, type Workspace } from "../workspace.ts";
import { commentsIn, type PlanComment } from "./comments.ts";
import {
  closeDraft,
  type Draft,
  openDraft,
  type Place,
  placeAt,
  placeInSection,
  putIn,
  removeItem,
  replaceText,
} from "./draft.ts";

export interface RevisionRequest {
  readonly plan: string;
  readonly feedback: string;
}

interface Change {
  readonly comment: PlanComment;
  readonly done: string;
}

const REMOVE =
  /^(?:please\s+)?(?:remove|delete|drop|cut|strike)\b(?:\s+(?:this|that|the|it)\b.*)?[.!]?$/i;
const REPLACE =
  /\b(?:replace|change|rename)\s+["\u201c`]([^"\u201d`]+)["\u201d`]\s+(?:with|to|by|into)\s+["\u201c`]([^"\u201d`]+)["\u201d`]/i;
const INSTEAD =
  /\buse\s+["\u201c`]([^"\u201d`]+)["\u201d`]\s+instead of\s+["\u201c`]([^"\u201d`]+)["\u201d`]/i;
const ADD = /^(?:please\s+)?add:\s*(.+)$/is;
/** The last version's list of changes belongs to the last version. */
const CHANGES = /^## Changes in this version/;
/** How a review marks how much a finding weighs. */
const VERDICT = /^\*\*(?:must|should|could|nit)\*\*:?\s*/i;
const MAX_SEARCHES = 6;
/** A comment on the whole goes to the line that shares this much of its words. */
const CLOSE = 0.3;

/** The revised plan, ending with the list of changes; each quotes its comment as it was written. */
export async function revisePlan(
  workspace: Workspace,
  request: RevisionRequest,
): Promise<OfflineAnswer> {
  const comments = commentsIn(request.feedback);
  const signed = request.plan.startsWith(SIGNATURE) ? 2 : 0;
  const draft = openDraft(request.plan, signed, CHANGES);
  const changes: Change[] = [];
  for (const [index, comment] of comments.entries()) {
    // A person's comment may be answered by the repository; a reviewer's advice is not asked of it.
    const mayAnswer = index < MAX_SEARCHES && !VERDICT.test(comment.text);
    const done = carryOut(draft, comment) ?? (await carryIn(workspace, draft, comment, mayAnswer));
    changes.push({ comment, done });
  }
  const after = comments.length === 1 ? "1 comment" : `${comments.length} comments`;
  const response = [
    `${SIGNATURE}revised after ${after}. Removals and replacements are carried out; every other comment stands at its place.`,
    "",
    ...closeDraft(draft).join("\n").trimEnd().split("\n"),
    "",
    "## Changes in this version",
    "",
    ...(changes.length === 0
      ? ["- None: the feedback holds no comment."]
      : changes.map(changeLine)),
    "",
  ].join("\n");
  return { response, facts: revisionFacts(response, changes) };
}

/** Carries a comment out to the letter, and says how; undefined when that takes understanding. */
function carryOut(draft: Draft, { line, text }: PlanComment): string | undefined {
  const index = line === undefined ? undefined : line - 1;
  const swap = replacement(text);
  const count = swap === undefined ? 0 : replaceText(draft, index, swap.from, swap.to);
  if (count > 0) return `replaced ${count === 1 ? "once" : `${count} times`}`;
  if (index === undefined || !REMOVE.test(text)) return undefined;
  const removed = removeItem(draft, index);
  if (removed === 0) return undefined;
  return `removed ${removed === 1 ? "the line" : `the item (${removed} lines)`}`;
}

async function carryIn(
  workspace: Workspace,
  draft: Draft,
  comment: PlanComment,
  maySearch: boolean,
): Promise<string> {
  const words = withoutVerdict(comment.text);
  const found = maySearch ? (await look(workspace, words, 2)).citations : [];
  const place = placeFor(draft, comment);
  putIn(
    draft,
    place,
    asWork(words, VERDICT.test(comment.text)),
    found.map((citation) => `See ${cite(citation)}`),
  );
  const evidence =
    found.length === 0
      ? ""
      : `, with ${found.length === 1 ? "a citation" : `${found.length} citations`}`;
  return `carried in under "${shortened(place.near)}"${evidence}`;
}

function placeFor(draft: Draft, comment: PlanComment): Place {
  if (comment.line !== undefined) return placeAt(draft, comment.line - 1);
  // A reviewer's point on the whole is about no single line.
  if (VERDICT.test(comment.text)) return placeInSection(draft, sectionFor(comment.text));
  let best = { index: -1, share: 0 };
  for (const [index, line] of draft.lines.entries()) {
    if (line === null || line.trim() === "" || /^#/.test(line)) continue;
    const share = overlap(comment.text, line);
    if (share > best.share) best = { index, share };
  }
  return best.share >= CLOSE
    ? placeAt(draft, best.index)
    : placeInSection(draft, sectionFor(comment.text));
}

function sectionFor(text: string): RegExp {
  if (
    /\b(?:secur\w+|risk|attack\w*|abuse|forged?|rollback|fail\w*|access|permission|unauth\w*|secrets?|tokens?|injection|run as code|validated)\b/i.test(
      text,
    )
  ) {
    return /\brisks?\b|\bmitigation\b/i;
  }
  if (/\b(?:criteria|measur\w+|accept\w+|done when|metric)\b/i.test(text))
    return /\bsuccess|\bcriteria/i;
  return /\bsteps?\b|\bapproach\b/i;
}

/** A reviewer's "**must** X: no line speaks of it. Do Y." is worked on as "Do Y.". */
function withoutVerdict(text: string): string {
  const plain = text.replace(VERDICT, "");
  const advice = plain.replace(/^[^.:\n]{1,60}: no line speaks of it\.\s*/, "");
  return advice === "" ? plain : advice;
}

function asWork(words: string, reviewed: boolean): string {
  if (reviewed) return words;
  if (words.endsWith("?")) return `Asked in review: ${words}`;
  const added = ADD.exec(words)?.[1];
  if (added === undefined) return `To do, from review: ${words}`;
  return added.charAt(0).toUpperCase() + added.slice(1);
}

function replacement(text: string): { readonly from: string; readonly to: string } | undefined {
  const [, newer, older] = INSTEAD.exec(text) ?? [];
  if (newer !== undefined && older !== undefined) return { from: older, to: newer };
  const [, from, to] = REPLACE.exec(text) ?? [];
  return from === undefined || to === undefined ? undefined : { from, to };
}

function shortened(line: string): string {
  const text = line
    .replace(/^\s*(?:[-*]|\d+[.)])\s+/, "")
    .replace(/[*`#]/g, "")
    .trim();
  return text.length <= 60 ? text : `${text.slice(0, 59)}\u2026`;
}

/** A person's comment is quoted as it was written; a reviewer's point stands in the plan already and is only named. */
function changeLine({ comment, done }: Change): string {
  const where = comment.line === undefined ? "" : `line ${comment.line}, `;
  if (!VERDICT.test(comment.text))
    return `- ${where}"${comment.text.replace(/\r?\n/g, "\n  ")}": ${done}.`;
  const point = comment.text.replace(VERDICT, "");
  const named = /^([^.:\n]{1,60}): no line speaks of it\./.exec(point)?.[1] ?? shortened(point);
  return `- ${where}${named} (review): ${done}.`;
}

function revisionFacts(response: string, changes: readonly Change[]) {
  return {
    kind: "revise",
    plan: response,
    changes: changes.map(({ comment, done }) => ({
      text: `${comment.text}: ${done}`,
      comment: comment.text,
      description: done,
      ...(comment.line === undefined ? {} : { line: comment.line }),
    })),
    summary: `${changes.length} comments addressed.`,
  };
}
