/**
 * Text by code points, as Python counts it, without paying for that where all text is plain.
 * Owns length, characters, parts and search of text.
 */
import type { Runtime } from "../runtime.ts";

const SURROGATE = /[\ud800-\udfff]/;

/** How many characters (code points). */
export function lengthOf(rt: Runtime, text: string): number {
  rt.scan(text.length);
  if (!SURROGATE.test(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** The characters, one by one. */
export function charactersOf(rt: Runtime, text: string): readonly string[] {
  rt.list(text.length);
  return SURROGATE.test(text) ? Array.from(text) : text.split("");
}

/** Characters from `from` up to `to`, both counted in code points and not negative. */
export function partOf(rt: Runtime, text: string, from: number, to: number): string {
  rt.text(Math.max(0, Math.min(text.length, to) - from));
  rt.scan(text.length);
  if (!SURROGATE.test(text)) return text.slice(from, to);
  rt.list(text.length);
  return Array.from(text).slice(from, to).join("");
}

/** `indexOf` in UTF-16 units, in linear time. */
export function findText(rt: Runtime, text: string, part: string, from = 0): number {
  return finder(rt, text, part)(from);
}

/** Offsets of the first `limit` occurrences that do not overlap; of all of them if it is negative. */
export function findAll(rt: Runtime, text: string, part: string, limit: number): number[] {
  const found: number[] = [];
  if (limit === 0) return found;
  const find = finder(rt, text, part);
  let at = find(0);
  while (at >= 0) {
    rt.work(1);
    found.push(at);
    if (found.length === limit) break;
    at = find(at + part.length);
  }
  return found;
}

/** The offset (in code points) that a UTF-16 offset stands at. */
export function codePointOffset(text: string, offset: number): number {
  if (offset <= 0 || !SURROGATE.test(text)) return offset;
  let count = 0;
  for (const _ of text.slice(0, offset)) count++;
  return count;
}

/** `lastIndexOf` in UTF-16 units, in linear time. */
export function findLastText(rt: Runtime, text: string, part: string): number {
  rt.scan(4 * (text.length + part.length));
  if (isQuick(text, part)) return text.lastIndexOf(part);
  rt.work((text.length + part.length) / 4);
  const reversed = backward(part);
  const at = search(backward(text), reversed, failures(reversed), 0);
  return at < 0 ? -1 : text.length - at - part.length;
}

/**
 * A search that may go on from where it stopped. The engine's own is quadratic for long needles that almost match,
 * so those are searched by Knuth, Morris and Pratt's method. Pays for the whole text once.
 */
function finder(rt: Runtime, text: string, part: string): (from: number) => number {
  // Four times a scan: a short needle may almost match at every place.
  rt.scan(4 * (text.length + part.length));
  if (isQuick(text, part)) return (from) => text.indexOf(part, from);
  rt.work((text.length + part.length) / 4);
  const [whole, needle] = [forward(text), forward(part)];
  const table = failures(needle);
  return (from) => search(whole, needle, table, from);
}

function isQuick(text: string, part: string): boolean {
  return part.length < 32 || text.length < 4096;
}

/** The units of a text from either end. */
interface Units {
  readonly length: number;
  readonly at: (index: number) => number;
}

function forward(text: string): Units {
  return { length: text.length, at: (index) => text.charCodeAt(index) };
}

function backward(text: string): Units {
  const last = text.length - 1;
  return { length: text.length, at: (index) => text.charCodeAt(last - index) };
}

function failures(part: Units): Int32Array {
  const table = new Int32Array(part.length);
  let matched = 0;
  for (let index = 1; index < part.length; index++) {
    const unit = part.at(index);
    while (matched > 0 && unit !== part.at(matched)) matched = table[matched - 1] ?? 0;
    if (unit === part.at(matched)) matched++;
    table[index] = matched;
  }
  return table;
}

function search(text: Units, part: Units, table: Int32Array, from: number): number {
  let matched = 0;
  for (let index = from; index < text.length; index++) {
    const unit = text.at(index);
    while (matched > 0 && unit !== part.at(matched)) matched = table[matched - 1] ?? 0;
    if (unit === part.at(matched)) matched++;
    if (matched === part.length) return index - part.length + 1;
  }
  return -1;
}
