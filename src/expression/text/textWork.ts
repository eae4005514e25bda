/**
 * Work on text that filters and methods share: case, stripping, splitting, replacing.
 * Owns Python's rules for it; every function pays for the text it reads and builds.
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { textOr } from "../values/coerce.ts";
import type { Value } from "../values/value.ts";
import { findAll, lengthOf } from "./characters.ts";

/** First character upper case, the others lower case. */
export function capitalize(text: string): string {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

/** Jinja's title: words begin after white space, `-` and opening brackets. */
export function titleCase(text: string): string {
  return text.replace(/[^-\s({[<]+/g, capitalize);
}

/** Blanks on both sides; Python puts the odd one left for an odd width, right for an even one. */
export function centre(rt: Runtime, text: string, width: number, fill: string): string {
  const missing = width - lengthOf(rt, text);
  if (missing <= 0) return text;
  rt.text(width);
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** Drops white space, or any of these characters, at one or both ends. */
export function stripText(
  rt: Runtime,
  text: string,
  chars: Value,
  side: "both" | "start" | "end",
): string {
  rt.text(text.length);
  if (chars === undefined || chars === null) {
    return side === "both" ? text.trim() : side === "start" ? text.trimStart() : text.trimEnd();
  }
  const dropped = textOr(chars, "", "The characters to strip");
  rt.list(text.length + dropped.length);
  const drop = new Set(dropped);
  const all = Array.from(text);
  let [from, to] = [0, all.length];
  if (side !== "end") while (from < to && drop.has(all[from] ?? "")) from++;
  if (side !== "start") while (to > from && drop.has(all[to - 1] ?? "")) to--;
  return all.slice(from, to).join("");
}

/** Replaces the first `limit` occurrences; all of them if it is negative. */
export function replaceText(
  rt: Runtime,
  text: string,
  old: string,
  by: string,
  limit: number,
): string {
  const parts = old === "" ? emptyCuts(rt, text, limit) : cut(rt, text, old, limit);
  rt.text(text.length + (parts.length - 1) * by.length);
  return parts.join(by);
}

/** `split(separator)`: at most `limit` cuts from the left, any number if it is negative. */
export function splitText(rt: Runtime, text: string, separator: Value, limit: number): string[] {
  if (separator === undefined || separator === null) return splitWords(rt, text, limit);
  return cut(rt, text, requireSeparator(separator), limit);
}

/** `rsplit(separator)`: at most `limit` cuts from the right. */
export function splitTextFromEnd(
  rt: Runtime,
  text: string,
  separator: Value,
  limit: number,
): string[] {
  const parts = splitText(rt, text, separator, -1);
  if (limit < 0 || parts.length <= limit) return parts;
  const kept = limit === 0 ? [] : parts.slice(-limit);
  if (separator !== undefined && separator !== null) {
    const mark = requireSeparator(separator);
    return [parts.slice(0, parts.length - limit).join(mark), ...kept];
  }
  // White space at the start belongs to what is left, as Python has it.
  let rest = text.trimEnd();
  for (const word of kept.toReversed()) rest = rest.slice(0, rest.length - word.length).trimEnd();
  return [rest, ...kept];
}

const LINE_END = /(\r\n|[\n\r\v\f\u0085\u2028\u2029])/;

/** The lines of text, at every line end that Python knows. */
export function linesOf(rt: Runtime, text: string, keepEnds = false): string[] {
  const parts = text.split(LINE_END);
  rt.list(parts.length);
  rt.text(text.length);
  const lines: string[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const end = parts[index + 1];
    if (end === undefined && parts[index] === "") break;
    lines.push((parts[index] ?? "") + (keepEnds ? (end ?? "") : ""));
  }
  return lines;
}

function requireSeparator(separator: Value): string {
  const mark = textOr(separator, "", "The separator");
  if (mark !== "") return mark;
  throw new Fault("value", "The separator is empty. Use `| list` for the characters of text.");
}

function cut(rt: Runtime, text: string, mark: string, limit: number): string[] {
  const found = findAll(rt, text, mark, limit);
  rt.list(found.length);
  rt.text(text.length);
  let from = 0;
  const parts = found.map((at) => {
    const part = text.slice(from, at);
    from = at + mark.length;
    return part;
  });
  return [...parts, text.slice(from)];
}

function emptyCuts(rt: Runtime, text: string, limit: number): string[] {
  rt.list(text.length);
  const characters = Array.from(text);
  const cuts = limit < 0 ? characters.length + 1 : Math.min(limit, characters.length + 1);
  if (cuts === 0) return [text];
  const head = characters.slice(0, cuts - 1);
  return ["", ...head, characters.slice(cuts - 1).join("")];
}

function splitWords(rt: Runtime, text: string, limit: number): string[] {
  const trimmed = text.trimStart();
  rt.text(text.length);
  const words: string[] = [];
  const word = /\S+/g;
  let from = 0;
  while (words.length !== limit) {
    const found = word.exec(trimmed);
    if (found === null) return words;
    words.push(found[0]);
    rt.list(1);
    from = word.lastIndex;
  }
  const rest = trimmed.slice(from).trimStart();
  if (rest !== "") words.push(rest);
  return words;
}
