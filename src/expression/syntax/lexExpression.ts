/**
 * Turns the inside of an expression into tokens, one at a time: names, strings, numbers, operators.
 * Owns Jinja's lexical rules for them; knows nothing of templates around it.
 */
import { Fault } from "../error.ts";
import type { Token } from "./token.ts";

/** The next token at or after `from`, skipping white space, or undefined when only white space is left. */
export function lexToken(source: string, from: number): Token | undefined {
  const start = skipSpace(source, from);
  if (start >= source.length) return undefined;
  const first = source.charAt(start);
  if (first === '"' || first === "'") return lexString(source, start);
  return (
    match(NUMBER_FLOAT, source, start, "float") ??
    match(NUMBER_INTEGER, source, start, "integer") ??
    match(NAME, source, start, "name") ??
    match(OPERATOR, source, start, "operator") ??
    fail(source, start)
  );
}

/** The first offset at or after `from` that is not white space. */
export function skipSpace(source: string, from: number): number {
  SPACE.lastIndex = from;
  return SPACE.test(source) ? SPACE.lastIndex : from;
}

const SPACE = /\s+/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER_FLOAT = /\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/y;
const NUMBER_INTEGER =
  /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;

function match(
  pattern: RegExp,
  source: string,
  start: number,
  type: "float" | "integer" | "name" | "operator",
): Token | undefined {
  pattern.lastIndex = start;
  if (!pattern.test(source)) return undefined;
  const end = pattern.lastIndex;
  return { type, text: source.slice(start, end), start, end };
}

function fail(source: string, start: number): never {
  const found = String.fromCodePoint(source.codePointAt(start) ?? 0);
  const hint = HINTS[source.slice(start, start + 2)] ?? HINTS[found] ?? "";
  const range = { start, end: start + found.length };
  throw new Fault("syntax", `\`${found}\` has no meaning here.${hint}`).at(range);
}

const HINTS: { readonly [found: string]: string } = {
  "&&": " Write `and`.",
  "||": " Write `or`.",
  "!": " Write `not`.",
  "?": " Write `a if condition else b`.",
  "`": " Use single or double quotes.",
};

function lexString(source: string, start: number): Token {
  const quote = source.charAt(start);
  let end = start + 1;
  while (end < source.length && source.charAt(end) !== quote) {
    end += source.charAt(end) === "\\" ? 2 : 1;
  }
  if (end >= source.length) {
    const range = { start, end: start + 1 };
    throw new Fault("syntax", `A string opened with ${quote} is never closed.`).at(range);
  }
  refuseWord(source, start, end + 1);
  const text = decodeEscapes(source.slice(start + 1, end), start + 1);
  return { type: "string", text, start, end: end + 1 };
}

/**
 * A word right behind a string is seldom an operator that lacks its blank: most likely a quote is missing further up,
 * and every string from there on is inside out. The first of them is the place to look at.
 */
function refuseWord(source: string, start: number, end: number): void {
  const word = WORD.exec(source.slice(end, end + 20))?.[0];
  if (word === undefined || OPERATOR_WORDS.has(word)) return;
  const message = `This string ends right before \`${word}\`. Is a quote missing, or an operator between?`;
  throw new Fault("syntax", message).at({ start, end });
}

const WORD = /^[\p{L}\p{N}_]+/u;
const OPERATOR_WORDS: ReadonlySet<string> = new Set(
  "if else in and or is not recursive".split(" "),
);

function decodeEscapes(raw: string, start: number): string {
  const lines = raw.replace(/\r\n?/g, "\n");
  if (!lines.includes("\\")) return lines;
  return lines.replace(ESCAPE, (whole, offset: number) => {
    const decoded = decodeEscape(whole);
    if (decoded !== undefined) return decoded;
    const range = { start: start + offset, end: start + offset + whole.length };
    throw new Fault("syntax", `\`${whole}\` is not a complete escape in a string.`).at(range);
  });
}

const ESCAPE =
  /\\(?:x[\da-fA-F]{0,2}|u[\da-fA-F]{0,4}|U[\da-fA-F]{0,8}|N(?:\{[^}]*\})?|[0-7]{1,3}|[\s\S])/g;

/** The text an escape stands for (Python's rules: an unknown one keeps its backslash), undefined when malformed. */
function decodeEscape(whole: string): string | undefined {
  const kind = whole.charAt(1);
  const simple = SIMPLE_ESCAPES.get(kind);
  if (simple !== undefined) return simple;
  if (/[0-7]/.test(kind)) return String.fromCodePoint(Number.parseInt(whole.slice(1), 8));
  const digits = { x: 2, u: 4, U: 8 }[kind];
  if (digits !== undefined) {
    const code = Number.parseInt(whole.slice(2), 16);
    return whole.length === digits + 2 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }
  return kind === "N" ? undefined : whole;
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", ""],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);
