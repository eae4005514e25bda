/** Filters that choose or change elements one by one: map, select, reject and their attribute forms. */
import { type Definition, define, type Extra, invoke } from "../definition.ts";
import type { Runtime } from "../runtime.ts";
import { itemsOf, textOr } from "../values/coerce.ts";
import { isTrue } from "../values/truth.ts";
import type { List, Value } from "../values/value.ts";
import { type Getter, getterOf } from "./attribute.ts";

export const SELECT_FILTERS: readonly Definition[] = [
  define(
    "map(*filter, **arguments)",
    "Every element through a filter (`map('upper')`), or one attribute of each (`map(attribute='name')`).",
    (rt, input, _, extra) => map(rt, input, extra),
  ),
  define(
    "reject(*test, **arguments)",
    "The elements that fail a test, or are not true.",
    (rt, input, _, extra) => choose(rt, input, extra, false, false),
  ),
  define(
    "rejectattr(attribute, *test, **arguments)",
    "The elements whose attribute fails a test, or is not true.",
    (rt, input, args, extra) => choose(rt, input, withAttribute(args, extra), true, false),
  ),
  define(
    "select(*test, **arguments)",
    "The elements that pass a test, or are true.",
    (rt, input, _, extra) => choose(rt, input, extra, false, true),
  ),
  define(
    "selectattr(attribute, *test, **arguments)",
    "The elements whose attribute passes a test, or is true.",
    (rt, input, args, extra) => choose(rt, input, withAttribute(args, extra), true, true),
  ),
];

function withAttribute(args: readonly Value[], extra: Extra): Extra {
  return { ...extra, rest: [...args, ...extra.rest] };
}

/** As in Jinja2, nothing (also null and false) has no elements. */
function elementsOf(rt: Runtime, input: Value): List {
  return isTrue(rt, input) ? itemsOf(rt, input) : [];
}

function map(rt: Runtime, input: Value, { rest, named }: Extra): Value {
  if (rest.length === 0) return invoke(MAP_ATTRIBUTE, rt, input, [], named);
  const items = elementsOf(rt, input);
  rt.list(items.length);
  const [filter, ...args] = rest;
  const name = textOr(filter, "", "The filter's name");
  return items.map((item) => {
    rt.work(2);
    return rt.callByName(rt, "filter", name, item, args, named);
  });
}

/** What `map` takes when it names no filter. */
export const MAP_ATTRIBUTE: Definition = define(
  "map(attribute, default=none)",
  "One attribute of every element.",
  (rt, input, [attribute, standard]) =>
    mapAttribute(rt, elementsOf(rt, input), getterOf(rt, attribute, standard)),
);

function mapAttribute(rt: Runtime, items: List, get: Getter): Value {
  rt.list(items.length);
  return items.map(get);
}

function choose(
  rt: Runtime,
  input: Value,
  { rest, named }: Extra,
  byAttribute: boolean,
  wanted: boolean,
): Value {
  const [attribute, ...others] = byAttribute ? rest : [undefined, ...rest];
  const get = getterOf(rt, attribute);
  const [test, ...args] = others;
  const name = test === undefined ? undefined : textOr(test, "", "The test's name");
  const items = elementsOf(rt, input);
  rt.list(items.length);
  return items.filter((item) => {
    const value = get(item);
    rt.work(2);
    const passes = name === undefined ? value : rt.callByName(rt, "test", name, value, args, named);
    return isTrue(rt, passes) === wanted;
  });
}
