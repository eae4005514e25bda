/**
 * The `attribute` argument of filters: a dotted path, or an index.
 * Owns how such a path is read and followed.
 */
import { Fault } from "../error.ts";
import { elementOf } from "../evaluate/access.ts";
import type { Runtime } from "../runtime.ts";
import { isInteger } from "../values/number.ts";
import { kindOf, type Value } from "../values/value.ts";

export type Getter = (item: Value) => Value;

/** Follows `a.b.0` from an item; what is missing on the way is `standard` (unless undefined). */
export function getterOf(rt: Runtime, attribute: Value, standard?: Value): Getter {
  const parts = partsOf(rt, attribute);
  return (item) =>
    parts.reduce<Value>((value, part) => {
      rt.work(1);
      if (value === undefined) {
        if (rt.context.lenient) return null;
        throw new Fault("undefined", `\`${part}\` is read from something that is missing.`);
      }
      return elementOf(rt, value, part) ?? standard;
    }, item);
}

/** The getters of `a,b.c`, one for each name. */
export function gettersOf(rt: Runtime, attribute: Value): readonly Getter[] {
  const names: readonly Value[] =
    typeof attribute === "string"
      ? cut(rt, attribute, ",").map((name) => name.trim())
      : [attribute];
  return names.map((name) => getterOf(rt, name));
}

function partsOf(rt: Runtime, attribute: Value): readonly (string | number)[] {
  if (attribute === undefined || attribute === null) return [];
  if (isInteger(attribute)) return [attribute];
  if (typeof attribute !== "string") {
    throw new Fault(
      "type",
      `\`attribute\` must be a name or an index, found ${kindOf(attribute)}.`,
    );
  }
  return cut(rt, attribute, ".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function cut(rt: Runtime, text: string, mark: string): readonly string[] {
  rt.list(text.length);
  return text.split(mark);
}
