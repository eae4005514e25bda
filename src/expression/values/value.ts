/**
 * What an expression works with: JSON as it is, and the few kinds that JSON has no word for.
 * Owns the kinds and the questions asked of them; never wraps or copies the data of the context.
 */

export type Value = undefined | null | boolean | number | string | List | Dict | Special;
export type List = readonly Value[];
export interface Dict {
  readonly [key: string]: Value;
}

/** A value that is not JSON. Never reachable by name from data: members of specials are listed one by one. */
export abstract class Special {
  /** In error messages: "a date". */
  abstract readonly title: string;
}

/** A float whose value is integral: `2.0`. Every other number is a plain one, an integer if it is a safe integer. */
export class Float extends Special {
  readonly title = "a number";
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }
}

/** A point in time (UTC), or a whole day. */
export class Moment extends Special {
  readonly title = "a date";
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly dayOnly: boolean;

  constructor(at: number, dayOnly = false) {
    super();
    this.at = at;
    this.dayOnly = dayOnly;
  }
}

/** A length of time, in milliseconds. */
export class Duration extends Special {
  readonly title = "a duration";
  readonly length: number;

  constructor(length: number) {
    super();
    this.length = length;
  }
}

/** `namespace()`: the one thing that `{% set x.y = ... %}` may change, for totals that outlive a loop's turn. */
export class Namespace extends Special {
  readonly title = "a namespace";
  readonly fields = new Map<string, Value>();
}

/** The `loop` of a `{% for %}`. */
export class Loop extends Special {
  readonly title = "the loop";
  readonly items: List;
  index0 = 0;
  /** What `loop.changed()` saw last. */
  seen: List | undefined;

  constructor(items: List) {
    super();
    this.items = items;
  }
}

/** A pair of `groupby`: a list of key and members whose parts also have names. */
export type Group = List & { readonly grouper: Value; readonly list: List };

/** Makes a pair of `groupby`. */
export function createGroup(grouper: Value, list: List): Group {
  return Object.assign([grouper, list], { grouper, list });
}

export function isList(value: Value): value is List {
  return Array.isArray(value);
}

export function isDict(value: Value): value is Dict {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Special)
  );
}

/** An own field, never one of a prototype. */
export function field(dict: Dict, name: string): Value {
  return Object.hasOwn(dict, name) ? dict[name] : undefined;
}

/** A new object; `__proto__` is a field like any other. */
export function createDict(entries: Iterable<readonly [string, Value]>): Dict {
  return Object.fromEntries(entries);
}

/** What a value is, in words: "text", "a list". */
export function kindOf(value: Value): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (value instanceof Special) return value.title;
  if (isList(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return "a boolean";
    default:
      return "an object";
  }
}
