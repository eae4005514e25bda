/**
 * What a template reads and calls, without evaluating it: for validation, needs_state and completion.
 * Owns the walk over the tree; knows nothing of what the names mean.
 */
import { type Callable, type Expression, ownRange, type Range } from "./node.ts";
import type { Template } from "./template.ts";
import { walk } from "./walk.ts";

/**
 * A chain of static reads: `state.a["b"][0]` is root `state`, path `["a", "b", 0]`. The path stops at the first part
 * that is only known when evaluated: everything below it may be read.
 */
export interface Reference extends Chain {
  /** Names that `for`, `set` and `with` bind there, in case one of them was meant. */
  readonly locals: readonly string[];
}

interface Chain {
  readonly root: string;
  /** The root's name alone. */
  readonly rootRange: Range;
  readonly path: readonly (string | number)[];
  /** For each part of the path the offset where the chain up to it ends. */
  readonly ends: readonly number[];
  /** Range of the chain. */
  readonly start: number;
  readonly end: number;
}

export interface Use {
  readonly kind: "filter" | "test" | "function" | "method";
  readonly name: string;
  /** Range of the name alone. */
  readonly start: number;
  readonly end: number;
}

/** Every chain read from a root, in source order; names bound by `for`, `set` and `with` are not roots. */
export function references(template: Template): readonly Reference[] {
  const found: Reference[] = [];
  walk(template.body, {
    expression: (node, locals) => {
      const chain = chainOf(node);
      if (chain === undefined) return true;
      if (!locals.has(chain.root)) found.push({ ...chain, locals: [...locals] });
      return false;
    },
    blockFilter: () => {},
  });
  return found.sort((a, b) => a.start - b.start);
}

/** Every filter, test, function and method used, in source order. */
export function uses(template: Template): readonly Use[] {
  const found: Use[] = [];
  const add = (kind: Use["kind"], { name, nameRange }: Callable) => {
    found.push({ kind, name, start: nameRange.start, end: nameRange.end });
  };
  walk(template.body, {
    expression: (node) => {
      if (node.kind === "call") add("function", node);
      else if (node.kind === "filter" || node.kind === "test" || node.kind === "method") {
        add(node.kind, node);
      }
      return true;
    },
    blockFilter: (filter) => add("filter", filter),
  });
  return found.sort((a, b) => a.start - b.start);
}

/** The whole chain from a name to this node, or undefined when a part of it is only known later. */
function chainOf(node: Expression): Chain | undefined {
  const { start, end } = node;
  if (node.kind === "name") {
    return { root: node.name, rootRange: ownRange(node), path: [], ends: [], start, end };
  }
  if (node.kind !== "member" && node.kind !== "index") return undefined;
  const part = node.kind === "member" ? node.name : constantOf(node.index);
  const before = part === undefined ? undefined : chainOf(node.object);
  if (part === undefined || before === undefined) return undefined;
  const { path, ends } = before;
  return { ...before, path: [...path, part], ends: [...ends, end], start, end };
}

function constantOf(node: Expression): string | number | undefined {
  if (node.kind === "number") return node.value;
  return node.kind === "constant" && typeof node.value === "string" ? node.value : undefined;
}
