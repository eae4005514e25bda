/**
 * Where things stand in a workflow's text: from an address in the document, or a place inside a scalar, to a range.
 * Owns lines, columns and node look-ups; knows YAML nodes, no rule of the language.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import type { DocumentPath, Position, Range } from "./diagnostic.ts";
import { createSourceEdits, type SourceEdits } from "./mend/sourceEdits.ts";
import { createDocumentIndex, type DocumentIndex } from "./read/documentIndex.ts";
import { nodeSpan } from "./read/node.ts";
import { scalarOffsets } from "./read/scalarOffsets.ts";

export interface SourceMap {
  readonly fileName: string;
  readonly text: string;
  range(start: number, end: number): Range;
  /** The key at a path, or the value where there is no key (items of a list). */
  key(path: DocumentPath): Range;
  /** The value at a path; the nearest thing around it when the path is not in the file. */
  value(path: DocumentPath): Range;
  /**
   * Part of a text value, by offsets into the text after YAML's unquoting. Exact for every style that can be
   * followed back; otherwise the whole value.
   */
  within(path: DocumentPath, start: number, end: number): Range;
  /** The text value at a path, as written; undefined for anything else. */
  scalar(path: DocumentPath): string | undefined;
  /** True when the path is written in the file. */
  has(path: DocumentPath): boolean;
  /** The node behind an alias, or the node itself; undefined for an absent or unusable one. */
  resolve(node: unknown): Node | undefined;
  /** Changes of the file at a path. */
  readonly edits: SourceEdits;
}

export function createSourceMap(fileName: string, text: string, document: Document): SourceMap {
  const lines = lineStarts(text);
  const range = (start: number, end: number): Range => ({
    start: position(lines, Math.min(start, text.length)),
    end: position(lines, Math.min(Math.max(start, end), text.length)),
  });
  const rangeOf = (node: Node | undefined): Range => {
    const [start, end] = nodeSpan(node);
    return range(start, end);
  };
  const index = createDocumentIndex(document);
  const nodeAt = (path: DocumentPath): Node | undefined => findNode(document, index, path);
  const value = (path: DocumentPath): Range => rangeOf(nearest(document, index, path));
  const offsetsOf = rememberingLast((node: Scalar) => scalarOffsets(text, node));
  return {
    fileName,
    text,
    range,
    value,
    edits: createSourceEdits(text, { at: nodeAt, pair: index.pair, offsets: offsetsOf }),
    resolve: index.resolve,
    has: (path) => nodeAt(path) !== undefined,
    scalar: (path) => {
      const node = nodeAt(path);
      return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
    },
    key: (path) => {
      const last = path.at(-1);
      const parent = nodeAt(path.slice(0, -1));
      const pair =
        isMap(parent) && last !== undefined ? index.pair(parent, String(last)) : undefined;
      return isScalar(pair?.key) ? rangeOf(pair.key) : value(path);
    },
    within: (path, start, end) => {
      const node = nodeAt(path);
      const offsets = isScalar(node) ? offsetsOf(node) : undefined;
      const from = offsets?.[start];
      const to = end > start ? offsets?.[end - 1] : from;
      if (from === undefined || to === undefined) return value(path);
      return range(from, end > start ? to + 1 : to);
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function position(lines: readonly number[], offset: number): Position {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1, offset };
}

/** A long text with many problems is asked about again and again. */
function rememberingLast<K, V>(compute: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: compute(key) };
    return last.value;
  };
}

function step(
  index: DocumentIndex,
  node: Node | undefined,
  segment: string | number,
): Node | undefined {
  const resolved = index.resolve(node);
  const child = isMap(resolved)
    ? index.pair(resolved, String(segment))?.value
    : isSeq(resolved) && typeof segment === "number"
      ? resolved.items[segment]
      : undefined;
  return isNodeLike(child) ? child : undefined;
}

function findNode(document: Document, index: DocumentIndex, path: DocumentPath): Node | undefined {
  let node = isNodeLike(document.contents) ? document.contents : undefined;
  for (const segment of path) node = step(index, node, segment);
  return index.resolve(node);
}

function nearest(document: Document, index: DocumentIndex, path: DocumentPath): Node | undefined {
  let node = isNodeLike(document.contents) ? document.contents : undefined;
  for (const segment of path) {
    const next = step(index, node, segment);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function isNodeLike(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}
