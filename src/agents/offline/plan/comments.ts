/**
 * Reads what a person or a reviewer said about a plan into single comments.
 * Owns the ways in which comments are written; changes no plan.
 */

import { findJson } from "../../../util/findJson.ts";
import { isList, isObject, type Json } from "../../../util/json.ts";

export interface PlanComment {
  /** In the plan that was shown, from 1; undefined for a comment on the whole. */
  readonly line?: number;
  /** As it was written. */
  readonly text: string;
}

const ITEM = /^\s*(?:[-*\u2022]|\d+[.)])\s+(.*)$/;
const LINE_PREFIX =
  /^(?:\*\*(?:must|should|could|nit)\*\*\s*)?(?:on\s+)?\(?\[?lines?\s+(\d+)(?:\s*[-\u2013]\s*\d+)?\]?\)?\s*[:,\u2014-]?\s*/i;

/** The comments in a feedback: JSON `[{line, text}]`, list items, else its paragraphs. What was found fine is no comment. */
export function commentsIn(feedback: string): PlanComment[] {
  const json = /^\s*[[{]/.test(feedback) ? findJson(feedback)?.value : undefined;
  if (json !== undefined) return commentsInJson(json);
  const items = listItems(feedback);
  const texts = items.length > 0 ? items : feedback.split(/\n\s*\n/);
  return texts.map(asComment).filter(({ text }) => text !== "" && !isPraise(text));
}

function commentsInJson(value: Json): PlanComment[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [asComment(value)];
  if (isList(value)) return value.flatMap(commentsInJson);
  if (!isObject(value)) return [];
  const inner = [value.comments, value.issues, value.feedback, value.suggestions].find(isList);
  if (inner !== undefined) return commentsInJson(inner);
  const text = [value.text, value.comment, value.message, value.suggestion, value.feedback].find(
    (found) => typeof found === "string",
  );
  if (typeof text !== "string") return [];
  return typeof value.line === "number"
    ? [{ line: value.line, text: text.trim() }]
    : [asComment(text)];
}

/** List items with the indented lines that continue them. */
function listItems(feedback: string): string[] {
  const items: string[] = [];
  for (const line of feedback.split(/\r?\n/)) {
    const item = ITEM.exec(line)?.[1];
    if (item !== undefined) items.push(item);
    else if (/^\s{2,}\S/.test(line) && items.length > 0)
      items.push(`${items.pop()} ${line.trim()}`);
  }
  return items;
}

function asComment(written: string): PlanComment {
  const text = written.trim();
  const line = LINE_PREFIX.exec(text);
  if (line === null) return { text };
  return { line: Number(line[1]), text: text.slice(line[0].length).trim() };
}

function isPraise(text: string): boolean {
  return (
    /^(?:fine|ok|good|correct|\[ok\]|nothing on the checklist applies)\b/i.test(text) ||
    text.startsWith("Offline agent (no model)")
  );
}
