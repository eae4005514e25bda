/**
 * What may follow a value: members, indexes, slices, calls, filters and tests.
 * Owns their grammar and call arguments; whether the names exist is checked elsewhere.
 */
import { Fault } from "../error.ts";
import type { Arguments, Expression, NamedArgument, Range } from "../node.ts";
import {
  atOperator,
  atWord,
  type Cursor,
  expectName,
  expectOperator,
  lastEnd,
  next,
  peek,
  takeOperator,
  takeWord,
  unexpected,
} from "./token.ts";
import { type Grammar, heightOf } from "./tree.ts";

/** Members, indexes and calls after a value. */
export function parsePostfix(cursor: Cursor, from: Expression, grammar: Grammar): Expression {
  let value = from;
  for (;;) {
    if (takeOperator(cursor, ".")) value = parseMember(cursor, value, grammar);
    else if (atOperator(cursor, "[")) value = parseSubscript(cursor, value, grammar);
    else if (atOperator(cursor, "(")) value = parseCall(cursor, value, grammar);
    else return value;
  }
}

/** Filters and tests after a value. */
export function parseFilters(cursor: Cursor, from: Expression, grammar: Grammar): Expression {
  let value = from;
  for (;;) {
    if (takeOperator(cursor, "|")) value = parseFilter(cursor, value, grammar);
    else if (atWord(cursor, "is")) value = parseTest(cursor, value, grammar);
    else return value;
  }
}

/** A dotted name and its arguments, if any: `name`, `name(1, key=2)`. */
export function parseCallable(cursor: Cursor, purpose: string, grammar: Grammar) {
  const nameToken = expectName(cursor, purpose);
  let name = nameToken.text;
  while (takeOperator(cursor, ".")) name += `.${expectName(cursor, purpose).text}`;
  const nameRange = { start: nameToken.start, end: lastEnd(cursor) };
  const args = atOperator(cursor, "(") ? parseArguments(cursor, grammar) : NO_ARGUMENTS;
  return { name, nameRange, args };
}

const NO_ARGUMENTS: Arguments = { positional: [], named: [] };

function parseMember(cursor: Cursor, object: Expression, grammar: Grammar): Expression {
  const token = next(cursor);
  const range = { start: object.start, end: token.end };
  if (token.type === "integer") {
    const { start, end } = token;
    const value = Number(token.text);
    const index: Expression = { kind: "number", value, float: false, height: 1, start, end };
    return { kind: "index", object, index, height: heightOf(range, [object, index]), ...range };
  }
  if (token.type !== "name") {
    cursor.position--;
    throw unexpected(cursor, "a field's name after `.`");
  }
  if (!atOperator(cursor, "(")) {
    return {
      kind: "member",
      object,
      name: token.text,
      height: heightOf(range, [object]),
      ...range,
    };
  }
  const args = parseArguments(cursor, grammar);
  const whole = { start: object.start, end: lastEnd(cursor) };
  const height = heightOf(whole, [object, ...children(args)]);
  const nameRange = { start: token.start, end: token.end };
  return { kind: "method", object, name: token.text, nameRange, args, height, ...whole };
}

function parseSubscript(cursor: Cursor, object: Expression, grammar: Grammar): Expression {
  next(cursor);
  const parts: (Expression | undefined)[] = [];
  let colons = 0;
  while (!atOperator(cursor, "]")) {
    if (takeOperator(cursor, ":")) {
      colons++;
      if (parts.length < colons) parts.push(undefined);
    } else if (parts.length > colons) break;
    else parts.push(grammar.expression(cursor));
  }
  const close = expectOperator(cursor, "]", "to close `[`");
  const range = { start: object.start, end: close.end };
  const [first, second, third] = parts;
  if (colons > 2 || parts.length === 0) {
    const message =
      colons > 2
        ? "A slice has at most two colons: `[from:to:step]`."
        : "An index is missing between `[` and `]`.";
    throw new Fault("syntax", message).at(close);
  }
  const height = heightOf(range, [object, first, second, third]);
  if (colons === 0 && first !== undefined) {
    return { kind: "index", object, index: first, height, ...range };
  }
  return { kind: "slice", object, from: first, to: second, step: third, height, ...range };
}

function parseCall(cursor: Cursor, callee: Expression, grammar: Grammar): Expression {
  if (callee.kind !== "name") {
    const message = "Only functions (`now()`) and methods (`text.strip()`) can be called.";
    throw new Fault("syntax", message).at(peek(cursor));
  }
  const args = parseArguments(cursor, grammar);
  const range = { start: callee.start, end: lastEnd(cursor) };
  const nameRange = { start: callee.start, end: callee.end };
  const height = heightOf(range, children(args));
  return { kind: "call", name: callee.name, nameRange, args, height, ...range };
}

function parseFilter(cursor: Cursor, input: Expression, grammar: Grammar): Expression {
  const callable = parseCallable(cursor, "a filter's name after `|`", grammar);
  const range = { start: input.start, end: lastEnd(cursor) };
  const height = heightOf(range, [input, ...children(callable.args)]);
  return { kind: "filter", input, ...callable, height, ...range };
}

/** Words that end a test without brackets: `x is defined and y`. */
const AFTER_TEST: ReadonlySet<string> = new Set(["else", "or", "and", "if", "in", "not", "is"]);

function parseTest(cursor: Cursor, input: Expression, grammar: Grammar): Expression {
  next(cursor);
  const negated = takeWord(cursor, "not");
  const callable = parseCallable(cursor, "a test's name after `is`", grammar);
  let { args } = callable;
  if (args === NO_ARGUMENTS && atBareArgument(cursor)) {
    args = { positional: [grammar.primary(cursor)], named: [] };
  }
  if (atWord(cursor, "is")) {
    throw new Fault("syntax", "Tests cannot be chained; join them with `and`.").at(peek(cursor));
  }
  const range: Range = { start: input.start, end: lastEnd(cursor) };
  const height = heightOf(range, [input, ...children(args)]);
  return { kind: "test", input, negated, ...callable, args, height, ...range };
}

function atBareArgument(cursor: Cursor): boolean {
  const token = peek(cursor);
  switch (token.type) {
    case "name":
      return !AFTER_TEST.has(token.text);
    case "string":
    case "integer":
    case "float":
      return true;
    default:
      return atOperator(cursor, "[") || atOperator(cursor, "{");
  }
}

const MAX_ARGUMENTS = 100;

function parseArguments(cursor: Cursor, grammar: Grammar): Arguments {
  next(cursor);
  const positional: Expression[] = [];
  const named: NamedArgument[] = [];
  while (!atOperator(cursor, ")")) {
    if (positional.length + named.length >= MAX_ARGUMENTS) {
      throw new Fault("limit", `More than ${MAX_ARGUMENTS} arguments.`).at(peek(cursor));
    }
    if (atOperator(cursor, "*") || atOperator(cursor, "**")) {
      const message = "Spreading arguments with `*` is not supported. Write each argument.";
      throw new Fault("syntax", message).at(peek(cursor));
    }
    if (peek(cursor).type === "name" && atOperator(cursor, "=", 1)) {
      named.push(parseNamed(cursor, named, grammar));
    } else {
      if (named.length > 0) {
        const message = "An argument without a name cannot follow one with a name.";
        throw new Fault("syntax", message).at(peek(cursor));
      }
      positional.push(grammar.expression(cursor));
    }
    if (!takeOperator(cursor, ",")) break;
  }
  expectOperator(cursor, ")", "or `,` after an argument");
  return { positional, named };
}

function parseNamed(
  cursor: Cursor,
  before: readonly NamedArgument[],
  grammar: Grammar,
): NamedArgument {
  const name = next(cursor);
  next(cursor);
  if (before.some((argument) => argument.name === name.text)) {
    throw new Fault("syntax", `\`${name.text}\` is given twice.`).at(name);
  }
  const value = grammar.expression(cursor);
  return { name: name.text, value, start: name.start, end: value.end };
}

function children(args: Arguments): readonly Expression[] {
  return [...args.positional, ...args.named.map((argument) => argument.value)];
}
