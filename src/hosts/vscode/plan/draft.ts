/**
 * What a person has begun to say of one version of a plan: comments on its lines, items left out, their own wording.
 * Pure; knows neither editor nor storage. Nothing here is an answer until it is sent.
 */
import type { Comment } from "../../../run/ask/breakpoint.ts";
import { planItems } from "../../../run/ask/plan.ts";
import { isList, isObject, type Json } from "../../../util/json.ts";

/** Comments on the same lines, in the order in which they were written. Lines from 1, `end` inclusive. */
export interface DraftThread {
  readonly line: number;
  readonly end: number;
  readonly texts: readonly string[];
}

export interface Draft {
  readonly threads: readonly DraftThread[];
  /** Keys of the items to leave out, as `itemKeys` makes them. */
  readonly dropped: readonly string[];
  /** The person's own wording; absent while it is the plan's. */
  readonly edit?: string;
}

export const EMPTY_DRAFT: Draft = { threads: [], dropped: [] };

/** What would be approved: the words of the button, as figures. */
export interface ApprovalFacts {
  readonly edited: boolean;
  readonly dropped: number;
  readonly comments: number;
}

/** Names for a plan's items that outlive edits around them: the item's text, and which of its likes it is. */
export function itemKeys(plan: string): readonly string[] {
  const seen = new Map<string, number>();
  return planItems(plan).map(({ text }) => {
    const nth = (seen.get(text) ?? 0) + 1;
    seen.set(text, nth);
    return `${nth} ${text}`;
  });
}

/** The numbers, from 1, of the items of a text that are left out. */
export function droppedItems(text: string, { dropped }: Draft): readonly number[] {
  const gone = new Set(dropped);
  return itemKeys(text).flatMap((key, index) => (gone.has(key) ? [index + 1] : []));
}

/** The draft with an item left out, or kept again; `number` from 1. */
export function toggleItem(text: string, number: number, draft: Draft): Draft {
  const key = itemKeys(text)[number - 1];
  if (key === undefined) return draft;
  const dropped = draft.dropped.includes(key)
    ? draft.dropped.filter((each) => each !== key)
    : [...draft.dropped, key];
  return { ...draft, dropped };
}

/** The draft with exactly these items left out; numbers from 1. */
export function withDropped(text: string, numbers: readonly number[], draft: Draft): Draft {
  const keys = itemKeys(text);
  return { ...draft, dropped: numbers.flatMap((number) => keys[number - 1] ?? []) };
}

/** Every comment with its lines, top to bottom, word for word. */
export function draftComments({ threads }: Draft): readonly Comment[] {
  return [...threads]
    .sort((a, b) => a.line - b.line || a.end - b.end)
    .flatMap(({ line, end, texts }) =>
      texts.map((text) => ({ line, ...(end > line ? { end_line: end } : {}), text })),
    );
}

/** What approving `text` means, where the plan shown was `plan`. */
export function approvalFacts(plan: string, text: string, draft: Draft): ApprovalFacts {
  return {
    edited: !sameText(plan, text),
    dropped: droppedItems(text, draft).length,
    comments: draftComments(draft).length,
  };
}

/** The answer that approves `text`, with what was said of it. */
export function approvalAnswer(plan: string, text: string, draft: Draft): Json {
  const drop = droppedItems(text, draft);
  const comments = commentsJson(draft);
  return {
    approved: true,
    ...(sameText(plan, text) ? {} : { plan: text }),
    ...(drop.length === 0 ? {} : { drop: [...drop] }),
    ...(comments.length === 0 ? {} : { comments }),
  };
}

/** The comments as an answer carries them. */
export function commentsJson(draft: Draft): Json[] {
  return draftComments(draft).map(({ line, end_line, text }) => ({
    line,
    ...(end_line === undefined ? {} : { end_line }),
    text,
  }));
}

/** True for texts that the editor cannot tell apart: it knows lines, not how they end. */
export function sameText(a: string, b: string): boolean {
  return withoutCarriage(a) === withoutCarriage(b);
}

/** True when nothing was begun. */
export function isEmptyDraft({ threads, dropped, edit }: Draft): boolean {
  return threads.length === 0 && dropped.length === 0 && edit === undefined;
}

/** A draft as it was stored; what does not fit is left out. */
export function readDraft(stored: unknown): Draft {
  if (!isObject(stored)) return EMPTY_DRAFT;
  const { threads, dropped, edit } = stored;
  return {
    threads: isList(threads) ? threads.flatMap(readThread) : [],
    dropped: strings(dropped),
    ...(typeof edit === "string" ? { edit } : {}),
  };
}

function readThread(stored: Json): readonly DraftThread[] {
  if (!isObject(stored)) return [];
  const { line, end } = stored;
  const texts = strings(stored.texts);
  return typeof line === "number" && typeof end === "number" && texts.length > 0
    ? [{ line, end, texts }]
    : [];
}

function strings(stored: Json | undefined): readonly string[] {
  return isList(stored) ? stored.filter((each) => typeof each === "string") : [];
}

function withoutCarriage(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}
