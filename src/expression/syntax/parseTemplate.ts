/**
 * Jinja's statements: `{{ }}`, if, for, set, with, filter, and the text between them.
 * Owns blocks and their ends; expressions are parsed elsewhere.
 */
import { closest, didYouMean, Fault } from "../error.ts";
import type { BlockFilter, Body, Expression, Statement } from "../node.ts";
import { parseExpression, parseTuple } from "./parseExpression.ts";
import { parseCallable } from "./parsePostfix.ts";
import { parseTarget } from "./parseTarget.ts";
import {
  atOperator,
  atWord,
  type Cursor,
  describe,
  expectOperator,
  lastEnd,
  next,
  peek,
  type Token,
  takeOperator,
  takeWord,
  unexpected,
} from "./token.ts";
import { nested } from "./tree.ts";

/** Everything up to the end of the source. */
export function parseTemplate(cursor: Cursor): Body {
  return parseBody(cursor, []);
}

/** One expression and nothing else. */
export function parseWhole(cursor: Cursor): Expression {
  const expression = parseTuple(cursor);
  if (peek(cursor).type !== "end") throw unexpected(cursor, "an operator or the end");
  return expression;
}

const STATEMENTS = ["if", "for", "set", "with", "filter"];
const ENDINGS = ["elif", "else", "endif", "endfor", "endset", "endwith", "endfilter"];
const UNSUPPORTED: ReadonlySet<string> = new Set(
  "macro call import from include extends block do break continue autoescape trans".split(" "),
);

/** Statements up to a block whose word is one of `until` (not moved over), or to the end of the source. */
function parseBody(cursor: Cursor, until: readonly string[], opened?: Token): Body {
  const body: Statement[] = [];
  for (;;) {
    const token = peek(cursor);
    switch (token.type) {
      case "text":
        next(cursor);
        body.push({ kind: "text", text: token.text, start: token.start, end: token.end });
        break;
      case "variable_begin":
        body.push(parsePrint(cursor));
        break;
      case "block_begin":
        if (until.includes(peek(cursor, 1).text)) return body;
        body.push(nested(cursor, () => parseStatement(cursor)));
        break;
      default:
        if (opened === undefined) return body;
        throw new Fault(
          "syntax",
          `\`{% ${opened.text} %}\` is never closed. Add \`{% ${until.at(-1)} %}\`.`,
        ).at(opened);
    }
  }
}

function parsePrint(cursor: Cursor): Statement {
  const open = next(cursor);
  if (peek(cursor).type === "variable_end") {
    throw new Fault("syntax", "There is nothing between `{{` and `}}`.").at({
      start: open.start,
      end: peek(cursor).end,
    });
  }
  const expression = parseTuple(cursor);
  if (peek(cursor).type !== "variable_end") throw unexpected(cursor, "an operator or `}}`");
  return { kind: "print", expression, start: open.start, end: next(cursor).end };
}

function parseStatement(cursor: Cursor): Statement {
  const { start } = next(cursor);
  const word = next(cursor);
  switch (word.text) {
    case "if":
      return parseIf(cursor, start, word);
    case "for":
      return parseFor(cursor, start, word);
    case "set":
      return parseSet(cursor, start, word);
    case "with":
      return parseWith(cursor, start, word);
    case "filter":
      return parseFilterBlock(cursor, start, word);
    default:
      throw unknownStatement(word);
  }
}

function unknownStatement(word: Token): Fault {
  if (ENDINGS.includes(word.text)) {
    return new Fault("syntax", `\`{% ${word.text} %}\` closes nothing here.`).at(word);
  }
  if (UNSUPPORTED.has(word.text)) {
    const message = `\`{% ${word.text} %}\` is not part of workflow templates.`;
    return new Fault("syntax", message).at(word);
  }
  const suggestion = closest(word.text, [...STATEMENTS, ...ENDINGS, "raw"]);
  const message = `${describe(word)} is not a statement.${didYouMean(suggestion)}`;
  return new Fault("syntax", message, suggestion).at(word);
}

/** Moves over `%}`. */
function closeTag(cursor: Cursor): void {
  if (peek(cursor).type !== "block_end") throw unexpected(cursor, "`%}`");
  next(cursor);
}

/** Moves over `{% word %}`, where the body ended. */
function closeBlock(cursor: Cursor): number {
  next(cursor);
  next(cursor);
  closeTag(cursor);
  return lastEnd(cursor);
}

function parseIf(cursor: Cursor, start: number, word: Token): Statement {
  const branches: { test: Expression; body: Body }[] = [];
  let otherwise: Body = [];
  let wantsTest = true;
  while (wantsTest) {
    const test = parseTuple(cursor);
    closeTag(cursor);
    branches.push({ test, body: parseBody(cursor, ["elif", "else", "endif"], word) });
    wantsTest = peek(cursor, 1).text === "elif";
    if (wantsTest) cursor.position += 2;
  }
  if (atWord(cursor, "else", 1)) {
    closeBlock(cursor);
    otherwise = parseBody(cursor, ["endif"], word);
  }
  return { kind: "if", branches, otherwise, start, end: closeBlock(cursor) };
}

function parseFor(cursor: Cursor, start: number, word: Token): Statement {
  const target = parseTarget(cursor);
  if (!takeWord(cursor, "in")) throw unexpected(cursor, "`in` after the names of a loop");
  const items = parseTuple(cursor, false);
  const filter = takeWord(cursor, "if") ? parseExpression(cursor) : undefined;
  if (atWord(cursor, "recursive")) {
    throw new Fault("syntax", "Recursive loops are not supported.").at(peek(cursor));
  }
  closeTag(cursor);
  const body = parseBody(cursor, ["else", "endfor"], word);
  let otherwise: Body = [];
  if (atWord(cursor, "else", 1)) {
    closeBlock(cursor);
    otherwise = parseBody(cursor, ["endfor"], word);
  }
  const end = closeBlock(cursor);
  return { kind: "for", target, items, filter, body, otherwise, start, end };
}

function parseSet(cursor: Cursor, start: number, word: Token): Statement {
  const target = parseTarget(cursor);
  if (takeOperator(cursor, "=")) {
    const value = parseTuple(cursor);
    closeTag(cursor);
    return { kind: "set", target, value, start, end: lastEnd(cursor) };
  }
  const filters = takeOperator(cursor, "|") ? parseBlockFilters(cursor) : [];
  closeTag(cursor);
  const body = parseBody(cursor, ["endset"], word);
  return { kind: "capture", target, filters, body, start, end: closeBlock(cursor) };
}

function parseWith(cursor: Cursor, start: number, word: Token): Statement {
  const assignments: { target: ReturnType<typeof parseTarget>; value: Expression }[] = [];
  while (peek(cursor).type !== "block_end") {
    if (assignments.length > 0) expectOperator(cursor, ",", "between assignments");
    const target = parseTarget(cursor, false);
    expectOperator(cursor, "=", "after a name");
    assignments.push({ target, value: parseExpression(cursor) });
  }
  closeTag(cursor);
  const body = parseBody(cursor, ["endwith"], word);
  return { kind: "with", assignments, body, start, end: closeBlock(cursor) };
}

function parseFilterBlock(cursor: Cursor, start: number, word: Token): Statement {
  const filters = parseBlockFilters(cursor);
  closeTag(cursor);
  const body = parseBody(cursor, ["endfilter"], word);
  return { kind: "filtered", filters, body, start, end: closeBlock(cursor) };
}

/** `upper | indent(2)`: the filters over a block's text. */
function parseBlockFilters(cursor: Cursor): readonly BlockFilter[] {
  const grammar = { expression: parseExpression, tuple: parseTuple, primary: parseExpression };
  const filters: BlockFilter[] = [];
  do {
    const { start } = peek(cursor);
    const callable = parseCallable(cursor, "a filter's name", grammar);
    filters.push({ ...callable, start, end: lastEnd(cursor) });
  } while (takeOperator(cursor, "|"));
  if (!atOperator(cursor, "|") && peek(cursor).type !== "block_end") {
    throw unexpected(cursor, "`%}`");
  }
  return filters;
}
