/**
 * Which key or value of a document an offset lies in.
 * Owns the walk; knows YAML nodes, no rule of the language.
 */
import { type Document, isMap, isScalar, isSeq, type Node } from "yaml";
import type { DocumentPath } from "../workflow/diagnostic.ts";
import { nodeSpan } from "../workflow/read/node.ts";

export interface Spot {
  readonly role: "key" | "value";
  /** Of the value, or of the value that the key is for. */
  readonly path: DocumentPath;
  readonly span: readonly [number, number];
  readonly text: string;
}

/** The key or the single value at an offset; undefined between them. */
export function keyOrValueAt(document: Document, offset: number): Spot | undefined {
  return walk(document.contents, [], offset);
}

function walk(node: unknown, path: DocumentPath, offset: number): Spot | undefined {
  if (isScalar(node)) return spotOf(node, "value", path, offset);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = walk(item, [...path, index], offset);
      if (found) return found;
    }
  }
  if (!isMap(node)) return undefined;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const inner = [...path, String(key.value)];
    const found = spotOf(key, "key", inner, offset) ?? walk(value, inner, offset);
    if (found) return found;
  }
  return undefined;
}

function spotOf(
  node: Node & { value?: unknown },
  role: Spot["role"],
  path: DocumentPath,
  offset: number,
): Spot | undefined {
  const span = nodeSpan(node);
  if (offset < span[0] || offset > span[1]) return undefined;
  return { role, path, span, text: String(node.value) };
}
