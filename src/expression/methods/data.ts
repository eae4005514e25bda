/** Methods of lists, objects, numbers and loops. None of them changes its value. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import { itemsOf, wholeOr } from "../values/coerce.ts";
import { equals } from "../values/compare.ts";
import { isFloat, numberOf } from "../values/number.ts";
import { type Dict, field, isDict, kindOf, Loop, type Value } from "../values/value.ts";

/** Nothing ever changes, so a copy is the thing itself. */
const copy = define("copy", "The same again; nothing ever changes it.", (_rt, input) => input);

export const LIST_METHODS: readonly Definition[] = [
  copy,
  define("count(value)", "How many elements equal the value.", (rt, input, [value]) =>
    itemsOf(rt, input).reduce<number>(
      (total, item) => total + (equals(rt, item, value) ? 1 : 0),
      0,
    ),
  ),
  define(
    "index(value, start=0, end=none)",
    "The place of the first element that equals the value.",
    (rt, input, [value, start, end]) => {
      const items = itemsOf(rt, input);
      const place = (at: number) => (at < 0 ? Math.max(0, at + items.length) : at);
      const first = place(wholeOr(start ?? undefined, 0, "`start`"));
      const last = place(wholeOr(end ?? undefined, items.length, "`end`"));
      const index = items.findIndex(
        (item, at) => at >= first && at < last && equals(rt, item, value),
      );
      if (index >= 0) return index;
      throw new Fault("value", "The value is not in the list. Ask with `in` first.");
    },
  ),
];

export const DICT_METHODS: readonly Definition[] = [
  copy,
  define(
    "get(key, default=none)",
    "A field, or `default` if it is missing.",
    (_rt, input, [key, standard]) => {
      const name = typeof key === "number" ? String(key) : key;
      const dict = dictOf(input);
      const known = typeof name === "string" && Object.hasOwn(dict, name);
      return known ? field(dict, name) : (standard ?? null);
    },
  ),
  define("items", "The `[key, value]` pairs.", (rt, input) => {
    const entries = Object.entries(dictOf(input));
    rt.list(4 * entries.length);
    return entries;
  }),
  define("keys", "The keys.", (rt, input) => itemsOf(rt, input)),
  define("values", "The values.", (rt, input) => {
    const values = Object.values(dictOf(input));
    rt.list(2 * values.length);
    return values;
  }),
];

export const NUMBER_METHODS: readonly Definition[] = [
  define(
    "is_integer",
    "True for an integer and for a float without a fraction.",
    (_rt, input) => !isFloat(input) || Number.isInteger(numberOf(input)),
  ),
];

export const LOOP_METHODS: readonly Definition[] = [
  define(
    "cycle(*values)",
    "One value after the other, turn by turn.",
    (_rt, input, _args, { rest }) => {
      if (rest.length > 0) return rest[loopOf(input).index0 % rest.length];
      throw new Fault("arguments", "`cycle` needs at least one value.");
    },
  ),
  define(
    "changed(*values)",
    "True when the values differ from the last turn's.",
    (rt, input, _args, { rest }) => {
      const loop = loopOf(input);
      const same = loop.seen !== undefined && equals(rt, loop.seen, rest);
      loop.seen = rest;
      return !same;
    },
  ),
];

function dictOf(value: Value): Dict {
  if (isDict(value)) return value;
  throw new Fault("type", `Expected an object, found ${kindOf(value)}.`);
}

function loopOf(value: Value): Loop {
  return value instanceof Loop ? value : new Loop([]);
}
