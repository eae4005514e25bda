/**
 * Literals, names and brackets: where an expression starts.
 * Owns how they are read; what may follow them is in parsePostfix.
 */
import { Fault } from "../error.ts";
import { type Expression, ownRange } from "../node.ts";
import {
  atOperator,
  type Cursor,
  expectOperator,
  next,
  peek,
  type Token,
  takeOperator,
  unexpected,
} from "./token.ts";
import { type Grammar, heightOf } from "./tree.ts";

/** Words that cannot stand where a value is expected. */
const RESERVED: ReadonlySet<string> = new Set(["and", "or", "not", "in", "is", "if", "else"]);

export function parsePrimary(cursor: Cursor, grammar: Grammar): Expression {
  const token = peek(cursor);
  switch (token.type) {
    case "name":
      return parseName(cursor);
    case "string":
      return parseStrings(cursor);
    case "integer":
    case "float":
      return parseNumber(next(cursor));
    default:
      break;
  }
  if (atOperator(cursor, "(")) return parseParentheses(cursor, grammar);
  if (atOperator(cursor, "[")) return parseList(cursor, grammar);
  if (atOperator(cursor, "{")) return parseDict(cursor, grammar);
  throw unexpected(cursor, "a value");
}

function parseName(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (RESERVED.has(token.text)) throw unexpected(cursor, "a value");
  next(cursor);
  const { start, end } = token;
  switch (token.text) {
    case "true":
    case "True":
      return { kind: "constant", value: true, height: 1, start, end };
    case "false":
    case "False":
      return { kind: "constant", value: false, height: 1, start, end };
    case "none":
    case "None":
    case "null":
      return { kind: "constant", value: null, height: 1, start, end };
    default:
      return { kind: "name", name: token.text, height: 1, start, end };
  }
}

function parseStrings(cursor: Cursor): Expression {
  const first = next(cursor);
  let { text, end } = first;
  while (peek(cursor).type === "string") {
    const more = next(cursor);
    text += more.text;
    end = more.end;
  }
  return { kind: "constant", value: text, height: 1, start: first.start, end };
}

function parseNumber(token: Token): Expression {
  const { start, end } = token;
  const value = Number(token.text.replaceAll("_", ""));
  const float = token.type === "float";
  if (!float && !Number.isSafeInteger(value)) {
    const message = `${token.text} is beyond 2^53, where integers are no longer exact. Keep it as text.`;
    throw new Fault("value", message).at(token);
  }
  return { kind: "number", value, float, height: 1, start, end };
}

function parseParentheses(cursor: Cursor, grammar: Grammar): Expression {
  const open = next(cursor);
  if (atOperator(cursor, ")")) {
    const { end } = next(cursor);
    return { kind: "tuple", items: [], height: 1, start: open.start, end };
  }
  const inner = grammar.tuple(cursor);
  const close = expectOperator(cursor, ")", "to close `(`");
  return { ...inner, own: ownRange(inner), start: open.start, end: close.end };
}

function parseList(cursor: Cursor, grammar: Grammar): Expression {
  const open = next(cursor);
  const items: Expression[] = [];
  while (!atOperator(cursor, "]")) {
    items.push(grammar.expression(cursor));
    if (!takeOperator(cursor, ",")) break;
  }
  const close = expectOperator(cursor, "]", "or `,` in a list");
  const range = { start: open.start, end: close.end };
  return { kind: "list", items, height: heightOf(range, items), ...range };
}

function parseDict(cursor: Cursor, grammar: Grammar): Expression {
  const open = next(cursor);
  const entries: { key: Expression; value: Expression }[] = [];
  while (!atOperator(cursor, "}")) {
    if (atOperator(cursor, "{")) {
      const message =
        "An object cannot be a key; and inside an expression no further `{{ }}` is needed.";
      throw new Fault("syntax", message).at(peek(cursor));
    }
    const key = grammar.expression(cursor);
    expectOperator(cursor, ":", "after a key");
    entries.push({ key, value: grammar.expression(cursor) });
    if (!takeOperator(cursor, ",")) break;
  }
  const close = expectOperator(cursor, "}", "or `,` in an object");
  const range = { start: open.start, end: close.end };
  const children = entries.flatMap((entry) => [entry.key, entry.value]);
  return { kind: "dict", entries, height: heightOf(range, children), ...range };
}
