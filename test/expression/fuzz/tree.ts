/** The text of a tree of parts, and where each part is in it. */
import type { Tree } from "./generate.ts";

export interface Placed {
  readonly tree: Tree;
  readonly start: number;
  readonly end: number;
}

/** The whole text, and every part with its place, outer before inner. */
export function placeParts(tree: Tree): {
  readonly text: string;
  readonly parts: readonly Placed[];
} {
  const parts: Placed[] = [];
  const write = (node: Tree, start: number): string => {
    const place = { tree: node, start, end: start };
    parts.push(place);
    let text = "";
    for (const part of node.parts) {
      text += typeof part === "string" ? part : write(part, start + text.length);
    }
    place.end = start + text.length;
    return text;
  };
  return { text: write(tree, 0), parts };
}
