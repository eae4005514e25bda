/**
 * What an expression comes to: a walk over its tree.
 * Owns the meaning of each node; data is read in place and never changed.
 */
import { Fault } from "../error.ts";
import { type CompareOperator, type Expression, ownRange } from "../node.ts";
import type { Runtime } from "../runtime.ts";
import { formatPercent } from "../text/format.ts";
import { contains, equals, order } from "../values/compare.ts";
import { float, numberOf, numberText } from "../values/number.ts";
import { textOf } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { createDict, kindOf, type Value } from "../values/value.ts";
import { elementOf, memberOf, sliceOf } from "./access.ts";
import { callFilter, callFunction, callMethod, callTest, type EvaluateArgument } from "./call.ts";
import { missingBeforeMinus, missingMember } from "./missing.ts";
import { operate, signed } from "./operators.ts";
import { ASKS_FOR_PRESENCE } from "./presence.ts";
import { lookUp, type Scope } from "./scope.ts";

type Node<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

/** The value of an expression. Throws a `Fault` with a place for everything that goes wrong. */
export function evaluate(rt: Runtime, scope: Scope | undefined, node: Expression): Value {
  try {
    rt.work(1);
    return evaluateNode(rt, scope, node);
  } catch (error) {
    throw error instanceof Fault ? error.at(ownRange(node)) : error;
  }
}

function evaluateNode(rt: Runtime, scope: Scope | undefined, node: Expression): Value {
  const of: EvaluateArgument = (child) => evaluate(rt, scope, child);
  switch (node.kind) {
    case "constant":
      return node.value;
    case "number":
      return node.float ? float(node.value) : node.value;
    case "name":
      return lookUp(rt, scope, node.name, false);
    case "member":
      return evaluateMember(rt, scope, node);
    case "index":
      return evaluateIndex(rt, scope, node);
    case "slice":
      return evaluateSlice(rt, scope, node);
    case "list":
    case "tuple":
      rt.list(node.items.length);
      return node.items.map(of);
    case "dict":
      return evaluateDict(rt, scope, node);
    case "unary":
      return node.operator === "not"
        ? !isTrue(rt, of(node.operand))
        : signed(node.operator, of(node.operand));
    case "binary":
      return evaluateBinary(rt, scope, node);
    case "logic": {
      const left = of(node.left);
      return isTrue(rt, left) === (node.operator === "and") ? of(node.right) : left;
    }
    case "compare":
      return evaluateCompare(rt, scope, node);
    case "concat":
      return evaluateConcat(rt, scope, node);
    case "conditional":
      if (isTrue(rt, of(node.test))) return of(node.then);
      return node.otherwise === undefined ? undefined : of(node.otherwise);
    case "filter":
      return callFilter(rt, node, evaluateInput(rt, scope, node), of);
    case "test":
      return callTest(rt, node, evaluateInput(rt, scope, node), of) !== node.negated;
    case "call":
      return callFunction(rt, scope, node, of);
    case "method":
      return callMethod(rt, node, of(node.object), of);
  }
}

function evaluateMember(rt: Runtime, scope: Scope | undefined, node: Node<"member">): Value {
  const object = evaluate(rt, scope, node.object);
  if (object !== undefined) return memberOf(rt, object, node.name);
  if (rt.context.lenient) return null;
  throw missingMember(node, (part) => evaluate(rt, scope, part));
}

function evaluateIndex(rt: Runtime, scope: Scope | undefined, node: Node<"index">): Value {
  const object = evaluate(rt, scope, node.object);
  const key = evaluate(rt, scope, node.index);
  if (object !== undefined) return elementOf(rt, object, key);
  if (rt.context.lenient) return null;
  throw missingMember(node, (part) => evaluate(rt, scope, part));
}

function evaluateSlice(rt: Runtime, scope: Scope | undefined, node: Node<"slice">): Value {
  const object = evaluate(rt, scope, node.object);
  const [from, to, step] = [node.from, node.to, node.step].map((bound) =>
    bound === undefined ? undefined : evaluate(rt, scope, bound),
  );
  if (object !== undefined) return sliceOf(rt, object, from, to, step);
  if (rt.context.lenient) return null;
  throw missingMember(node, (part) => evaluate(rt, scope, part));
}

function evaluateDict(rt: Runtime, scope: Scope | undefined, node: Node<"dict">): Value {
  rt.list(2 * node.entries.length);
  return createDict(
    node.entries.map(({ key, value }) => [
      keyText(evaluate(rt, scope, key), key),
      evaluate(rt, scope, value),
    ]),
  );
}

/** Keys are text, as in JSON; numbers become theirs. */
function keyText(key: Value, node: Expression): string {
  if (typeof key === "string") return key;
  if (typeof key !== "boolean" && numberOf(key) !== undefined) return numberText(key);
  throw new Fault("type", `A key must be text, found ${kindOf(key)}.`).at(node);
}

function evaluateBinary(rt: Runtime, scope: Scope | undefined, node: Node<"binary">): Value {
  const left = evaluate(rt, scope, node.left);
  if (left === undefined && node.operator === "-") throw missingBeforeMinus(node.left);
  const right = evaluate(rt, scope, node.right);
  if (node.operator === "%" && typeof left === "string") {
    const several = node.right.kind === "tuple" && Array.isArray(right);
    return formatPercent(rt, left, several ? right : [right]);
  }
  return operate(rt, node.operator, left, right);
}

/** Each operand is evaluated once, and none after the first comparison that fails. */
function evaluateCompare(rt: Runtime, scope: Scope | undefined, node: Node<"compare">): boolean {
  let left = evaluate(rt, scope, node.first);
  for (const { operator, operand } of node.rest) {
    const right = evaluate(rt, scope, operand);
    if (!compare(rt, operator, left, right)) return false;
    left = right;
  }
  return true;
}

function compare(rt: Runtime, operator: CompareOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case "==":
      return equals(rt, left, right);
    case "!=":
      return !equals(rt, left, right);
    case "<":
      return order(rt, left, right) < 0;
    case "<=":
      return order(rt, left, right) <= 0;
    case ">":
      return order(rt, left, right) > 0;
    case ">=":
      return order(rt, left, right) >= 0;
    case "in":
      return contains(rt, right, left);
    case "not in":
      return !contains(rt, right, left);
  }
}

function evaluateConcat(rt: Runtime, scope: Scope | undefined, node: Node<"concat">): string {
  const parts = node.parts.map((part) => textOf(rt, evaluate(rt, scope, part)));
  rt.text(parts.reduce((length, part) => length + part.length, 0));
  return parts.join("");
}

function evaluateInput(
  rt: Runtime,
  scope: Scope | undefined,
  node: Node<"filter"> | Node<"test">,
): Value {
  const { input, name } = node;
  return input.kind === "name" && ASKS_FOR_PRESENCE.has(name)
    ? lookUp(rt, scope, input.name, true)
    : evaluate(rt, scope, input);
}
