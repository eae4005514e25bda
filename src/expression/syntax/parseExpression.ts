/**
 * Jinja's expression grammar: from tokens to a tree, by precedence.
 * Owns operators and their order; what follows a primary (`.x`, `[x]`, `(x)`, `| f`, `is t`) is in parsePostfix.
 */
import { Fault } from "../error.ts";
import type { BinaryOperator, CompareOperator, Expression, Range } from "../node.ts";
import { parseFilters, parsePostfix } from "./parsePostfix.ts";
import { parsePrimary } from "./parsePrimary.ts";
import { atOperator, atWord, type Cursor, next, peek, takeOperator, takeWord } from "./token.ts";
import { type Grammar, heightOf, nested } from "./tree.ts";

/** One expression, as in a filter's argument or an element of a list. */
export function parseExpression(cursor: Cursor): Expression {
  return nested(cursor, () => parseConditional(cursor));
}

/**
 * An expression, or several with commas between: a tuple. With `conditional` false a following `if` is left alone,
 * as `for` needs it.
 */
export function parseTuple(cursor: Cursor, conditional = true): Expression {
  const parse = conditional ? parseExpression : parseWithoutConditional;
  const first = parse(cursor);
  if (!atOperator(cursor, ",")) return first;
  const items = [first];
  while (takeOperator(cursor, ",")) {
    if (atTupleEnd(cursor)) break;
    items.push(parse(cursor));
  }
  const end = items.at(-1)?.end ?? first.end;
  const range = { start: first.start, end };
  return { kind: "tuple", items, height: heightOf(range, items), ...range };
}

/** What the rules for primaries and postfixes call back, so that they need not know this file. */
const GRAMMAR: Grammar = { expression: parseExpression, tuple: parseTuple, primary: primaryChain };

function parseWithoutConditional(cursor: Cursor): Expression {
  return nested(cursor, () => parseOr(cursor));
}

function atTupleEnd(cursor: Cursor): boolean {
  const token = peek(cursor);
  const closing = token.type === "variable_end" || token.type === "block_end";
  return closing || token.type === "end" || atOperator(cursor, ")") || atOperator(cursor, "=");
}

function parseConditional(cursor: Cursor): Expression {
  let then = parseOr(cursor);
  while (takeWord(cursor, "if")) {
    const test = parseOr(cursor);
    const otherwise = takeWord(cursor, "else") ? parseExpression(cursor) : undefined;
    const range = { start: then.start, end: (otherwise ?? test).end };
    const height = heightOf(range, [then, test, otherwise]);
    then = { kind: "conditional", test, then, otherwise, height, ...range };
  }
  return then;
}

function parseOr(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  while (takeWord(cursor, "or")) left = logic("or", left, parseAnd(cursor));
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor);
  while (takeWord(cursor, "and")) left = logic("and", left, parseNot(cursor));
  return left;
}

function logic(operator: "and" | "or", left: Expression, right: Expression): Expression {
  const range = between(left, right);
  return { kind: "logic", operator, left, right, height: heightOf(range, [left, right]), ...range };
}

function parseNot(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (!takeWord(cursor, "not")) return parseCompare(cursor);
  const operand = nested(cursor, () => parseNot(cursor));
  const range = between(token, operand);
  return { kind: "unary", operator: "not", operand, height: heightOf(range, [operand]), ...range };
}

function parseCompare(cursor: Cursor): Expression {
  const first = parseSum(cursor);
  const rest: { operator: CompareOperator; operand: Expression }[] = [];
  for (;;) {
    const operator = takeCompareOperator(cursor);
    if (operator === undefined) break;
    rest.push({ operator, operand: parseSum(cursor) });
  }
  if (rest.length === 0) return first;
  const operands = rest.map((part) => part.operand);
  const range = between(first, operands.at(-1) ?? first);
  return { kind: "compare", first, rest, height: heightOf(range, [first, ...operands]), ...range };
}

function takeCompareOperator(cursor: Cursor): CompareOperator | undefined {
  if (atWord(cursor, "not") && atWord(cursor, "in", 1)) {
    cursor.position += 2;
    return "not in";
  }
  const token = peek(cursor);
  if (takeWord(cursor, "in")) return "in";
  if (token.type !== "operator") return undefined;
  switch (token.text) {
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      cursor.position++;
      return token.text;
    default:
      return undefined;
  }
}

function parseSum(cursor: Cursor): Expression {
  let left = parseConcat(cursor);
  for (;;) {
    if (takeOperator(cursor, "+")) left = binary("+", left, parseConcat(cursor));
    else if (takeOperator(cursor, "-")) left = binary("-", left, parseConcat(cursor));
    else return left;
  }
}

function parseConcat(cursor: Cursor): Expression {
  const first = parseProduct(cursor);
  if (!atOperator(cursor, "~")) return first;
  const parts = [first];
  while (takeOperator(cursor, "~")) parts.push(parseProduct(cursor));
  const range = between(first, parts.at(-1) ?? first);
  return { kind: "concat", parts, height: heightOf(range, parts), ...range };
}

function parseProduct(cursor: Cursor): Expression {
  let left = parsePower(cursor);
  for (;;) {
    const token = peek(cursor);
    if (token.type !== "operator") return left;
    switch (token.text) {
      case "*":
      case "/":
      case "//":
      case "%":
        cursor.position++;
        left = binary(token.text, left, parsePower(cursor));
        break;
      default:
        return left;
    }
  }
}

/** Left to right, as in Jinja and unlike Python: `2 ** 3 ** 2` is 64. */
function parsePower(cursor: Cursor): Expression {
  let left = parseUnary(cursor, true);
  while (takeOperator(cursor, "**")) left = binary("**", left, parseUnary(cursor, true));
  return left;
}

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  const range = between(left, right);
  const height = heightOf(range, [left, right]);
  return { kind: "binary", operator, left, right, height, ...range };
}

/** A sign binds tighter than a filter: `-1 | abs` is `(-1) | abs`. */
function parseUnary(cursor: Cursor, withFilters: boolean): Expression {
  const token = peek(cursor);
  const sign = token.type === "operator" && (token.text === "-" || token.text === "+");
  if (!sign) {
    const chain = primaryChain(cursor);
    return withFilters ? parseFilters(cursor, chain, GRAMMAR) : chain;
  }
  next(cursor);
  const operand = nested(cursor, () => parseUnary(cursor, false));
  const range = between(token, operand);
  const operator = token.text === "-" ? "-" : "+";
  const height = heightOf(range, [operand]);
  const signed = parsePostfix(
    cursor,
    { kind: "unary", operator, operand, height, ...range },
    GRAMMAR,
  );
  return withFilters ? parseFilters(cursor, signed, GRAMMAR) : signed;
}

function primaryChain(cursor: Cursor): Expression {
  return parsePostfix(cursor, parsePrimary(cursor, GRAMMAR), GRAMMAR);
}

function between(first: Range, last: Range): Range {
  if (last.end < first.start) throw new Fault("syntax", "This cannot be read.").at(first);
  return { start: first.start, end: last.end };
}
