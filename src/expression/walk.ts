/**
 * Walks over every expression of a template with the names that are local there.
 * Owns which statement binds what; the check and the references are built on it.
 */
import type { Arguments, Body, Callable, Expression, Statement, Target } from "./node.ts";

export interface Visitor {
  /** Called for every expression, parents first. Answer false to leave its children out. */
  readonly expression: (node: Expression, locals: ReadonlySet<string>) => boolean;
  /** Called for every filter over a block. */
  readonly blockFilter: (filter: Callable) => void;
}

/** Visits a body's expressions in source order. */
export function walk(body: Body, visitor: Visitor): void {
  walkBody(body, new Set(), visitor);
}

/** The expressions directly inside another one, in source order. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "constant":
    case "number":
    case "name":
      return [];
    case "member":
      return [node.object];
    case "index":
      return [node.object, node.index];
    case "slice":
      return [node.object, node.from, node.to, node.step].filter((part) => part !== undefined);
    case "list":
    case "tuple":
      return node.items;
    case "dict":
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case "unary":
      return [node.operand];
    case "binary":
    case "logic":
      return [node.left, node.right];
    case "compare":
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case "concat":
      return node.parts;
    case "conditional":
      return [node.then, node.test, node.otherwise].filter((part) => part !== undefined);
    case "filter":
    case "test":
      return [node.input, ...argumentsOf(node.args)];
    case "call":
      return argumentsOf(node.args);
    case "method":
      return [node.object, ...argumentsOf(node.args)];
  }
}

function argumentsOf(args: Arguments): readonly Expression[] {
  return [...args.positional, ...args.named.map(({ value }) => value)];
}

function walkExpression(node: Expression, locals: ReadonlySet<string>, visitor: Visitor): void {
  if (!visitor.expression(node, locals)) return;
  for (const child of childrenOf(node)) walkExpression(child, locals, visitor);
}

/** Walks statements of one scope; names that they set are added to `locals`. */
function walkBody(body: Body, locals: Set<string>, visitor: Visitor): void {
  for (const statement of body) walkStatement(statement, locals, visitor);
}

function walkStatement(node: Statement, locals: Set<string>, visitor: Visitor): void {
  const visit = (expression: Expression) => walkExpression(expression, locals, visitor);
  switch (node.kind) {
    case "text":
      return;
    case "print":
      return visit(node.expression);
    case "if":
      for (const { test, body } of node.branches) {
        visit(test);
        walkBody(body, locals, visitor);
      }
      return walkBody(node.otherwise, locals, visitor);
    case "for":
      return walkFor(node, locals, visitor);
    case "set":
      visit(node.value);
      return bind(node.target, locals, visitor);
    case "capture":
    case "filtered":
      walkBody(node.body, new Set(locals), visitor);
      walkFilters(node, locals, visitor);
      if (node.kind === "capture") bind(node.target, locals, visitor);
      return;
    case "with": {
      const inner = new Set(locals);
      for (const { target, value } of node.assignments) {
        visit(value);
        bind(target, inner, visitor);
      }
      return walkBody(node.body, inner, visitor);
    }
  }
}

function walkFor(
  node: Extract<Statement, { kind: "for" }>,
  locals: ReadonlySet<string>,
  visitor: Visitor,
): void {
  walkExpression(node.items, locals, visitor);
  const inner = new Set(locals);
  bind(node.target, inner, visitor);
  if (node.filter !== undefined) walkExpression(node.filter, inner, visitor);
  inner.add("loop");
  walkBody(node.body, inner, visitor);
  walkBody(node.otherwise, new Set(locals), visitor);
}

function walkFilters(
  node: Extract<Statement, { kind: "capture" | "filtered" }>,
  locals: ReadonlySet<string>,
  visitor: Visitor,
): void {
  for (const filter of node.filters) {
    visitor.blockFilter(filter);
    for (const argument of argumentsOf(filter.args)) walkExpression(argument, locals, visitor);
  }
}

function bind(target: Target, locals: Set<string>, visitor: Visitor): void {
  switch (target.kind) {
    case "name":
      locals.add(target.name);
      return;
    case "names":
      for (const each of target.targets) bind(each, locals, visitor);
      return;
    case "field": {
      const { start, name } = target;
      const end = start + name.length;
      walkExpression({ kind: "name", name, height: 1, start, end }, locals, visitor);
    }
  }
}
