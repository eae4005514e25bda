/**
 * Whether everything a template calls exists and is called rightly, before anything is evaluated.
 * Owns the words for unknown names; the tables say what there is.
 */
import { type Definition, mismatch, type Table } from "./definition.ts";
import { closest, didYouMean, Fault } from "./error.ts";
import { unknownCallable } from "./evaluate/unknown.ts";
import { FILTERS } from "./filters/table.ts";
import { TESTS } from "./filters/testTable.ts";
import { FUNCTIONS } from "./functions/table.ts";
import { METHODS } from "./methods/table.ts";
import type { Body, Callable, Expression } from "./node.ts";
import { walk } from "./walk.ts";

/** Throws a `Fault` for the first call that cannot work. `hosted` are functions that the host adds. */
export function check(body: Body, hosted: readonly string[]): void {
  walk(body, {
    expression: (node, locals) => {
      checkExpression(node, locals, hosted);
      return true;
    },
    blockFilter: (filter) => checkCall("filter", FILTERS, filter),
  });
}

function checkExpression(
  node: Expression,
  locals: ReadonlySet<string>,
  hosted: readonly string[],
): void {
  switch (node.kind) {
    case "filter":
      checkCall("filter", FILTERS, node);
      return checkNamedCallable(node);
    case "test":
      return checkCall("test", TESTS, node);
    case "call":
      if (locals.has(node.name)) throw notCallable(node);
      if (!hosted.includes(node.name)) checkCall("function", FUNCTIONS, node, hosted);
      return;
    case "method":
      return checkMethod(node);
    default:
      return;
  }
}

function notCallable(node: Callable): Fault {
  const message = `\`${node.name}\` is a value here and cannot be called.`;
  return new Fault("type", message).at(node.nameRange);
}

function checkCall(
  kind: "filter" | "test" | "function",
  table: Table,
  node: Callable,
  more: readonly string[] = [],
): void {
  const definition = table.get(node.name);
  if (definition === undefined) throw unknownCallable(kind, node.name, more).at(node.nameRange);
  const problem = problemOf(definition, node);
  if (problem !== undefined) throw problem.at(node.nameRange);
}

function problemOf(definition: Definition, { args }: Callable): Fault | undefined {
  const named = args.named.map(({ name }) => name);
  return mismatch(definition, args.positional.length, named);
}

/** `map("upper")`, `select("defined")`: the name is checked when it is written out. */
function checkNamedCallable(node: Extract<Expression, { kind: "filter" }>): void {
  const place = { map: 0, select: 0, reject: 0, selectattr: 1, rejectattr: 1 }[node.name];
  const argument = place === undefined ? undefined : node.args.positional[place];
  if (argument?.kind !== "constant" || typeof argument.value !== "string") return;
  const kind = node.name === "map" ? "filter" : "test";
  if ((kind === "filter" ? FILTERS : TESTS).has(argument.value)) return;
  throw unknownCallable(kind, argument.value).at(argument);
}

const CHANGES: ReadonlySet<string> = new Set(
  "append extend insert pop popitem remove clear update setdefault add discard sort".split(" "),
);

function checkMethod(node: Extract<Expression, { kind: "method" }>): void {
  const { name, nameRange } = node;
  const tables = [...METHODS.values()];
  const found = tables.map((table) => table.get(name)).filter((each) => each !== undefined);
  const [only] = found;
  if (only === undefined) throw unknownMethod(name, tables).at(nameRange);
  const problems = found.map((definition) => problemOf(definition, node));
  const [first] = problems;
  if (first !== undefined && problems.every((problem) => problem !== undefined)) {
    throw first.at(nameRange);
  }
}

function unknownMethod(name: string, tables: readonly Table[]): Fault {
  if (name.startsWith("_")) {
    return new Fault("forbidden", `\`${name}\` is out of reach: only data can be read.`);
  }
  if (CHANGES.has(name)) {
    const message = `\`${name}\` would change a value. Make a new one: \`list + [x]\`, \`dict(old, key=x)\`, \`| sort\`.`;
    return new Fault("forbidden", message);
  }
  const known = new Set(tables.flatMap((table) => [...table.keys()]));
  const suggestion = closest(name, known);
  const filter =
    suggestion === undefined && FILTERS.has(name) ? ` It is a filter: \`value | ${name}\`.` : "";
  const message = `Nothing has a method \`${name}\`.${didYouMean(suggestion)}${filter}`;
  return new Fault("unknown_method", message, suggestion);
}
