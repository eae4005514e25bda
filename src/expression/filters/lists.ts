/** Filters over lists that neither order nor select: ends, length, joining, cutting into parts, sums. */
import { alias, type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import { operate } from "../evaluate/operators.ts";
import type { Runtime } from "../runtime.ts";
import { charactersOf, lengthOf } from "../text/characters.ts";
import { itemsOf, wholeOr } from "../values/coerce.ts";
import { textOf } from "../values/text.ts";
import { isDict, isList, kindOf, type List, Loop, type Value } from "../values/value.ts";
import { getterOf } from "./attribute.ts";

const length = define("length", "How many elements, fields or characters.", (rt, input) =>
  sizeOf(rt, input),
);

export const LIST_FILTERS: readonly Definition[] = [
  define(
    "batch(linecount, fill_with=none)",
    "Lists of `linecount` elements each; the last is filled up.",
    (rt, input, [count, fill]) => batch(rt, itemsOf(rt, input), count, fill),
  ),
  define("first", "The first element, undefined if there is none.", (rt, input) =>
    typeof input === "string" ? charactersOf(rt, input.slice(0, 2))[0] : itemsOf(rt, input)[0],
  ),
  define(
    "join(d='', attribute=none)",
    "The elements (or one attribute of each) as text, with `d` between.",
    (rt, input, [separator, attribute]) => joinItems(rt, input, separator, attribute),
  ),
  define("last", "The last element, undefined if there is none.", (rt, input) =>
    itemsOf(rt, input).at(-1),
  ),
  length,
  alias("count", length),
  define("list", "The elements, characters or field names as a list.", (rt, input) => {
    const items = itemsOf(rt, input);
    rt.list(items.length);
    return [...items];
  }),
  define(
    "random",
    "One element by chance (the same one when the run is replayed).",
    (rt, input) => {
      const items = itemsOf(rt, input);
      return items[Math.floor(rt.context.random() * items.length)];
    },
  ),
  define("reverse", "The elements or characters from the last to the first.", (rt, input) => {
    const items = itemsOf(rt, input);
    rt.list(items.length);
    const reversed = items.toReversed();
    return typeof input === "string" ? reversed.join("") : reversed;
  }),
  define(
    "slice(slices, fill_with=none)",
    "So many lists of about the same length; shorter ones are filled up.",
    (rt, input, [count, fill]) => slice(rt, itemsOf(rt, input), count, fill),
  ),
  define(
    "sum(attribute=none, start=0)",
    "The sum of the elements, or of one attribute of each.",
    (rt, input, [attribute, start]) => {
      const get = getterOf(rt, attribute);
      return itemsOf(rt, input).reduce<Value>(
        (total, item) => operate(rt, "+", total, get(item)),
        start ?? 0,
      );
    },
  ),
];

function sizeOf(rt: Runtime, value: Value): number {
  if (typeof value === "string") return lengthOf(rt, value);
  if (isList(value)) return value.length;
  if (value === undefined || (value === null && rt.context.lenient)) return 0;
  if (isDict(value)) {
    const keys = Object.keys(value);
    rt.list(keys.length);
    return keys.length;
  }
  if (value instanceof Loop) return value.items.length;
  const hint = value === null ? " Write `(x or [])` for a value that may be null." : "";
  throw new Fault("type", `${kindOf(value)} has no length.${hint}`);
}

function joinItems(rt: Runtime, input: Value, separator: Value, attribute: Value): string {
  const get = getterOf(rt, attribute);
  const between = textOf(rt, separator);
  const parts = itemsOf(rt, input).map((item) => textOf(rt, get(item)));
  const size = parts.reduce((total, part) => total + part.length + between.length, 0);
  rt.text(size);
  return parts.join(between);
}

function positive(value: Value, name: string): number {
  const count = wholeOr(value, 1, `\`${name}\``);
  if (count <= 0) throw new Fault("value", `\`${name}\` must be more than zero.`).of(name);
  return count;
}

function batch(rt: Runtime, items: List, count: Value, fill: Value): Value {
  const size = positive(count, "linecount");
  const lines = Math.ceil(items.length / size);
  rt.list(items.length + 2 * lines);
  const batches = Array.from({ length: lines }, (_, line) =>
    items.slice(line * size, (line + 1) * size),
  );
  const last = batches.at(-1);
  if (fill === undefined || fill === null || last === undefined) return batches;
  const missing = size - last.length;
  rt.list(missing);
  return [...batches.slice(0, -1), [...last, ...new Array<Value>(missing).fill(fill)]];
}

function slice(rt: Runtime, items: List, count: Value, fill: Value): Value {
  const slices = positive(count, "slices");
  const size = Math.floor(items.length / slices);
  const longer = items.length % slices;
  rt.list(items.length + 2 * slices);
  return Array.from({ length: slices }, (_, index) => {
    const start = index * size + Math.min(index, longer);
    const part = items.slice(start, start + size + (index < longer ? 1 : 0));
    const filled = fill !== undefined && fill !== null && index >= longer;
    return filled ? [...part, fill] : part;
  });
}
