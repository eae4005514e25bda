/**
 * What a person is writing at an offset of a workflow file: a key of some mapping, or a value.
 * Owns the one trick that makes half-written YAML readable: a mark is put where the cursor is, and the text parsed with
 * it. Knows YAML, no rule of the language.
 */
import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar } from "yaml";
import type { DocumentPath } from "../../workflow/diagnostic.ts";
import { nodeSpan } from "../../workflow/read/node.ts";

export interface Cursor {
  /** `key`: a key of the mapping at `path` is being written; `value`: the value at `path`. */
  readonly role: "key" | "value";
  readonly path: DocumentPath;
  /** The text of the key or value before the cursor, after YAML's unquoting. */
  readonly typed: string;
  /** What a completion of the whole key or value replaces, in offsets of the text without the mark. */
  readonly start: number;
  readonly end: number;
  /** Keys that the mapping has already (role `key`). */
  readonly present: readonly string[];
  /** The value is written in a block (`|`, `>`) or in quotes. */
  readonly style: "plain" | "quoted" | "block";
  /** The text as it was parsed, the mark in it; reading it as a workflow gives the surroundings. */
  readonly marked: string;
  readonly document: Document;
}

/** A character that no file has, from Unicode's private use area. */
export const MARK = "\uE000";

const OPTIONS = {
  uniqueKeys: false,
  prettyErrors: false,
  version: "1.2",
  logLevel: "silent",
} as const;

/**
 * The readings of what is written at an offset; two where a bare word may become a key or a list's item. Empty in
 * comments and where nothing can be told.
 */
export function cursorsAt(text: string, offset: number): readonly Cursor[] {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = endOfLine(text, offset);
  const before = text.slice(lineStart, offset);
  const after = text.slice(offset, lineEnd);
  if (/(^|\s)#/.test(before) && !/["']/.test(before)) return [];
  const bare = /^\s*(-\s+)*[\w-]*$/.test(before) && /^[\w-]*\s*$/.test(after);
  const marked = text.slice(0, offset) + MARK + text.slice(offset);
  if (!bare) return [cursorIn(marked, offset)].filter((found) => found !== undefined);
  const word = lineEnd - (after.length - after.trimEnd().length);
  const asKey = `${text.slice(0, offset)}${MARK}${text.slice(offset, word)}:${text.slice(word)}`;
  return [cursorIn(asKey, offset), cursorIn(marked, offset)].filter((found) => found !== undefined);
}

function endOfLine(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  const end = found === -1 ? text.length : found;
  return text[end - 1] === "\r" ? end - 1 : end;
}

function cursorIn(marked: string, offset: number): Cursor | undefined {
  const document = parse(marked);
  const found = document && findMark(document.contents, []);
  if (!document || !found) return undefined;
  const { node, path, role, present } = found;
  const value = String(node.value);
  const style = styleOf(node);
  const [from, to] = nodeSpan(node);
  const quote = style === "quoted" ? 1 : 0;
  const [start, end] =
    style === "block" ? [offset, offset] : [from + quote, Math.max(offset, to - quote - 1)];
  const typed = value.slice(0, value.indexOf(MARK));
  // A plain value that goes on over lines is no word that could be completed.
  if (style === "plain" && typed.includes("\n")) return undefined;
  return { role, path, typed, start, end, present, style, marked, document };
}

function parse(text: string): Document | undefined {
  try {
    return parseDocument(text, OPTIONS);
  } catch {
    return undefined;
  }
}

function styleOf(node: Scalar): Cursor["style"] {
  if (node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL") return "block";
  return node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? "quoted" : "plain";
}

interface Found {
  readonly node: Scalar;
  readonly path: DocumentPath;
  readonly role: Cursor["role"];
  readonly present: readonly string[];
}

function findMark(node: unknown, path: DocumentPath): Found | undefined {
  if (isMarked(node)) return { node, path, role: "value", present: [] };
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = findMark(item, [...path, index]);
      if (found) return found;
    }
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (isMarked(pair.key)) {
      const present = node.items.filter((other) => other !== pair).map(nameOf);
      return { node: pair.key, path, role: "key", present };
    }
    const found = findMark(pair.value, [...path, nameOf(pair)]);
    if (found) return found;
  }
  return undefined;
}

function isMarked(node: unknown): node is Scalar {
  return isScalar(node) && typeof node.value === "string" && node.value.includes(MARK);
}

function nameOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "";
}
