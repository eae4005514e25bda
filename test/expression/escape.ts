/**
 * The trap for templates that run code: a function that code would call, prototypes that code would change, and words
 * that only a host object prints. The same trap stands around any template engine.
 * Owns what counts as an escape; knows no engine.
 */
import { readFileSync } from "node:fs";

/** One try, one of `hostile/escapes.jsonl`. */
export interface Attempt {
  readonly about: string;
  readonly source: string;
}

/** Evaluates a source over the data; what it gives, as text, or an error thrown. */
export type Engine = (source: string, data: Readonly<Record<string, unknown>>) => string;

/** Kept in the environment of the process while an attempt runs; no template may print it. */
export const CANARY = { name: "FERMATA_CANARY", value: "canary-7f3c9a" } as const;

/** What templates can read. `evil` looks like a template and must stay text. */
export const DATA = {
  state: {
    text: "x",
    list: [1, 2],
    dict: { a: 1 },
    evil: "{{ globalThis.escaped() }}{% set x = 1 %}{{ ''.constructor }}",
  },
  item: { name: "y" },
};

export function readAttempts(): readonly Attempt[] {
  const file = new URL("hostile/escapes.jsonl", import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line): Attempt => JSON.parse(line));
}

/** What an attempt did that no template may do; undefined when it did nothing. An error is no escape. */
export function escapeOf(engine: Engine, source: string): string | undefined {
  let calls = 0;
  const world = globalThis as { escaped?: () => string };
  world.escaped = () => {
    calls += 1;
    return "escaped";
  };
  process.env[CANARY.name] = CANARY.value;
  const data = structuredClone(DATA);
  const before = { data: JSON.stringify(data), prototypes: prototypesNow() };
  let printed = "";
  try {
    printed = engine(source, data);
  } catch {
    // An engine may refuse in any way; what it did until then is looked at below.
  } finally {
    delete world.escaped;
    delete process.env[CANARY.name];
  }
  if (calls > 0) return "code of the template was run";
  const changed = mended(before.prototypes);
  if (changed !== undefined) return `${changed} was changed`;
  if (JSON.stringify(data) !== before.data) return "the data was changed";
  const told = TELLTALES.find((mark) => printed.includes(mark) && !source.includes(mark));
  return told === undefined ? undefined : `it printed ${told}`;
}

/** Only a function, a host object or the host's own secrets print these. */
const TELLTALES = [CANARY.value, "[native code]", "function (", "=> {", "[object ", "root:x:0"];

const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Function.prototype,
  Date.prototype,
  Map.prototype,
  RegExp.prototype,
];

type Snapshot = ReadonlyMap<object, ReadonlyMap<PropertyKey, unknown>>;

function prototypesNow(): Snapshot {
  return new Map(
    PROTOTYPES.map((prototype) => {
      const keys = Reflect.ownKeys(prototype);
      const values = keys.map((key) => Object.getOwnPropertyDescriptor(prototype, key)?.value);
      return [prototype, new Map(keys.map((key, index) => [key, values[index]]))];
    }),
  );
}

/** Names the first prototype that differs, and takes away what was added to it, so that the next attempt starts clean. */
function mended(before: Snapshot): string | undefined {
  let found: string | undefined;
  for (const [prototype, known] of before) {
    for (const key of Reflect.ownKeys(prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
      if (known.has(key) && known.get(key) === value) continue;
      found ??= `${prototype.constructor.name}.prototype.${String(key)}`;
      if (!known.has(key)) Reflect.deleteProperty(prototype, key);
    }
  }
  return found;
}
