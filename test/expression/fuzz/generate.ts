/**
 * Random expressions and templates that are right, as trees of text: every part knows where it ends up.
 * Owns what can stand where, by type, so that what is generated also evaluates.
 */
import type { Random } from "../../simulation/random.ts";

/** A part of a source: what it is, and its text, with the parts inside it. */
export interface Tree {
  readonly kind: TreeKind;
  readonly parts: readonly (string | Tree)[];
}

export type TreeKind =
  | "literal"
  | "name"
  | "operation"
  | "filter"
  | "test"
  | "call"
  | "method"
  | "bracket"
  | "index"
  | "conditional"
  | "statement";

type Type = "number" | "text" | "truth" | "list" | "rows";

/** What the expressions can read. */
export const DATA = {
  state: {
    name: "Ada Lovelace",
    title: "the engine",
    count: 7,
    ratio: 2.5,
    ready: true,
    words: ["pear", "fig", "apple"],
    numbers: [3, 1, 2],
    tasks: [
      { name: "build", minutes: 5 },
      { name: "test", minutes: 12 },
    ],
  },
  inputs: { task: "Add a login", limit: 2 },
};

/** One source: mostly a single expression between braces, now and then a whole template. */
export function generateSource(random: Random): Tree {
  if (random.below(4) > 0) return braces(expression(random, pick(random, TYPES), 4));
  const parts = Array.from({ length: 1 + random.below(3) }, () => statement(random, 2));
  return { kind: "statement", parts: parts.flatMap((part) => [part, "\n"]) };
}

const TYPES: readonly Type[] = ["number", "text", "truth", "list", "text"];

/** One of a list. */
export function pick<T>(random: Random, from: readonly [T, ...T[]] | readonly T[]): T {
  const found = from[random.below(from.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

function braces(inside: Tree): Tree {
  return { kind: "statement", parts: ["{{ ", inside, " }}"] };
}

function statement(random: Random, depth: number): Tree {
  const body = () => (depth > 0 ? statement(random, depth - 1) : braces(of("text")));
  const of = (type: Type) => expression(random, type, 2);
  const make: readonly (() => readonly (string | Tree)[])[] = [
    () => ["some text ", braces(of("text")), " more"],
    () => ["{% if ", of("truth"), " %}", body(), "{% else %}", body(), "{% endif %}"],
    () => ["{% for x in ", of("list"), " %}", body(), "{{ loop.index }}{% endfor %}"],
    () => ["{% set x = ", of("number"), " %}{{ x }}"],
    () => ["{% filter ", "upper", " %}", body(), "{% endfilter %}"],
  ];
  return { kind: "statement", parts: pick(random, make)() };
}

function expression(random: Random, type: Type, depth: number): Tree {
  if (depth === 0) return leaf(random, type);
  const of = (inner: Type) =>
    expression(random, inner, depth - 1 - random.below(2) * (depth > 1 ? 1 : 0));
  const op = (left: Tree, operator: string, right: Tree): Tree =>
    bracket("(", { kind: "operation", parts: [left, ` ${operator} `, right] }, ")");
  const filter = (input: Tree, name: string, ...args: (string | Tree)[]): Tree => ({
    kind: "filter",
    parts: ["(", input, " | ", name, ...args, ")"],
  });
  const method = (object: Tree, name: string, ...args: (string | Tree)[]): Tree => ({
    kind: "method",
    parts: [object, ".", name, ...args],
  });
  const choices: Readonly<Record<Type, readonly (() => Tree)[]>> = {
    number: [
      () => op(of("number"), pick(random, ["+", "-", "*"]), of("number")),
      () => op(of("number"), pick(random, ["//", "%"]), { kind: "literal", parts: ["3"] }),
      () => filter(of("text"), "length"),
      () => filter(of("list"), "length"),
      () => filter(of("number"), "abs"),
      () => filter(of("number"), "round", "(1, method=", literal("'floor'"), ")"),
      () => filter(of("text"), "int", "(default=", of("number"), ")"),
      () => method(bracket("(", of("text"), ")"), "count", "('a')"),
      () => conditional(of("number"), of("truth"), of("number")),
    ],
    text: [
      () => op(of("text"), "~", of(pick(random, ["text", "number", "truth"]))),
      () => filter(of("text"), pick(random, ["upper", "lower", "title", "trim", "capitalize"])),
      () => filter(of("text"), "truncate", "(", literal("9"), ", killwords=true)"),
      () => filter(of("text"), "replace", "(", literal("'a'"), ", ", of("text"), ")"),
      () => filter(of("list"), "join", "(", literal("', '"), ")"),
      () => filter(of("rows"), "map", "(attribute=", literal("'name'"), ") | join"),
      () => method(bracket("(", of("text"), ")"), pick(random, ["upper", "strip", "title"]), "()"),
      () => method(bracket("(", of("text"), ")"), "replace", "('a', ", of("text"), ")"),
      () => ({ kind: "index", parts: [bracket("(", of("text"), ")"), "[1:", literal("5"), "]"] }),
      () => op(literal("'%s!'"), "%", of("text")),
      () => conditional(of("text"), of("truth"), of("text")),
    ],
    truth: [
      () => op(of("number"), pick(random, ["<", ">=", "==", "!="]), of("number")),
      () => op(of("truth"), pick(random, ["and", "or"]), of("truth")),
      () => ({ kind: "operation", parts: ["not ", of("truth")] }),
      () => ({
        kind: "test",
        parts: [bracket("(", of("number"), ")"), " is ", pick(random, ["even", "odd", "number"])],
      }),
      () => ({
        kind: "test",
        parts: [
          bracket("(", of("text"), ")"),
          " is ",
          pick(random, ["string", "defined", "lower"]),
        ],
      }),
      () => ({
        kind: "test",
        parts: [bracket("(", of("number"), ")"), " is divisibleby(", literal("3"), ")"],
      }),
      () => op(of("text"), pick(random, ["in", "not in"]), of("text")),
      () => op(of("number"), "in", of("list")),
    ],
    list: [
      () => listOf([of("number"), of("number"), of("number")]),
      () => ({ kind: "call", parts: ["range", "(", literal("4"), ")"] }),
      () => filter(of("list"), "sort", "(reverse=", of("truth"), ")"),
      () => filter(of("list"), "map", "('string') | list"),
      () => filter(of("list"), "select", "(", literal("'defined'"), ")"),
      () => method(bracket("(", of("text"), ")"), "split", "(' ')"),
      () => op(listOf([of("number")]), "+", listOf([of("number")])),
    ],
    rows: [() => filter(leaf(random, "rows"), "sort", "(attribute=", literal("'minutes'"), ")")],
  };
  return pick(random, choices[type])();
}

function literal(text: string): Tree {
  return { kind: "literal", parts: [text] };
}

function bracket(open: string, inside: Tree, close: string): Tree {
  return { kind: "bracket", parts: [open, inside, close] };
}

function listOf(items: readonly Tree[]): Tree {
  const parts = items.flatMap((item, index) => (index === 0 ? [item] : [", ", item]));
  return { kind: "bracket", parts: ["[", ...parts, "]"] };
}

function conditional(then: Tree, test: Tree, otherwise: Tree): Tree {
  return { kind: "conditional", parts: ["(", then, " if ", test, " else ", otherwise, ")"] };
}

function leaf(random: Random, type: Type): Tree {
  const names: Readonly<Record<Type, readonly string[]>> = {
    number: ["state.count", "inputs.limit", "state.ratio", "3", "12", "1.5"],
    text: ["state.name", "inputs.task", "'plain'", '"double"', "state.title", "'é 😀'"],
    truth: ["state.ready", "true", "false"],
    list: ["state.numbers", "[1, 2]", "[3]"],
    rows: ["state.tasks"],
  };
  const text = pick(random, names[type]);
  return { kind: /^[a-z]/.test(text) && text.includes(".") ? "name" : "literal", parts: [text] };
}
