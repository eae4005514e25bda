/**
 * The fields of a for loop's `loop`: where it stands and what is next.
 */
import type { Loop, Value } from "./value.ts";

/** The names of its fields. */
export const LOOP_FIELDS: ReadonlySet<string> = new Set(
  "index index0 revindex revindex0 first last length previtem nextitem depth depth0".split(" "),
);

/** A field by name, or undefined. */
export function loopField(loop: Loop, name: string): Value {
  const { index0, items } = loop;
  switch (name) {
    case "index":
      return index0 + 1;
    case "index0":
      return index0;
    case "revindex":
      return items.length - index0;
    case "revindex0":
      return items.length - index0 - 1;
    case "first":
      return index0 === 0;
    case "last":
      return index0 === items.length - 1;
    case "length":
      return items.length;
    case "previtem":
      return index0 > 0 ? items[index0 - 1] : undefined;
    case "nextitem":
      return items[index0 + 1];
    case "depth":
      return 1;
    case "depth0":
      return 0;
    default:
      return undefined;
  }
}
