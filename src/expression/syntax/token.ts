/**
 * The words of a template's source, each with its range, and the hand that walks over them.
 * Owns tokens and the cursor; knows no grammar.
 */
import { Fault } from "../error.ts";
import type { Range } from "../node.ts";

export type TokenType =
  | "text"
  | "variable_begin"
  | "variable_end"
  | "block_begin"
  | "block_end"
  | "name"
  | "string"
  | "integer"
  | "float"
  | "operator"
  | "end";

export interface Token extends Range {
  readonly type: TokenType;
  /** The decoded text of strings and template text; the digits of numbers; otherwise as written. */
  readonly text: string;
}

/** Walks over tokens; the last one is always `end`. */
export interface Cursor {
  readonly source: string;
  readonly tokens: readonly Token[];
  position: number;
  /** How many grammar rules are open; bounded so that deep nesting is an error and not an overflow. */
  depth: number;
}

/** The current token. */
export function peek(cursor: Cursor, ahead = 0): Token {
  const last = cursor.tokens.length - 1;
  const token = cursor.tokens[Math.min(cursor.position + ahead, last)];
  if (token === undefined) throw new Error("a token list without an end");
  return token;
}

/** The current token, and moves on. */
export function next(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.position++;
  return token;
}

/** True when the current token is this operator. */
export function atOperator(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.type === "operator" && token.text === text;
}

/** True when the current token is this word. */
export function atWord(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.type === "name" && token.text === text;
}

/** Moves over an operator if it is there. */
export function takeOperator(cursor: Cursor, text: string): boolean {
  if (!atOperator(cursor, text)) return false;
  cursor.position++;
  return true;
}

/** Moves over a word if it is there. */
export function takeWord(cursor: Cursor, text: string): boolean {
  if (!atWord(cursor, text)) return false;
  cursor.position++;
  return true;
}

/** Moves over an operator that must be there. */
export function expectOperator(cursor: Cursor, text: string, purpose: string): Token {
  if (atOperator(cursor, text)) return next(cursor);
  throw unexpected(cursor, `\`${text}\` ${purpose}`);
}

/** Moves over a name that must be there. */
export function expectName(cursor: Cursor, purpose: string): Token {
  if (peek(cursor).type === "name") return next(cursor);
  throw unexpected(cursor, purpose);
}

/** The end of the last token that was moved over. */
export function lastEnd(cursor: Cursor): number {
  return cursor.tokens[cursor.position - 1]?.end ?? 0;
}

/** "Expected x, found y" at the current token. */
export function unexpected(cursor: Cursor, expected: string): Fault {
  const token = peek(cursor);
  return new Fault("syntax", `Expected ${expected}, found ${describe(token)}.`).at(token);
}

/** A token in words. */
export function describe(token: Token): string {
  switch (token.type) {
    case "end":
      return "the end";
    case "text":
      return "text";
    case "string":
      return "a string";
    case "variable_begin":
    case "variable_end":
    case "block_begin":
    case "block_end":
    case "name":
    case "integer":
    case "float":
    case "operator":
      return `\`${token.text}\``;
  }
}
