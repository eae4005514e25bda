/**
 * Cuts a template into text and the tokens of its `{{ }}` and `{% %}`; drops `{# #}`, keeps `{% raw %}` as text.
 * Owns delimiters, white space control and line ends; knows no grammar.
 */
import { Fault } from "../error.ts";
import { lexToken, skipSpace } from "./lexExpression.ts";
import type { Token } from "./token.ts";

/** Tokens of a whole template, closed by an `end`. A single line break at the very end of the source is dropped. */
export function lexTemplate(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = source.length - (/\r?\n$|\r$/.exec(source)?.[0].length ?? 0);
  let at = 0;
  let trimmed = false;
  while (at < end) {
    const open = findOpening(source, at);
    const textEnd = open === undefined ? end : Math.min(open.start, end);
    addText(tokens, source, at, textEnd, trimmed, open?.trims ?? false);
    if (open === undefined) break;
    const closed = lexTag(source, open, tokens);
    at = closed.at;
    trimmed = closed.trims;
  }
  tokens.push({ type: "end", text: "", start: source.length, end: source.length });
  return tokens;
}

/** Tokens of a bare expression, closed by an `end`. */
export function lexBareExpression(source: string): readonly Token[] {
  const tokens: Token[] = [];
  lexUntil(source, 0, undefined, tokens);
  tokens.push({ type: "end", text: "", start: source.length, end: source.length });
  return tokens;
}

interface Opening {
  readonly kind: "{{" | "{%" | "{#";
  readonly start: number;
  /** Offset after the delimiter and its `-` or `+`. */
  readonly inside: number;
  /** White space before it is dropped. */
  readonly trims: boolean;
}

interface Closed {
  readonly at: number;
  /** White space after it is dropped. */
  readonly trims: boolean;
}

function findOpening(source: string, from: number): Opening | undefined {
  for (let start = source.indexOf("{", from); start >= 0; start = source.indexOf("{", start + 1)) {
    const kind = source.slice(start, start + 2);
    if (kind !== "{{" && kind !== "{%" && kind !== "{#") continue;
    const sign = source.charAt(start + 2);
    const signed = sign === "-" || (sign === "+" && kind !== "{{");
    return { kind, start, inside: start + (signed ? 3 : 2), trims: sign === "-" };
  }
  return undefined;
}

function addText(
  tokens: Token[],
  source: string,
  start: number,
  end: number,
  trimStart: boolean,
  trimEnd: boolean,
): void {
  let text = source.slice(start, end);
  if (trimStart) text = text.trimStart();
  if (trimEnd) text = text.trimEnd();
  if (text === "") return;
  tokens.push({ type: "text", text: text.replace(/\r\n?/g, "\n"), start, end });
}

function lexTag(source: string, open: Opening, tokens: Token[]): Closed {
  if (open.kind === "{#") return skipComment(source, open);
  const raw = open.kind === "{%" ? lexRaw(source, open, tokens) : undefined;
  if (raw !== undefined) return raw;
  const variable = open.kind === "{{";
  const begin = variable ? "variable_begin" : "block_begin";
  const { start, inside } = open;
  tokens.push({ type: begin, text: source.slice(start, inside), start, end: inside });
  const close = variable ? "}}" : "%}";
  const closing = lexUntil(source, inside, close, tokens);
  if (closing === undefined) {
    const message = `\`${open.kind}\` is never closed. Add \`${close}\`.`;
    throw new Fault("syntax", message).at({ start, end: inside });
  }
  const type = variable ? "variable_end" : "block_end";
  tokens.push({ type, text: close, ...closing });
  return { at: closing.end, trims: source.charAt(closing.start) === "-" };
}

const MAX_TOKENS = 50_000;

/** Adds tokens up to `close` outside of brackets; answers the closing delimiter's range, or undefined at the end. */
function lexUntil(
  source: string,
  from: number,
  close: string | undefined,
  tokens: Token[],
): { start: number; end: number } | undefined {
  const open: Token[] = [];
  const brackets: Brackets = { open, closed: undefined };
  let at = skipSpace(source, from);
  while (at < source.length) {
    if (close !== undefined && open.length === 0) {
      const sign = /[-+]/.test(source.charAt(at)) ? 1 : 0;
      if (source.startsWith(close, at + sign)) return { start: at, end: at + sign + 2 };
    }
    const token = lexToken(source, at);
    if (token === undefined) break;
    const last = open.at(-1);
    // `}}` may end two objects; `%}` ends the tag, whatever is open.
    const ends = source.startsWith(close ?? "\0", at);
    if (last !== undefined && ends && (last.text !== "{" || close === "%}")) break;
    if (token.type === "operator") balance(brackets, token);
    if (tokens.length >= MAX_TOKENS) {
      const message = `More than ${MAX_TOKENS} words of expressions in one text. Split it.`;
      throw new Fault("limit", message).at(token);
    }
    tokens.push(token);
    at = skipSpace(source, token.end);
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    throw new Fault("syntax", `\`${unclosed.text}\` is never closed.`).at(unclosed);
  }
  return undefined;
}

const CLOSERS: { readonly [open: string]: string } = { "(": ")", "[": "]", "{": "}" };

interface Brackets {
  readonly open: Token[];
  /** The pair that was closed last. */
  closed: { readonly opener: Token; readonly end: number } | undefined;
}

function balance(brackets: Brackets, token: Token): void {
  const { open, closed } = brackets;
  if (Object.hasOwn(CLOSERS, token.text)) {
    open.push(token);
    return;
  }
  if (token.text !== ")" && token.text !== "]" && token.text !== "}") return;
  const last = open.pop();
  if (last === undefined) throw closesNothing(token, closed);
  brackets.closed = { opener: last, end: token.end };
  const wanted = CLOSERS[last.text];
  if (wanted === token.text) return;
  // What closes a bracket further out says that the one inside was never closed; else it is out of place itself.
  if (open.some(({ text }) => CLOSERS[text] === token.text)) {
    const message = `\`${last.text}\` is not closed before \`${token.text}\`. Add \`${wanted}\`.`;
    throw new Fault("syntax", message).at(last);
  }
  const message = `Expected \`${wanted}\` to close \`${last.text}\`, found \`${token.text}\`.`;
  throw new Fault("syntax", message).at(token);
}

/** The first brace of a `}}` may have closed an object by accident: then it is the object that was never closed. */
function closesNothing(token: Token, closed: Brackets["closed"]): Fault {
  if (token.text === "}" && closed?.end === token.start && closed.opener.text === "{") {
    return new Fault("syntax", "`{` is never closed.").at(closed.opener);
  }
  return new Fault("syntax", `\`${token.text}\` closes nothing.`).at(token);
}

function skipComment(source: string, open: Opening): Closed {
  const close = source.indexOf("#}", open.inside);
  if (close < 0) {
    const range = { start: open.start, end: open.inside };
    throw new Fault("syntax", "A comment opened with `{#` is never closed. Add `#}`.").at(range);
  }
  return { at: close + 2, trims: close > open.inside && source.charAt(close - 1) === "-" };
}

function lexRaw(source: string, open: Opening, tokens: Token[]): Closed | undefined {
  RAW.lastIndex = open.inside;
  const begin = RAW.exec(source);
  if (begin === null) return undefined;
  const start = RAW.lastIndex;
  END_RAW.lastIndex = start;
  const end = END_RAW.exec(source);
  if (end === null) {
    const range = { start: open.start, end: start };
    throw new Fault("syntax", "`{% raw %}` is never closed. Add `{% endraw %}`.").at(range);
  }
  addText(tokens, source, start, end.index, begin[1] === "-", end[1] === "-");
  return { at: END_RAW.lastIndex, trims: end[2] === "-" };
}

const RAW = /\s*raw\s*([-+]?)%\}/y;
const END_RAW = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;
