/** Filters about what a value has: default, attr, items. */
import { alias, type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import { memberOf } from "../evaluate/access.ts";
import { textOf } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { isDict, kindOf } from "../values/value.ts";

const standard = define(
  "default(default_value='', boolean=false)",
  "Another value if this one is undefined, or (with `boolean`) not true.",
  (rt, input, [value, orFalse]) => {
    const replaces = input === undefined || (isTrue(rt, orFalse) && !isTrue(rt, input));
    return replaces ? (value === undefined ? "" : value) : input;
  },
);

export const OBJECT_FILTERS: readonly Definition[] = [
  define("attr(name)", "A field by a name that is computed.", (rt, input, [name]) =>
    memberOf(rt, input, textOf(rt, name)),
  ),
  standard,
  alias("d", standard),
  define("items", "The `[key, value]` pairs of an object.", (rt, input) => {
    if (input === undefined) return [];
    if (!isDict(input)) throw new Fault("type", `Expected an object, found ${kindOf(input)}.`);
    const entries = Object.entries(input);
    rt.list(4 * entries.length);
    return entries;
  }),
];
