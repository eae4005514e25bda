/**
 * Reads free JSON, and the pairs of a mapping: one value a key, plain names only.
 * Owns the guards against duplicate keys, aliases without end and keys that would reach a prototype.
 */
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import type { Json, JsonObject } from "../../util/json.ts";
import { nodeSpan } from "./node.ts";
import { type Reading, resolve } from "./reading.ts";
import { scalarJson } from "./scalars.ts";

export interface Entry {
  readonly name: string;
  readonly key: Node;
  /** The value behind any alias; the key itself where nothing is written. */
  readonly value: Node;
  readonly empty: boolean;
}

const DEEPEST = 60;

/** The pairs of a mapping in order, each name once; others are reported. */
export function entries(reading: Reading, map: YAMLMap): Entry[] {
  const seen = new Map<string, Node>();
  const found: Entry[] = [];
  for (const pair of map.items) {
    const key = resolve(reading, pair.key);
    if (!isScalar(key) || key.value === null) {
      const at = key ?? map;
      reading.report({
        at,
        code: "bad-key",
        message: "This key is not a plain name.",
        expected: "a name",
      });
      continue;
    }
    const name = typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
    const first = seen.get(name);
    if (first) reportDuplicate(reading, name, key, first);
    else if (name === "__proto__") {
      reading.report({ at: key, code: "bad-key", message: "`__proto__` cannot be a name here." });
    } else {
      seen.set(name, key);
      const value = resolve(reading, pair.value);
      const empty = value === undefined || (isScalar(value) && value.value === null);
      found.push({ name, key, value: value ?? key, empty });
    }
  }
  return found;
}

function reportDuplicate(reading: Reading, name: string, key: Node, first: Node): void {
  const [start, end] = nodeSpan(first);
  const line = reading.source.range(start, end).start.line;
  const message = `\`${name}\` is already given on line ${line}. Keep one of the two.`;
  reading.report({ at: key, code: "duplicate-key", message });
}

/** Any JSON. Undefined only for what JSON cannot hold, or when the file's budget of nodes is spent. */
export function readJson(reading: Reading, node: Node, depth = 0): Json | undefined {
  if (!reading.spend() || depth > DEEPEST) {
    const message = "This value is too large or nested too deeply (aliases count each time).";
    reading.report({ at: node, code: "too-large", message });
    return undefined;
  }
  if (isMap(node)) return readObject(reading, node, depth);
  if (isSeq(node)) {
    const items: Json[] = [];
    for (const item of node.items) {
      const child = resolve(reading, item);
      const value = child ? readJson(reading, child, depth + 1) : null;
      if (value === undefined) return undefined;
      items.push(value);
    }
    return items;
  }
  const value = isScalar(node) ? scalarJson(node) : undefined;
  if (value === undefined) {
    const message = "This value has no place in JSON.";
    reading.report({
      at: node,
      code: "wrong-type",
      message,
      expected: "a text, number, boolean, null, list or mapping",
    });
  }
  return value;
}

/** A mapping from free names to JSON. */
export function readObject(reading: Reading, map: YAMLMap, depth = 0): JsonObject | undefined {
  const result: Record<string, Json> = {};
  for (const { name, value, empty } of entries(reading, map)) {
    const json = empty ? null : readJson(reading, value, depth + 1);
    if (json === undefined) return undefined;
    result[name] = json;
  }
  return result;
}
