/**
 * Calls: from a callable's name and argument nodes to its result.
 * Owns the choice of the definition and the place of an error in a call; what is called lives in its own folder.
 */
import type { Json } from "../../util/json.ts";
import { type Definition, invoke } from "../definition.ts";
import { Fault } from "../error.ts";
import { FILTERS } from "../filters/table.ts";
import { TESTS } from "../filters/testTable.ts";
import { FUNCTIONS } from "../functions/table.ts";
import { methodOf } from "../methods/table.ts";
import { type Callable, type Expression, ownRange, type Range } from "../node.ts";
import type { CallByName, Runtime } from "../runtime.ts";
import { isTrue } from "../values/truth.ts";
import { kindOf, type Value } from "../values/value.ts";
import { toJson } from "./leave.ts";
import { missingMember } from "./missing.ts";
import { isLocal, type Scope } from "./scope.ts";
import { unknownCallable } from "./unknown.ts";

export type EvaluateArgument = (node: Expression) => Value;

/** `input | name(args)`. */
export function callFilter(
  rt: Runtime,
  node: Callable,
  input: Value,
  evaluate: EvaluateArgument,
): Value {
  const definition = FILTERS.get(node.name);
  if (definition === undefined) throw unknownCallable("filter", node.name);
  return call(rt, definition, node, input, evaluate);
}

/** `input is name(args)`. */
export function callTest(
  rt: Runtime,
  node: Callable,
  input: Value,
  evaluate: EvaluateArgument,
): boolean {
  const definition = TESTS.get(node.name);
  if (definition === undefined) throw unknownCallable("test", node.name);
  return isTrue(rt, call(rt, definition, node, input, evaluate));
}

/** `name(args)`. */
export function callFunction(
  rt: Runtime,
  scope: Scope | undefined,
  node: Callable,
  evaluate: EvaluateArgument,
): Value {
  if (isLocal(scope, node.name)) {
    throw new Fault("type", `\`${node.name}\` is a value here and cannot be called.`);
  }
  const definition = FUNCTIONS.get(node.name);
  if (definition !== undefined) return call(rt, definition, node, undefined, evaluate);
  return callHost(rt, node, evaluate);
}

/** `object.name(args)`. */
export function callMethod(
  rt: Runtime,
  node: Extract<Expression, { kind: "method" }>,
  object: Value,
  evaluate: EvaluateArgument,
): Value {
  if (object === undefined || object === null) {
    if (rt.context.lenient) return null;
    if (object === undefined) throw missingMember(node, evaluate);
    throw new Fault("type", `The value is null and has no method \`${node.name}\`. Test it first.`);
  }
  const found = methodOf(rt, object, node.name);
  if (found !== undefined) return call(rt, found.definition, node, found.input, evaluate);
  const message = `There is no method \`${node.name}\` on ${kindOf(object)}.`;
  throw new Fault("unknown_method", message).at(node.nameRange);
}

/** Calls a filter or test whose name is data: `items | map("upper")`. */
export const callByName: CallByName = (rt, kind, name, input, positional, named) => {
  const definition = (kind === "filter" ? FILTERS : TESTS).get(name);
  if (definition === undefined) throw unknownCallable(kind, name);
  return invoke(definition, rt, input, positional, named);
};

function call(
  rt: Runtime,
  definition: Definition,
  node: Callable,
  input: Value,
  evaluate: EvaluateArgument,
): Value {
  const { positional, named } = node.args;
  const args = positional.map(evaluate);
  const namedArgs = named.map(({ name, value }) => [name, evaluate(value)] as const);
  try {
    return invoke(definition, rt, input, args, namedArgs);
  } catch (error) {
    throw error instanceof Fault ? error.at(placeOf(definition, node, error.argument)) : error;
  }
}

/** The argument that a fault is about, where it is written; otherwise the callable's name. */
function placeOf(
  { parameters }: Definition,
  { args, nameRange }: Callable,
  parameter: string | undefined,
): Range {
  const named = args.named.find(({ name }) => name === parameter);
  const index = parameters.findIndex(({ name }) => name === parameter);
  const given = named?.value ?? (index < 0 ? undefined : args.positional[index]);
  return given === undefined ? nameRange : ownRange(given);
}

function callHost(rt: Runtime, node: Callable, evaluate: EvaluateArgument): Value {
  const { functions } = rt.context;
  if (functions === undefined || !Object.hasOwn(functions, node.name)) {
    throw unknownCallable("function", node.name).at(node.nameRange);
  }
  const json = (value: Value): Json => toJson(rt, value) ?? null;
  const args = node.args.positional.map((argument) => json(evaluate(argument)));
  const named = node.args.named.map(({ name, value }) => [name, json(evaluate(value))] as const);
  return functions[node.name]?.(args, Object.fromEntries(named));
}
