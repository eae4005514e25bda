/**
 * Whether everything a template calls exists and is called rightly, before anything is evaluated.
 * Owns the words for unknown names and the place of each fault; the tables say what there is.
 */
import type { Table } from "../definition.ts";
import { closest, didYouMean, Fault } from "../error.ts";
import { ASKS_FOR_PRESENCE } from "../evaluate/presence.ts";
import { unknownCallable } from "../evaluate/unknown.ts";
import { FILTERS } from "../filters/table.ts";
import { TESTS } from "../filters/testTable.ts";
import { FUNCTIONS } from "../functions/table.ts";
import { METHODS } from "../methods/table.ts";
import type { Body, Callable, Expression } from "../node.ts";
import { LOOP_FIELDS } from "../values/loop.ts";
import { walk } from "../walk.ts";
import { argumentFault, namedCallFault } from "./callFault.ts";

/** Every call that cannot work, in source order. `hosted` are functions that the host adds. */
export function check(body: Body, hosted: readonly string[]): readonly Fault[] {
  const faults: Fault[] = [];
  const add = (fault: Fault | undefined) => {
    if (fault !== undefined) faults.push(fault);
  };
  // What is only asked for may be missing: `loop.x is defined`.
  const asked = new Set<Expression>();
  walk(body, {
    expression: (node, locals) => {
      const asks = node.kind === "filter" || node.kind === "test";
      if (asks && ASKS_FOR_PRESENCE.has(node.name)) asked.add(node.input);
      if (!asked.has(node)) add(faultOf(node, locals, hosted));
      return true;
    },
    blockFilter: (filter) => add(filterFault(filter)),
  });
  return faults.sort((a, b) => a.start - b.start);
}

function faultOf(
  node: Expression,
  locals: ReadonlySet<string>,
  hosted: readonly string[],
): Fault | undefined {
  switch (node.kind) {
    case "filter":
      return filterFault(node);
    case "test":
      return callFault("test", TESTS, node);
    case "call":
      if (locals.has(node.name)) return notCallable(node);
      return hosted.includes(node.name)
        ? undefined
        : callFault("function", FUNCTIONS, node, hosted);
    case "method":
      return methodFault(node);
    case "member":
      return loopFault(node, locals);
    default:
      return undefined;
  }
}

function notCallable(node: Callable): Fault {
  const message = `\`${node.name}\` is a value here and cannot be called.`;
  return new Fault("type", message).at(node.nameRange);
}

function filterFault(node: Callable): Fault | undefined {
  return callFault("filter", FILTERS, node) ?? namedCallFault(node);
}

function callFault(
  kind: "filter" | "test" | "function",
  table: Table,
  node: Callable,
  more: readonly string[] = [],
): Fault | undefined {
  const definition = table.get(node.name);
  if (definition === undefined) return unknownCallable(kind, node.name, more).at(node.nameRange);
  return argumentFault(definition, node);
}

const CHANGES: ReadonlySet<string> = new Set(
  "append extend insert pop popitem remove clear update setdefault add discard sort".split(" "),
);

function methodFault(node: Extract<Expression, { kind: "method" }>): Fault | undefined {
  const { name, nameRange } = node;
  const tables = [...METHODS.values()];
  const found = tables.map((table) => table.get(name)).filter((each) => each !== undefined);
  if (found.length === 0) return unknownMethod(name, tables).at(nameRange);
  const faults = found.map((definition) => argumentFault(definition, node));
  return faults.includes(undefined) ? undefined : faults[0];
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

/** `loop` inside a `{% for %}` has these fields and no other. */
function loopFault(
  node: Extract<Expression, { kind: "member" }>,
  locals: ReadonlySet<string>,
): Fault | undefined {
  const { object, name, end } = node;
  if (object.kind !== "name" || object.name !== "loop" || !locals.has("loop")) return undefined;
  if (LOOP_FIELDS.has(name)) return undefined;
  const suggestion = closest(name, LOOP_FIELDS);
  const message = `\`loop\` has no field \`${name}\`.${didYouMean(suggestion)}`;
  return new Fault("unknown_name", message, suggestion).at({ start: end - name.length, end });
}
