/**
 * What keeps every tree small enough to walk by recursion, and the rules that the grammar's files call in each other.
 */
import { Fault } from "../error.ts";
import type { Expression, Range } from "../node.ts";
import { type Cursor, peek } from "./token.ts";

export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression;
  readonly tuple: (cursor: Cursor) => Expression;
  /** A primary with its members, indexes and calls, without filters. */
  readonly primary: (cursor: Cursor) => Expression;
}

/** Rules that may be open at once: brackets, signs, conditionals, blocks. */
const MAX_NESTING = 100;
/** Nodes from the root of an expression to its deepest leaf. */
const MAX_HEIGHT = 250;

/** Runs a rule one level deeper. */
export function nested<T>(cursor: Cursor, rule: () => T): T {
  if (cursor.depth >= MAX_NESTING) {
    const message = `Nested more than ${MAX_NESTING} deep. Split it with \`{% set %}\` or a set_state step.`;
    throw new Fault("limit", message).at(peek(cursor));
  }
  cursor.depth++;
  const result = rule();
  cursor.depth--;
  return result;
}

/** The height of a node over its children. */
export function heightOf(
  range: Range,
  children: readonly ({ readonly height: number } | undefined)[],
): number {
  let height = 0;
  for (const child of children) {
    if (child !== undefined && child.height > height) height = child.height;
  }
  if (height >= MAX_HEIGHT) {
    const message = `More than ${MAX_HEIGHT} operations in one chain. Split it with \`{% set %}\`.`;
    throw new Fault("limit", message).at(range);
  }
  return height + 1;
}
