/**
 * Changes of a workflow's text by addresses in the document: replace, remove, append, add.
 * Owns how each looks in YAML's styles; an answer keeps everything else as it is written, or is undefined where
 * that cannot be promised. Knows no rule of the language.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { DocumentPath } from "../diagnostic.ts";
import type { Edit } from "../edit.ts";
import { nodeSpan } from "../read/node.ts";

/** Where things are in the document; each answer costs about the same for any size of it. */
export interface DocumentNodes {
  /** The node at a path; undefined when the path is not in the file. */
  readonly at: (path: DocumentPath) => Node | undefined;
  readonly pair: (map: YAMLMap, key: string) => Pair | undefined;
  /** As `scalarOffsets` says. */
  readonly offsets: (node: Scalar) => readonly number[] | undefined;
}

export interface SourceEdits {
  /** Replaces part of a text value, by offsets into the text after YAML's unquoting. */
  replaceWithin(path: DocumentPath, start: number, end: number, by: string): Edit | undefined;
  /** Replaces a whole scalar by a text, in quotes where it needs them. */
  replaceValue(path: DocumentPath, by: string): Edit | undefined;
  /** Renames a key. */
  renameKey(path: DocumentPath, by: string): Edit | undefined;
  /** Removes a key with its value. */
  removeKey(path: DocumentPath): Edit | undefined;
  /** Removes items `from` up to but not including `to` of a list; `[]` stays when none is left. */
  removeItems(path: DocumentPath, from: number, to: number): Edit | undefined;
  /** Adds a plain word as the last item of a list. */
  appendItem(path: DocumentPath, item: string): Edit | undefined;
  /** Adds a key with a value that fits on its line, as the last one of a mapping. */
  addKey(path: DocumentPath, key: string, value: string): Edit | undefined;
  /** Adds a mapping of one key in front of another key: `initial_state` before `steps`. */
  addMappingBefore(path: DocumentPath, key: string, inner: string, value: string): Edit | undefined;
}

export function createSourceEdits(text: string, nodes: DocumentNodes): SourceEdits {
  const nodeAt = nodes.at;
  const parentOf = (path: DocumentPath) => nodeAt(path.slice(0, -1));
  const pairAt = (path: DocumentPath): { map: YAMLMap; pair: Pair } | undefined => {
    const map = parentOf(path);
    const pair = isMap(map) ? nodes.pair(map, String(path.at(-1))) : undefined;
    return isMap(map) && pair !== undefined ? { map, pair } : undefined;
  };
  return {
    replaceWithin: (path, start, end, by) => replaceWithin(text, nodes, path, [start, end], by),
    replaceValue: (path, by) => {
      const node = nodeAt(path);
      if (!isScalar(node) || !isInline(text, node)) return undefined;
      const [start, end] = nodeSpan(node);
      return { start, end, text: quoted(by, text.charAt(start)) };
    },
    renameKey: (path, by) => {
      const key = pairAt(path)?.pair.key;
      if (!isScalar(key)) return undefined;
      const [start, end] = nodeSpan(key);
      return { start, end, text: quoted(by, text.charAt(start)) };
    },
    removeKey: (path) => {
      const found = pairAt(path);
      if (!found) return undefined;
      const { map, pair } = found;
      return removeParts(text, (at) => spanOfPair(map.items[at]), map, map.items.indexOf(pair));
    },
    removeItems: (path, from, to) => {
      const list = nodeAt(path);
      return isSeq(list) ? removeItems(text, list, from, to) : undefined;
    },
    appendItem: (path, item) => {
      const list = nodeAt(path);
      return isSeq(list) ? appendItem(text, list, item) : undefined;
    },
    addKey: (path, key, value) => {
      const map = nodeAt(path);
      return isMap(map) ? addKey(text, map, key, value) : undefined;
    },
    addMappingBefore: (path, key, inner, value) => {
      const found = pairAt(path);
      if (!found || !isScalar(found.pair.key)) return undefined;
      const [start] = nodeSpan(found.pair.key);
      if (found.map.flow) return { start, end: start, text: `${key}: { ${inner}: ${value} }, ` };
      const margin = " ".repeat(columnOf(text, start));
      return { start, end: start, text: `${key}:\n${margin}  ${inner}: ${value}\n${margin}` };
    },
  };
}

type Span = readonly [start: number, end: number];

function replaceWithin(
  text: string,
  nodes: DocumentNodes,
  path: DocumentPath,
  [start, end]: Span,
  by: string,
): Edit | undefined {
  const node = nodes.at(path);
  if (!isScalar(node) || typeof node.value !== "string") return undefined;
  const offsets = nodes.offsets(node);
  const from = offsets?.[start];
  const last = offsets?.[Math.max(start, end - 1)];
  if (from === undefined || last === undefined) return undefined;
  const to = end > start ? last + 1 : from;
  if (text.slice(from, to) !== node.value.slice(start, end)) return undefined;
  const written = escaped(by, node.type);
  return written === undefined ? undefined : { start: from, end: to, text: written };
}

/** A text inside a scalar of a style; undefined where it would end the scalar. */
function escaped(by: string, style: string | undefined): string | undefined {
  switch (style) {
    case "QUOTE_SINGLE":
      return by.replaceAll("'", "''");
    case "QUOTE_DOUBLE":
      return by.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    case "PLAIN":
      return /: | #|[{}[\],\n]/.test(by) ? undefined : by;
    default:
      return by.includes("\n") ? undefined : by;
  }
}

function quoted(by: string, quote: string): string {
  if (quote === '"') return JSON.stringify(by);
  if (quote === "'") return `'${by.replaceAll("'", "''")}'`;
  return /^[A-Za-z_][\w./-]*$/.test(by) && !/^(?:true|false|null|yes|no|on|off)$/i.test(by)
    ? by
    : JSON.stringify(by);
}

/** A scalar on one line, as every quoted and most plain ones are. */
function isInline(text: string, node: Node): boolean {
  const [start, end] = nodeSpan(node);
  return !/[\n|>]/.test(text.slice(start, end));
}

function spanOfPair(pair: Pair | undefined): Span | undefined {
  if (pair === undefined) return undefined;
  const { key, value } = pair;
  const [start, keyEnd] = nodeSpan(asNode(key));
  const [, end] = nodeSpan(asNode(value));
  return [start, Math.max(keyEnd, end)];
}

function spanOfItem(item: unknown): Span {
  return nodeSpan(asNode(item));
}

function asNode(value: unknown): Node | undefined {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : undefined;
}

function removeItems(text: string, list: YAMLSeq, from: number, to: number): Edit | undefined {
  const { items } = list;
  if (from === 0 && to >= items.length) return emptyList(text, list);
  const spanAt = (at: number) => (at in items ? spanOfItem(items[at]) : undefined);
  return removeParts(text, spanAt, list, from, to);
}

function emptyList(text: string, list: YAMLSeq): Edit | undefined {
  const [start, end] = nodeSpan(list);
  if (list.flow) return { start, end, text: "[]" };
  const before = text.slice(0, start).trimEnd();
  // Comments between the key and its first item would be left without one.
  if (!before.endsWith(":")) return undefined;
  return { start: before.length, end: contentEnd(text, start, end), text: " []" };
}

/** Removes neighbours among the parts of a mapping or list, with the commas or lines that they take. */
function removeParts(
  text: string,
  spanAt: (index: number) => Span | undefined,
  around: YAMLMap | YAMLSeq,
  from: number,
  to = from + 1,
): Edit | undefined {
  const [first, before, after] = [spanAt(from), spanAt(from - 1), spanAt(to)];
  const last = spanAt(to - 1);
  if (first === undefined || last === undefined) return undefined;
  if (around.flow) {
    if (before !== undefined) return { start: before[1], end: last[1], text: "" };
    return { start: first[0], end: after === undefined ? last[1] : after[0], text: "" };
  }
  const lineStart = text.lastIndexOf("\n", first[0] - 1) + 1;
  const lead = text.slice(lineStart, first[0]);
  const end = lineEnd(text, contentEnd(text, first[0], last[1]));
  if (lead.trim() === "" || (isSeqLead(lead) && !isMap(around))) {
    return { start: lineStart, end, text: "" };
  }
  // The first key after a dash: what follows takes its place.
  return after === undefined ? undefined : { start: first[0], end: after[0], text: "" };
}

function isSeqLead(lead: string): boolean {
  return /^\s*-\s+$/.test(lead);
}

/** Where a part's own text ends: YAML counts the white space after it in. */
function contentEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** The offset after the line break that ends the line of an offset. */
function lineEnd(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  return found < 0 ? text.length : found + 1;
}

function appendItem(text: string, list: YAMLSeq, item: string): Edit | undefined {
  const [start, end] = nodeSpan(list);
  const last = list.items.length === 0 ? undefined : spanOfItem(list.items.at(-1));
  if (list.flow) {
    if (last === undefined) return { start, end, text: `[${item}]` };
    return { start: last[1], end: last[1], text: `, ${item}` };
  }
  if (last === undefined) return undefined;
  const at = contentEnd(text, last[0], last[1]);
  const margin = " ".repeat(columnOf(text, start));
  return { start: at, end: at, text: `\n${margin}- ${item}` };
}

function addKey(text: string, map: YAMLMap, key: string, value: string): Edit | undefined {
  const [start, end] = nodeSpan(map);
  const last = map.items.at(-1);
  if (map.flow) {
    if (last === undefined) return { start, end, text: `{ ${key}: ${value} }` };
    const at = spanOfPair(last)?.[1] ?? end;
    return { start: at, end: at, text: `, ${key}: ${value}` };
  }
  const first = map.items[0];
  if (first === undefined || !isScalar(first.key)) return undefined;
  const at = contentEnd(text, start, end);
  const line = lineEnd(text, at);
  // A comment behind the last value stays with it.
  const place = text.slice(at, line).trim() === "" ? at : line - 1;
  const margin = " ".repeat(columnOf(text, nodeSpan(first.key)[0]));
  return { start: place, end: place, text: `\n${margin}${key}: ${value}` };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}
