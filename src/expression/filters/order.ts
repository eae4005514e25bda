/** Filters that order or compare elements: sort, min, max, unique, groupby, dictsort. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { itemsOf } from "../values/coerce.ts";
import { equals, order } from "../values/compare.ts";
import { numberOf } from "../values/number.ts";
import { jsonText } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { createGroup, isDict, isList, kindOf, type List, type Value } from "../values/value.ts";
import { type Getter, getterOf, gettersOf } from "./attribute.ts";

export const ORDER_FILTERS: readonly Definition[] = [
  define(
    "dictsort(case_sensitive=false, by='key', reverse=false)",
    "The `[key, value]` pairs of an object, by key or by value.",
    (rt, input, args) => dictSort(rt, input, args),
  ),
  define(
    "groupby(attribute, default=none, case_sensitive=false)",
    "Groups of elements with the same attribute, each with `grouper` and `list`.",
    (rt, input, args) => groupBy(rt, itemsOf(rt, input), args),
  ),
  define(
    "max(case_sensitive=false, attribute=none)",
    "The largest element, undefined if there is none.",
    (rt, input, args) => extreme(rt, itemsOf(rt, input), args, 1),
  ),
  define(
    "min(case_sensitive=false, attribute=none)",
    "The smallest element, undefined if there is none.",
    (rt, input, args) => extreme(rt, itemsOf(rt, input), args, -1),
  ),
  define(
    "sort(reverse=false, case_sensitive=false, attribute=none)",
    "The elements in order, by themselves or by attributes (`'a,b.c'`).",
    (rt, input, [reverse, caseSensitive, attribute]) => {
      const getters = gettersOf(rt, attribute).map(
        (get): Getter =>
          (item) =>
            folded(rt, get(item), caseSensitive),
      );
      // One key is compared as it is: a list around each would take the memory of a large sort.
      const [only] = getters;
      const several: Getter = (item) => getters.map((get) => get(item));
      const key = getters.length === 1 && only !== undefined ? only : several;
      return sortBy(rt, itemsOf(rt, input), key, isTrue(rt, reverse), inList);
    },
  ),
  define(
    "unique(case_sensitive=false, attribute=none)",
    "The first of every group of equal elements.",
    (rt, input, [caseSensitive, attribute]) => {
      const get = getterOf(rt, attribute);
      const seen = new Set<string>();
      return itemsOf(rt, input).filter((item) => {
        const key = identity(rt, folded(rt, get(item), caseSensitive));
        rt.list(1);
        return seen.size < seen.add(key).size;
      });
    },
  ),
];

/** As Python compares the elements of lists: what is equal needs no order. */
function inList(rt: Runtime, a: Value, b: Value): number {
  return equals(rt, a, b) ? 0 : order(rt, a, b);
}

/** Upper and lower case count as the same unless asked for. */
function folded(rt: Runtime, value: Value, caseSensitive: Value): Value {
  if (typeof value !== "string" || isTrue(rt, caseSensitive)) return value;
  rt.text(value.length);
  return value.toLowerCase();
}

/** A stable order by key; reversed, equal elements keep their order too, as in Python. */
function sortBy(
  rt: Runtime,
  items: List,
  key: Getter,
  reverse: boolean,
  compare: typeof order = order,
): List {
  rt.list(5 * items.length);
  const sign = reverse ? -1 : 1;
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => {
      rt.work(1);
      return sign * compare(rt, a.key, b.key);
    })
    .map(({ item }) => item);
}

function extreme(rt: Runtime, items: List, [caseSensitive, attribute]: List, sign: 1 | -1): Value {
  const get = getterOf(rt, attribute);
  const key = (item: Value) => folded(rt, get(item), caseSensitive);
  const [first, ...others] = items;
  let best = first;
  let bestKey = others.length === 0 ? undefined : key(first);
  for (const item of others) {
    rt.work(1);
    const itemKey = key(item);
    if (sign * order(rt, itemKey, bestKey) <= 0) continue;
    best = item;
    bestKey = itemKey;
  }
  return best;
}

function dictSort(rt: Runtime, input: Value, [caseSensitive, by, reverse]: List): Value {
  if (!isDict(input)) throw new Fault("type", `Expected an object, found ${kindOf(input)}.`);
  const place = by === undefined || by === "key" ? 0 : by === "value" ? 1 : undefined;
  if (place === undefined) throw new Fault("value", "`by` must be 'key' or 'value'.").of("by");
  const entries = Object.entries(input);
  rt.list(4 * entries.length);
  const key = (pair: Value) => folded(rt, isList(pair) ? pair[place] : undefined, caseSensitive);
  return sortBy(rt, entries, key, isTrue(rt, reverse));
}

function groupBy(rt: Runtime, items: List, [attribute, standard, caseSensitive]: List): Value {
  const get = getterOf(rt, attribute, standard ?? undefined);
  const key = (item: Value) => folded(rt, get(item), caseSensitive);
  const groups: { key: Value; members: Value[] }[] = [];
  for (const item of sortBy(rt, items, key, false)) {
    const itemKey = key(item);
    const last = groups.at(-1);
    if (last !== undefined && order(rt, last.key, itemKey) === 0) last.members.push(item);
    else groups.push({ key: itemKey, members: [item] });
  }
  rt.list(4 * groups.length);
  return groups.map(({ members }) => createGroup(get(members[0]), members));
}

/** Text that is the same for equal values. */
function identity(rt: Runtime, value: Value): string {
  if (typeof value === "string") {
    rt.text(value.length);
    return `s${value}`;
  }
  const number = numberOf(value);
  if (number !== undefined) return `n${number}`;
  if (value === undefined || value === null) return String(value);
  return `j${jsonText(rt, value)}`;
}
