/** Questions that everyone asks of a YAML node: where it stands, and what is under a key. */
import { isScalar, type Node, type Pair, type YAMLMap } from "yaml";

/** The first and the end offset of a node's own text, without trailing comments. */
export function nodeSpan(node: Node | undefined | null): readonly [number, number] {
  const [start, end] = node?.range ?? [0, 0];
  return [start, end];
}

/** The first pair with a key. */
export function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}
