/**
 * Makes text fit a number of tokens, for prompts that quote long findings.
 * Owns the estimate (four characters a token, as is usual for English) and what is left out first.
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { lengthOf, partOf } from "./characters.ts";

const CHARACTERS_PER_TOKEN = 4;

/** Joins white space; if that is not enough, keeps the beginning (two thirds) and the end, and says what is missing. */
export function compressText(rt: Runtime, text: string, tokens: number): string {
  if (tokens <= 0) throw new Fault("value", "`tokens` must be more than zero.").of("tokens");
  rt.work(text.length / 3);
  rt.text(text.length);
  const room = tokens * CHARACTERS_PER_TOKEN;
  if (lengthOf(rt, text) <= room) return text;
  const joined = text
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n[ \n]*\n ?/g, "\n\n")
    .trim();
  const length = lengthOf(rt, joined);
  if (length <= room) return joined;
  const note = (left: number) => `\n[... ${left} characters left out ...]\n`;
  const kept = room - note(length).length;
  if (kept < 20) return partOf(rt, joined, 0, room);
  const head = atWordEnd(partOf(rt, joined, 0, Math.ceil((kept * 2) / 3)));
  const tail = atWordStart(partOf(rt, joined, length - Math.floor(kept / 3), length));
  const left = length - lengthOf(rt, head) - lengthOf(rt, tail);
  return head + note(left) + tail;
}

function atWordEnd(text: string): string {
  const blank = text.search(/\s\S*$/);
  return blank > text.length / 2 ? text.slice(0, blank) : text;
}

function atWordStart(text: string): string {
  const blank = text.search(/\s/);
  return blank >= 0 && blank < text.length / 2 ? text.slice(blank + 1) : text;
}
