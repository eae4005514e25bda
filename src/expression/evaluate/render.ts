/**
 * What a template's statements print, in order.
 * Owns statements, scopes and the text form of what is printed; expressions are evaluated elsewhere.
 */
import type { Escape } from "../context.ts";
import { Fault } from "../error.ts";
import type { BlockFilter, Body, Statement, Target } from "../node.ts";
import type { Runtime } from "../runtime.ts";
import { itemsOf } from "../values/coerce.ts";
import { textOf } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { isList, kindOf, Loop, Namespace, type Value } from "../values/value.ts";
import { callFilter } from "./call.ts";
import { evaluate } from "./evaluate.ts";
import { innerScope, lookUp, type Scope } from "./scope.ts";

/** Where a body prints to. `escape` is applied to values, never to the template's own text. */
export interface Output {
  readonly chunks: string[];
  readonly escape: Escape | undefined;
}

type Node<K extends Statement["kind"]> = Extract<Statement, { kind: K }>;

/** Prints a body. `set` writes to `scope`. */
export function renderBody(rt: Runtime, scope: Scope, body: Body, output: Output): void {
  for (const statement of body) {
    try {
      rt.work(1);
      renderStatement(rt, scope, statement, output);
    } catch (error) {
      throw error instanceof Fault ? error.at(statement) : error;
    }
  }
}

function renderStatement(rt: Runtime, scope: Scope, node: Statement, output: Output): void {
  switch (node.kind) {
    case "text":
      rt.text(node.text.length);
      output.chunks.push(node.text);
      return;
    case "print":
      return print(rt, textOf(rt, evaluate(rt, scope, node.expression)), output);
    case "if": {
      const branch = node.branches.find(({ test }) => isTrue(rt, evaluate(rt, scope, test)));
      return renderBody(rt, scope, branch?.body ?? node.otherwise, output);
    }
    case "for":
      return renderFor(rt, scope, node, output);
    case "set":
      return assign(rt, scope, node.target, evaluate(rt, scope, node.value));
    case "capture":
      return assign(rt, scope, node.target, capture(rt, scope, node, output));
    case "with":
      return renderWith(rt, scope, node, output);
    case "filtered":
      return print(rt, textOf(rt, capture(rt, scope, node, output)), output);
  }
}

function print(rt: Runtime, text: string, output: Output): void {
  const escaped = output.escape === undefined ? text : escapeValue(rt, output.escape, text, output);
  rt.text(escaped.length);
  output.chunks.push(escaped);
}

function escapeValue(rt: Runtime, quote: Escape, text: string, output: Output): string {
  const before = output.chunks.join("");
  rt.text(before.length);
  const escaped = quote(text, before);
  if (escaped !== undefined) return escaped;
  const message =
    'A value cannot be written safely at this place of a shell command. Give it through `env` and write "$NAME".';
  throw new Fault("forbidden", message);
}

function renderFor(rt: Runtime, scope: Scope, node: Node<"for">, output: Output): void {
  const all = itemsOf(rt, evaluate(rt, scope, node.items));
  const { filter, target } = node;
  const items =
    filter === undefined
      ? all
      : all.filter((item) => {
          const inner = innerScope(scope);
          assign(rt, inner, target, item);
          return isTrue(rt, evaluate(rt, inner, filter));
        });
  if (items.length === 0) return renderBody(rt, innerScope(scope), node.otherwise, output);
  const loop = new Loop(items);
  items.forEach((item, index) => {
    rt.work(5);
    loop.index0 = index;
    const inner = innerScope(scope);
    inner.locals.set("loop", loop);
    assign(rt, inner, target, item);
    renderBody(rt, inner, node.body, output);
  });
}

function renderWith(rt: Runtime, scope: Scope, node: Node<"with">, output: Output): void {
  const inner = innerScope(scope);
  for (const { target, value } of node.assignments) {
    assign(rt, inner, target, evaluate(rt, scope, value));
  }
  renderBody(rt, inner, node.body, output);
}

/** The text of a block. Nothing is escaped inside: it is when, and if, the text is printed. */
function capture(
  rt: Runtime,
  scope: Scope,
  node: Node<"capture"> | Node<"filtered">,
  output: Output,
): Value {
  const chunks: string[] = [];
  renderBody(rt, innerScope(scope), node.body, { ...output, chunks, escape: undefined });
  return node.filters.reduce<Value>(
    (value, filter) => applyFilter(rt, scope, filter, value),
    chunks.join(""),
  );
}

function applyFilter(rt: Runtime, scope: Scope, filter: BlockFilter, input: Value): Value {
  return callFilter(rt, filter, input, (node) => evaluate(rt, scope, node));
}

function assign(rt: Runtime, scope: Scope, target: Target, value: Value): void {
  switch (target.kind) {
    case "name":
      scope.locals.set(target.name, value);
      return;
    case "field":
      return assignField(rt, scope, target, value);
    case "names": {
      const parts = isList(value) ? value : itemsOf(rt, value);
      if (parts.length !== target.targets.length) {
        const message = `Expected ${target.targets.length} values to unpack, found ${parts.length}.`;
        throw new Fault("value", message).at(target);
      }
      target.targets.forEach((each, index) => {
        assign(rt, scope, each, parts[index]);
      });
    }
  }
}

function assignField(
  rt: Runtime,
  scope: Scope,
  target: Extract<Target, { kind: "field" }>,
  value: Value,
): void {
  const namespace = lookUp(rt, scope, target.name, false);
  if (!(namespace instanceof Namespace)) {
    const message = `Only fields of a \`namespace()\` can be set, and \`${target.name}\` is ${kindOf(namespace)}.`;
    throw new Fault("type", message).at(target);
  }
  namespace.fields.set(target.field, value);
}
