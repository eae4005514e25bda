/** Functions for time, chance, surroundings and simple data. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import { randomUuid } from "../random.ts";
import type { Runtime } from "../runtime.ts";
import { itemsOf, numberOr, textOr, wholeOr } from "../values/coerce.ts";
import { float, isFloat } from "../values/number.ts";
import { textOf } from "../values/text.ts";
import {
  createDict,
  Duration,
  isDict,
  isList,
  Moment,
  Namespace,
  type Value,
} from "../values/value.ts";

/** Milliseconds in each unit of `timedelta`, in the order of its parameters. */
const UNITS = [86_400_000, 1000, 0.001, 1, 60_000, 3_600_000, 604_800_000];

export const CORE_FUNCTIONS: readonly Definition[] = [
  define(
    "dict(pairs=none, **named)",
    "An object from pairs or named values.",
    (rt, _, [pairs], { named }) => {
      rt.list(2 * named.length);
      return createDict([...pairsOf(rt, pairs), ...named]);
    },
  ),
  define(
    "env(name, default=none)",
    "An environment variable, if the user allowed its name.",
    (rt, _, [name, standard]) =>
      rt.context.env(textOr(name, "", "The variable's name")) ?? standard ?? null,
  ),
  define(
    "namespace(**named)",
    "Fields that `{% set x.field = ... %}` may change inside a loop.",
    (rt, _, __, { named }) => {
      const namespace = new Namespace();
      rt.list(2 * named.length);
      for (const [name, value] of named) namespace.fields.set(name, value);
      return namespace;
    },
  ),
  define("now", "The time of this decision, in UTC.", (rt) => new Moment(rt.context.at)),
  define(
    "random(a=0.0, b=1.0)",
    "A number by chance: an integer from `a` to `b` if both are integers.",
    (rt, _, [a, b]) => randomBetween(rt, a, b),
  ),
  define(
    "range(start, stop=none, step=1)",
    "Integers from `start` (0 if left out) up to `stop`.",
    (rt, _, [a, b, c]) => range(rt, a, b, c),
  ),
  define(
    "timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)",
    "A length of time, to add to or subtract from a date.",
    (rt, _, args) => {
      rt.work(5);
      const parts = UNITS.map((unit, index) => unit * numberOr(args[index], 0, "A length of time"));
      return new Duration(parts.reduce((total, part) => total + part, 0));
    },
  ),
  define("uuid", "A new UUID (the same one when the run is replayed).", (rt) => {
    rt.work(30);
    return randomUuid(rt.context.random);
  }),
];

function pairsOf(rt: Runtime, pairs: Value): (readonly [string, Value])[] {
  if (pairs === undefined || pairs === null) return [];
  if (isDict(pairs)) {
    const entries = Object.entries(pairs);
    rt.list(4 * entries.length);
    return entries;
  }
  return itemsOf(rt, pairs).map((pair) => {
    if (!isList(pair) || pair.length !== 2) {
      throw new Fault("type", "`dict` needs pairs of a key and a value.");
    }
    rt.list(2);
    return [textOf(rt, pair[0]), pair[1]];
  });
}

function randomBetween(rt: Runtime, a: Value, b: Value): Value {
  const low = numberOr(a, 0, "`a`");
  const high = numberOr(b, 1, "`b`");
  if (high < low) throw new Fault("value", "`a` must not be more than `b`.");
  const chance = rt.context.random();
  const floats = a === undefined || b === undefined || isFloat(a) || isFloat(b);
  return floats ? float(low + chance * (high - low)) : low + Math.floor(chance * (high - low + 1));
}

function range(rt: Runtime, a: Value, b: Value, c: Value): Value {
  const only = b === undefined || b === null;
  const start = only ? 0 : wholeOr(a, 0, "`start`");
  const stop = wholeOr(only ? a : b, 0, "`stop`");
  const step = wholeOr(c, 1, "`step`");
  if (step === 0) throw new Fault("value", "`step` must not be zero.").of("step");
  const count = Math.max(0, Math.ceil((stop - start) / step));
  rt.list(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}
