/**
 * Look-ups in a document that stay cheap however large it is: what an alias stands for, and what is under a key.
 * Owns these two indexes; knows no rule of the language.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { findPair } from "./node.ts";

export interface DocumentIndex {
  /** The node behind an alias, or the node itself; undefined for an absent or unusable one. */
  resolve(node: unknown): Node | undefined;
  /** The first pair with a key. */
  pair(map: YAMLMap, key: string): Pair | undefined;
}

export function createDocumentIndex(document: Document): DocumentIndex {
  const targets = aliasTargets(document);
  const pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  return {
    resolve: (node) => {
      if (isAlias(node)) return targets.get(node);
      return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
    },
    pair: (map, key) => {
      if (map.items.length <= FEW) return findPair(map, key);
      const known = pairs.get(map) ?? firstPairs(map);
      pairs.set(map, known);
      return known.get(key);
    },
  };
}

/** Keys up to which looking through them is the quicker way. */
const FEW = 16;

function firstPairs(map: YAMLMap): ReadonlyMap<string, Pair> {
  const found = new Map<string, Pair>();
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue;
    const name = String(pair.key.value);
    if (!found.has(name)) found.set(name, pair);
  }
  return found;
}

/**
 * One walk for all aliases, where `Alias.resolve` walks the whole document for each. An alias means the last anchor of
 * its name before it. The walk keeps its own stack: a document may be deeper than ours.
 */
function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const ahead: unknown[] = [document.contents];
  while (ahead.length > 0) {
    const node = ahead.pop();
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
    } else if (isPair(node)) {
      ahead.push(node.value, node.key);
    } else if (isScalar(node) || isCollection(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (isCollection(node)) for (const item of node.items.toReversed()) ahead.push(item);
    }
  }
  return targets;
}
