/**
 * A plan while it is revised: its lines keep the numbers by which they were commented on.
 * Owns removing, replacing and putting in, and where in markdown a line may go. Reads no comment.
 */

export interface Draft {
  /** By the number in the commented plan less one; null is a removed line. */
  readonly lines: (string | null)[];
  /** Lines that follow a line, by its index. */
  readonly additions: Map<number, string[]>;
}

/** Where to put something in, and how its first line begins there. */
export interface Place {
  readonly index: number;
  readonly indent: string;
  readonly mark: string;
  /** The line or heading that a person would look under. */
  readonly near: string;
}

const LIST_ITEM = /^(\s*)((?:[-*]|\d+[.)])\s+)/;
const HEADING = /^#{1,6}\s/;
const FENCE = /^\s*(?:```|~~~)/;

/** Lines at which the plan ended for the person: what follows `end` is left out, as are the first `skip` ones. */
export function openDraft(plan: string, skip: number, end: RegExp): Draft {
  const lines = plan.trimEnd().split(/\r?\n/);
  const last = lines.findIndex((line) => end.test(line));
  return {
    lines: lines.map((line, index) => (index < skip || (last >= 0 && index >= last) ? null : line)),
    additions: new Map(),
  };
}

/** The draft as text lines, its top-level numbered items counting on without a gap. */
export function closeDraft(draft: Draft): string[] {
  let number = 0;
  return joined(draft).map((line) => {
    if (HEADING.test(line)) number = 0;
    if (!/^\d+\.\s/.test(line)) return line;
    number += 1;
    return line.replace(/^\d+/, String(number));
  });
}

/** Puts an item in; further lines of its text and its points are indented under it. */
export function putIn(draft: Draft, place: Place, text: string, points: readonly string[]): void {
  const { index, indent, mark } = place;
  const under = indent + " ".repeat(mark.length);
  const [first = "", ...rest] = text.split(/\r?\n/);
  const item = [
    `${indent}${mark}${first}`,
    ...rest.map((line) => under + line),
    ...points.map((point) => `${under}- ${point}`),
  ];
  const earlier = draft.additions.get(index);
  if (earlier === undefined) draft.additions.set(index, item);
  else earlier.push(...item);
}

/** Replaces a text in one line (by its index), or in all; how many times. */
export function replaceText(
  draft: Draft,
  only: number | undefined,
  from: string,
  to: string,
): number {
  let count = 0;
  for (const [index, text] of draft.lines.entries()) {
    if (text === null || (only !== undefined && index !== only)) continue;
    const found = text.split(from).length - 1;
    if (found > 0) draft.lines[index] = text.replaceAll(from, to);
    count += found;
  }
  return count;
}

/** Removes a list item with all that is nested in it, or a single line that is none. Headings stay. How many lines. */
export function removeItem(draft: Draft, index: number): number {
  const line = draft.lines[index];
  if (typeof line !== "string" || line.trim() === "" || HEADING.test(line)) return 0;
  const own = LIST_ITEM.exec(line)?.[1]?.length ?? Number.POSITIVE_INFINITY;
  let end = index + 1;
  while (isNested(draft.lines[end], own)) end += 1;
  draft.lines.fill(null, index, end);
  return end - index;
}

/** Right under a line, as a point of it or beside it; after the paragraph or the code block that it stands in. */
export function placeAt(draft: Draft, wanted: number): Place {
  const index = endOfParagraph(draft, outsideFence(draft, clamp(wanted, draft)));
  const near = draft.lines[index] ?? "";
  const item = LIST_ITEM.exec(near);
  if (item === null) return { index, indent: /^\s*/.exec(near)?.[0] ?? "", mark: "- ", near };
  const [, indent = "", mark = ""] = item;
  // Under a numbered step it is one of its points; beside a point it is the next one.
  return /\d/.test(mark)
    ? { index, indent: indent + " ".repeat(mark.length), mark: "- ", near }
    : { index, indent, mark: "- ", near };
}

/** At the end of the section under the first such heading, as an item of its list; else at the end of the plan. */
export function placeInSection(draft: Draft, heading: RegExp): Place {
  const start = draft.lines.findIndex(
    (line) => line !== null && HEADING.test(line) && heading.test(line),
  );
  const next = draft.lines.findIndex(
    (line, index) => index > start && line !== null && HEADING.test(line),
  );
  const index = lastText(draft, start < 0 || next < 0 ? draft.lines.length - 1 : next - 1);
  const numbered = draft.lines
    .slice(Math.max(start, 0), index + 1)
    .some((line) => line !== null && /^\d+\.\s/.test(line));
  const near = draft.lines[Math.max(start, 0)] ?? "";
  return { index, indent: "", mark: numbered ? "1. " : "- ", near };
}

function joined(draft: Draft): string[] {
  return draft.lines.flatMap((line, index) => {
    const added = draft.additions.get(index) ?? [];
    const apart = added.length > 0 && line !== null && needsGap(line, added[0] ?? "") ? [""] : [];
    return line === null ? added : [line, ...apart, ...added];
  });
}

/** A new list after a paragraph, or a new numbered step after the points of the last one, stands apart. */
function needsGap(line: string, added: string): boolean {
  return !LIST_ITEM.test(line) || (/^\d/.test(added) && /^\s/.test(line));
}

function isNested(line: string | null | undefined, own: number): boolean {
  return (
    typeof line === "string" && line.trim() !== "" && line.length - line.trimStart().length > own
  );
}

function clamp(index: number, draft: Draft): number {
  return Math.min(Math.max(index, 0), draft.lines.length - 1);
}

/** The line that closes the code block around a line; the line itself when it is in none. */
function outsideFence(draft: Draft, index: number): number {
  let open = false;
  for (const [at, line] of draft.lines.entries()) {
    if (line === null || !FENCE.test(line)) continue;
    if (open && at >= index) return at;
    if (at > index) return index;
    open = !open;
  }
  return index;
}

function endOfParagraph(draft: Draft, index: number): number {
  let end = index;
  while (isContinued(draft.lines[end], draft.lines[end + 1])) end += 1;
  return end;
}

function isContinued(line: string | null | undefined, next: string | null | undefined): boolean {
  if (typeof line !== "string" || typeof next !== "string") return false;
  if (next.trim() === "" || HEADING.test(line) || FENCE.test(line)) return false;
  return !LIST_ITEM.test(next) && !/^\s*(?:#|```|~~~|\|)/.test(next);
}

function lastText(draft: Draft, from: number): number {
  for (let index = from; index > 0; index--) {
    if ((draft.lines[index] ?? "").trim() !== "") return index;
  }
  return 0;
}
