/**
 * What is wrong with the arguments of one call, at the argument that is wrong.
 * Owns which arguments of `map`, `select` and their like are those of the filter or test that they name.
 */
import { type Definition, type Mismatch, mismatch } from "../definition.ts";
import type { Fault } from "../error.ts";
import { unknownCallable } from "../evaluate/unknown.ts";
import { MAP_ATTRIBUTE } from "../filters/select.ts";
import { FILTERS } from "../filters/table.ts";
import { TESTS } from "../filters/testTable.ts";
import type { Arguments, Callable, Range } from "../node.ts";

/** A call's arguments against a signature. */
export function argumentFault(
  definition: Definition,
  { nameRange, args }: Callable,
): Fault | undefined {
  return placed(mismatchOf(definition, args), args, nameRange);
}

/** How many arguments of these filters stand before the name of the filter or test that they call. */
const NAMING: ReadonlyMap<string, number> = new Map([
  ["map", 0],
  ["select", 0],
  ["reject", 0],
  ["selectattr", 1],
  ["rejectattr", 1],
]);

/** `map("truncate", length=9)`: the call of a filter or test by its name, when the name is written out. */
export function namedCallFault({ name, nameRange, args }: Callable): Fault | undefined {
  const place = NAMING.get(name);
  if (place === undefined) return undefined;
  const named = args.positional[place];
  if (named === undefined) return attributeFault(name, nameRange, args);
  if (named.kind !== "constant" || typeof named.value !== "string") return undefined;
  const kind = name === "map" ? "filter" : "test";
  const definition = (kind === "filter" ? FILTERS : TESTS).get(named.value);
  if (definition === undefined) return unknownName(kind, named.value, named);
  const rest = { ...args, positional: args.positional.slice(place + 1) };
  const own = place === 0 ? rest : { ...rest, named: withoutAttribute(rest) };
  return placed(mismatchOf(definition, own), own, named);
}

/** `map(attribute="name")`: no filter is named. */
function attributeFault(name: string, nameRange: Range, args: Arguments): Fault | undefined {
  if (name !== "map") return undefined;
  return placed(mismatchOf(MAP_ATTRIBUTE, args), args, nameRange);
}

/** The place of the name alone, so that a suggestion can replace it between its quotes. */
function unknownName(kind: "filter" | "test", name: string, at: Range): Fault {
  const quotes = at.end - at.start - name.length === 2 ? 1 : 0;
  const inside = { start: at.start + quotes, end: at.end - quotes };
  return unknownCallable(kind, name).at(inside);
}

function withoutAttribute({ named }: Arguments): Arguments["named"] {
  return named.filter(({ name }) => name !== "attribute");
}

function mismatchOf(definition: Definition, { positional, named }: Arguments) {
  return mismatch(
    definition,
    positional.length,
    named.map(({ name }) => name),
  );
}

function placed(
  found: Mismatch | undefined,
  { positional, named }: Arguments,
  otherwise: Range,
): Fault | undefined {
  if (found === undefined) return undefined;
  const extra = found.place === undefined ? undefined : positional[found.place];
  const last = positional.at(-1);
  if (extra !== undefined && last !== undefined) {
    return found.fault.at({ start: extra.start, end: last.end });
  }
  const argument = named.find(({ name }) => name === found.name);
  if (argument === undefined) return found.fault.at(otherwise);
  const { start, name } = argument;
  return found.fault.at({ start, end: start + name.length });
}
