/**
 * Ways to spoil a valid YAML file at one of its nodes, each a pure function of the file and a seeded random.
 * Owns what is written and where the spoilt node then stands; knows nothing of workflows but a few of their keys.
 */
import { isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument, visit } from "yaml";
import type { Random } from "../../simulation/random.ts";

export interface Mutated {
  readonly kind: string;
  readonly text: string;
  /** Where the spoilt node stands now, from offset to offset; absent when it is the file as a whole. */
  readonly node?: readonly [number, number];
}

/** A node that can be spoilt: a pair of a mapping, or an item of a list. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly value: readonly [number, number];
  readonly key?: readonly [number, number];
  /** The mapping or list around it; absent for the keys of the file itself. */
  readonly around?: readonly [number, number];
}

/** What is done to a node: the text that takes the place of a part of the file. */
type Spoil = (context: {
  readonly text: string;
  readonly place: Place;
  readonly random: Random;
}) => { readonly from: number; readonly to: number; readonly by: string } | undefined;

/** One mutation of a file; a few of them when `times` is more, and then nobody knows where. */
export function mutate(text: string, random: Random, times = 1): Mutated {
  const once = mutateOnce(text, random);
  if (times === 1) return once;
  const { kind, text: further } = mutate(once.text, random, times - 1);
  return { kind: `${once.kind} + ${kind}`, text: further };
}

function mutateOnce(text: string, random: Random): Mutated {
  const whole = pick(random, Object.entries(WHOLE));
  const places = placesIn(text);
  if (places.length === 0 || random.next() < 0.06) {
    return { kind: whole[0], text: whole[1](text, random) };
  }
  for (;;) {
    const [kind, spoil] = pick(random, Object.entries(SPOILS));
    const place = pick(random, places);
    const change = spoil({ text, place, random });
    if (!change) continue;
    const { from, to, by } = change;
    const mutated = text.slice(0, from) + by + text.slice(to);
    if (mutated === text) continue;
    const grown = by.length - (to - from);
    // What is gone is missed in what was around it.
    const [start, end] = by === "" ? (place.around ?? [0, text.length]) : [place.start, place.end];
    const node = [Math.min(start, from), Math.max(end + grown, from + by.length)] as const;
    return by === "" && !place.around ? { kind, text: mutated } : { kind, text: mutated, node };
  }
}

/** Spoils the file as such: how it is encoded, where it begins and ends. */
const WHOLE: Readonly<Record<string, (text: string, random: Random) => string>> = {
  "byte order mark": (text) => `\uFEFF${text}`,
  "two byte order marks": (text) => `\uFEFF\uFEFF${text}`,
  "line ends of Windows": (text) => text.replaceAll("\n", "\r\n"),
  "line ends of old Macs": (text) => text.replaceAll("\n", "\r"),
  "cut off": (text, random) => text.slice(0, random.below(text.length)),
  "two documents": (text) => `${text}\n---\n${text}`,
  "ended early": (text, random) => insert(text, lineStart(text, random), "...\n"),
  "directive of another version": (text) => `%YAML 9.9\n---\n${text}`,
  "unknown directive": (text) => `%FOO bar\n---\n${text}`,
  "wrapped in a list": (text) => `- ${text.replaceAll("\n", "\n  ")}`,
  "nothing but white space": () => " \n\t\n ",
  "a lone scalar": () => "workflow",
  "nothing but markers": () => "---\n---\n---\n",
  shuffled: (text, random) => {
    const lines = text.split("\n");
    for (let at = lines.length - 1; at > 0; at--) {
      const other = random.below(at + 1);
      [lines[at], lines[other]] = [lines[other] ?? "", lines[at] ?? ""];
    }
    return lines.join("\n");
  },
};

const SPOILS: Readonly<Record<string, Spoil>> = {
  deleted: ({ text, place }) => ({ ...lines(text, place), by: "" }),
  "given twice": ({ text, place }) => {
    const { from, to } = lines(text, place);
    const line = text.slice(from, to);
    return { from, to, by: line.endsWith("\n") ? line + line : `${line}\n${line}` };
  },
  "of another type": ({ place, random }) => valueBy(place, pick(random, TYPES)),
  "with an odd scalar": ({ place, random }) => valueBy(place, pick(random, ODD_SCALARS)),
  "with a misspelt key": ({ text, place, random }) => {
    if (!place.key) return undefined;
    const [from, to] = place.key;
    const key = text.slice(from, to);
    const at = random.below(key.length);
    return {
      from,
      to,
      by: pick(random, [`${key}_z`, key.slice(0, at) + key.slice(at + 1) || "q"]),
    };
  },
  "with an odd key": ({ place, random }) =>
    place.key && { from: place.key[0], to: place.key[1], by: pick(random, ODD_KEYS) },
  "beside an unknown key": ({ text, place, random }) => {
    if (!place.key) return undefined;
    const name = pick(random, ["zzz", "__proto__", "constructor", "prompt_text", "<<", "é😀"]);
    const indent = " ".repeat(columnOf(text, place.key[0]));
    return isFirstOnLine(text, place.key[0])
      ? { from: place.start, to: place.start, by: `${name}: 1\n${indent}` }
      : { from: place.start, to: place.start, by: `${name}: 1, ` };
  },
  reindented: ({ text, place, random }) => {
    const { from, to } = lines(text, place);
    const by = pick(random, [-2, -1, 1, 2, 3]);
    const moved = text
      .slice(from, to)
      .replace(/^( *)(?=\S)/gm, (spaces: string) => " ".repeat(Math.max(0, spaces.length + by)));
    return { from, to, by: moved };
  },
  "indented by a tab": ({ text, place }) => {
    const { from } = lines(text, place);
    return { from, to: place.start, by: "\t" };
  },
  "an alias of nothing": ({ place }) => valueBy(place, "*nowhere"),
  "an alias of itself": ({ place }) => valueBy(place, "&me [*me]"),
  "an anchor without a name": ({ text, place }) => prefix(text, place, "& "),
  "an anchor and an alias at once": ({ text, place }) => prefix(text, place, "&a *b "),
  "aliases that explode": ({ place }) => valueBy(place, bomb()),
  "with a merge key": ({ place, random }) =>
    valueBy(place, pick(random, ["{<<: {a: 1}, b: 2}", "{<<: [1, 2]}", "{<<: *x}", "{<<: 1}"])),
  tagged: ({ text, place, random }) => prefix(text, place, `${pick(random, TAGS)} `),
  "with a key that is no text": ({ place, random }) =>
    valueBy(place, pick(random, KEYS_OF_STRUCTURE)),
  huge: ({ place, random }) => {
    const much = 1 + random.below(20_000);
    const texts = [`"${"x".repeat(5 * much)}"`, "9".repeat(much), `[${"1,".repeat(much)}]`];
    return valueBy(place, pick(random, texts));
  },
  "too long for a file": ({ place }) => valueBy(place, `"${"x".repeat(400_000)}"`),
  deep: ({ place, random }) => {
    const depth = pick(random, [40, 400, 4000]);
    const [open, close] = pick(random, [
      ["[", "]"],
      ["{a: ", "}"],
      ["[[{b: ", "}]]"],
    ] as const);
    return valueBy(place, `${open.repeat(depth)}1${close.repeat(depth)}`);
  },
  "with a NUL": ({ text, place, random }) => into(text, place, "\0", random),
  "with a lone surrogate": ({ text, place, random }) =>
    into(text, place, pick(random, ["\ud800", "\udc00", "\\ud800"]), random),
  "with a control character": ({ text, place, random }) =>
    into(
      text,
      place,
      pick(random, ["\x07", "\x1b[2J", "\x7f", "\u2028", "\u202e", "\ufffe"]),
      random,
    ),
  "with a broken quote": ({ text, place, random }) => prefix(text, place, pick(random, ['"', "'"])),
  "with an open bracket": ({ text, place, random }) =>
    prefix(text, place, pick(random, ["[", "{", "}", "]"])),
  "with a reserved character": ({ text, place, random }) =>
    prefix(text, place, pick(random, ["@", "`", "%", "| ", "> ", "? ", "- ", ": ", ", "])),
  "with a document marker": ({ text, place }) => {
    const { from } = lines(text, place);
    return { from, to: from, by: "---\n" };
  },
  "with a broken template": ({ place, random }) =>
    valueBy(place, JSON.stringify(pick(random, TEMPLATES))),
};

const TYPES = [
  "[1, [2], {a: 3}]",
  "{a: {b: [c]}}",
  "[]",
  "{}",
  "null",
  "~",
  "true",
  "-7",
  "1.5",
  "2026-01-01",
  "[{id: x, type: wait, duration: 1s}]",
];

const ODD_SCALARS = [
  ".inf",
  "-.inf",
  ".nan",
  "1e999",
  "-0",
  "0x7fffffffffffffff",
  "0o777",
  "9007199254740993",
  "1_000",
  "012",
  '""',
  "''",
  '"\\0"',
  '" "',
  "yes",
  "!",
  "|\n",
  ">-\n",
];

const ODD_KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "null",
  "true",
  "1",
  "1.5",
  "~",
  '""',
  "? [a, b]\n",
  "[a]",
  "{a: b}",
  "*x",
  "!!int 3",
  "'  '",
  "\u0000k",
  "é",
];

const TAGS = [
  "!!binary",
  "!!set",
  "!!omap",
  "!!int",
  "!!float",
  "!!null",
  "!!timestamp",
  "!!python/object/apply:os.system",
  "!!js/function",
  "!local",
  "!<tag:example.org,2026:x>",
  "!",
];

const KEYS_OF_STRUCTURE = [
  "{? [a]: 1}",
  "{1: x, true: y, null: z}",
  "{? {a: b}: c}",
  "{[1]: 2}",
  "{? }",
  "{a: 1, a: 2}",
  "{__proto__: {polluted: 1}}",
];

const TEMPLATES = [
  "{{",
  "{{ }}",
  "{{ 1 + }}",
  "{{ nothing.x }}",
  "{{ state.nothing }}",
  "{{ inputs['x' }}",
  "{% if %}",
  "{% for x in %}",
  "{% raw %}",
  "{{ x | nofilter }}",
  "{{ ((((1 }}",
  "{# ",
  "{{ 'a }}",
  "{{ range(999999999) }}",
  "{{ ''.__class__ }}",
  "{{ steps.nothing.x }}",
];

/** Ten aliases a level, nine levels: a thousand million words. */
function bomb(): string {
  const level = (index: number): string =>
    `&l${index} [${Array.from({ length: 10 }, () => `*l${index - 1}`).join(", ")}]`;
  return `[&l0 [lol, lol], ${Array.from({ length: 9 }, (_, index) => level(index + 1)).join(", ")}]`;
}

/** Every pair and item, those of flow collections too. */
function placesIn(text: string): readonly Place[] {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: "error" });
  const places: Place[] = [];
  const add = (node: Pair | Node, above: readonly unknown[]): void => {
    const key = isPair(node) && isScalar(node.key) ? node.key.range : undefined;
    const value = rangeOf(isPair(node) ? node.value : node);
    const around = aroundOf(above);
    if (isPair(node) && !key) return;
    const start = key?.[0] ?? value?.[0];
    const end = value?.[1] ?? key?.[1];
    if (start === undefined || end === undefined) return;
    places.push({
      start,
      end,
      value: value ?? [end, end],
      ...(key ? { key: [key[0], key[1]] as const } : {}),
      ...(around ? { around } : {}),
    });
  };
  visit(document, {
    Pair: (_, pair, above) => add(pair, above),
    Node: (index, node, above) => {
      if (typeof index === "number") add(node, above);
    },
  });
  return places;
}

/** The mapping or list that a node is in, with the key that it stands under; absent for the file's own mapping. */
function aroundOf(above: readonly unknown[]): readonly [number, number] | undefined {
  const [holder, inside] = [above.at(-2), above.at(-1)];
  if (above.length < 3 || !(isMap(inside) || isSeq(inside))) return undefined;
  const range = rangeOf(inside);
  const key = isPair(holder) ? rangeOf(holder.key) : undefined;
  return range && [key?.[0] ?? range[0], range[1]];
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

function valueBy(place: Place, by: string) {
  const [from, to] = place.value;
  // A key without a value has no space after its colon.
  return { from, to, by: from === to ? ` ${by}` : by };
}

function prefix(_text: string, place: Place, by: string) {
  const [from] = place.value;
  return { from, to: from, by };
}

function into(_text: string, place: Place, by: string, random: Random) {
  const [from, to] = place.value;
  if (from === to) return undefined;
  const at = from + random.below(to - from);
  return { from: at, to: at, by };
}

/** The whole lines that a node stands on. */
function lines(text: string, place: Place): { readonly from: number; readonly to: number } {
  const from = text.lastIndexOf("\n", place.start - 1) + 1;
  const stop = text.indexOf("\n", Math.max(place.start, place.end - 1));
  return { from, to: stop < 0 ? text.length : stop + 1 };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function isFirstOnLine(text: string, offset: number): boolean {
  return text.slice(offset - columnOf(text, offset), offset).trim() === "";
}

function lineStart(text: string, random: Random): number {
  return text.lastIndexOf("\n", random.below(text.length)) + 1;
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[random.below(from.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}
