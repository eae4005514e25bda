/** Every test (`x is name`) by name. */
import { alias, type Definition, define, type Table, tableOf } from "../definition.ts";
import { operate } from "../evaluate/operators.ts";
import type { Runtime } from "../runtime.ts";
import { isIterable } from "../values/coerce.ts";
import { contains, equals, order } from "../values/compare.ts";
import { isFloat, isInteger, numberOf } from "../values/number.ts";
import { textOf } from "../values/text.ts";
import { Float, isDict, isList, type Value } from "../values/value.ts";
import { FILTERS } from "./table.ts";

type Question = (value: Value, args: readonly Value[], rt: Runtime) => boolean;

function ask(signature: string, doc: string, question: Question): Definition {
  return define(signature, doc, (rt, input, args) => question(input, args, rt));
}

const eq = ask("eq(other)", "The two are equal.", (value, [other], rt) => equals(rt, value, other));
const ne = ask("ne(other)", "The two differ.", (value, [other], rt) => !equals(rt, value, other));
const lt = ask("lt(other)", "It is less.", (value, [other], rt) => order(rt, value, other) < 0);
const le = ask("le(other)", "Less or equal.", (value, [other], rt) => order(rt, value, other) <= 0);
const gt = ask("gt(other)", "It is more.", (value, [other], rt) => order(rt, value, other) > 0);
const ge = ask("ge(other)", "More or equal.", (value, [other], rt) => order(rt, value, other) >= 0);

const COMPARISONS: readonly Definition[] = [
  eq,
  alias("equalto", eq),
  alias("==", eq),
  ne,
  alias("!=", ne),
  lt,
  alias("lessthan", lt),
  alias("<", lt),
  le,
  alias("<=", le),
  gt,
  alias("greaterthan", gt),
  alias(">", gt),
  ge,
  alias(">=", ge),
  ask("in(container)", "It is a part of text, an element or a field.", (value, [container], rt) =>
    contains(rt, container, value),
  ),
];

const KINDS: readonly Definition[] = [
  ask("boolean", "It is true or false.", (value) => typeof value === "boolean"),
  ask("callable", "It can be called; no value can.", () => false),
  ask("defined", "It is there.", (value) => value !== undefined),
  ask("escaped", "It is marked as safe HTML; nothing is.", () => false),
  ask("false", "It is false itself.", (value) => value === false),
  ask("float", "It is a float.", (value) => isFloat(value)),
  ask("integer", "It is an integer.", (value) => isInteger(value)),
  ask("iterable", "A loop can go over it.", (value) => isIterable(value)),
  ask("mapping", "It is an object.", (value) => isDict(value)),
  ask("none", "It is null.", (value) => value === null),
  ask("number", "It is a number.", (value) => numberOf(value) !== undefined),
  ask(
    "sequence",
    "It is a list, text or an object.",
    (value) => isList(value) || isDict(value) || typeof value === "string",
  ),
  ask("string", "It is text.", (value) => typeof value === "string"),
  ask("true", "It is true itself.", (value) => value === true),
  ask("undefined", "It is missing.", (value) => value === undefined),
];

const QUALITIES: readonly Definition[] = [
  ask("divisibleby(num)", "It can be divided without a rest.", (value, [by], rt) =>
    equals(rt, operate(rt, "%", value, by), 0),
  ),
  ask("even", "An even number.", (value, _, rt) => equals(rt, operate(rt, "%", value, 2), 0)),
  ask("odd", "An odd number.", (value, _, rt) => equals(rt, operate(rt, "%", value, 2), 1)),
  ask(
    "filter",
    "A filter has this name.",
    (value) => typeof value === "string" && FILTERS.has(value),
  ),
  ask("lower", "It has letters, none of them upper case.", (value, _, rt) => {
    const text = textOf(rt, value);
    rt.text(2 * text.length);
    return text === text.toLowerCase() && text !== text.toUpperCase();
  }),
  ask("sameas(other)", "It is the very same value.", (value, [other]) =>
    value instanceof Float
      ? other instanceof Float && other.value === value.value
      : value === other,
  ),
  ask("test", "A test has this name.", (value) => typeof value === "string" && TESTS.has(value)),
  ask("upper", "It has letters, none of them lower case.", (value, _, rt) => {
    const text = textOf(rt, value);
    rt.text(2 * text.length);
    return text === text.toUpperCase() && text !== text.toLowerCase();
  }),
];

export const TESTS: Table = tableOf([...COMPARISONS, ...KINDS, ...QUALITIES]);
