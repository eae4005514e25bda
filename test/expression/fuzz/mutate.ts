/**
 * Damage to one part of a source, of the kinds that people do: slips of the finger, wrong names, wrong arguments,
 * brackets left open. Owns where the damaged part is afterwards.
 */
import type { Random } from "../../simulation/random.ts";
import { pick, type Tree } from "./generate.ts";
import { type Placed, placeParts } from "./tree.ts";

export interface Damaged {
  readonly text: string;
  /** The damaged part's place in it: the whole expression where brackets or quotes no longer come in pairs. */
  readonly start: number;
  readonly end: number;
  /** The changed text alone. */
  readonly changed: { readonly start: number; readonly end: number };
  /** How it was damaged. */
  readonly how: string;
}

/** Damages one part of a tree, chosen by chance. The result may still be right by luck. */
export function damage(random: Random, tree: Tree): Damaged {
  const { text, parts } = placeParts(tree);
  const inside = parts.filter(({ tree: { kind } }) => kind !== "statement");
  const part = pick(random, inside.length > 0 ? inside : parts);
  const kinds = [...ANYWHERE, ...(BY_KIND[part.tree.kind] ?? [])];
  const [how, change] = pick(random, kinds);
  const before = text.slice(part.start, part.end);
  const after = change(random, before, part);
  const whole = text.slice(0, part.start) + after + text.slice(part.end);
  const around = lacking(parts, part, after);
  const changed = { start: part.start, end: part.start + after.length };
  const end = around.end + after.length - before.length;
  return { text: whole, start: around.start, end, changed, how };
}

/**
 * The part that is damaged by so changing one. Where nothing is left of it, the part around it lacks something. A
 * bracket or quote too many or too few changes what belongs together all around it, and the text cannot tell which one
 * it is: then it is the whole expression.
 */
function lacking(parts: readonly Placed[], part: Placed, after: string): Placed {
  const outer = parts.filter((each) => each.start <= part.start && part.end <= each.end);
  if (!isBalanced(after)) return outer.find(({ tree }) => tree.kind !== "statement") ?? part;
  return after.trim() === "" ? (parts.findLast((each) => holds(each, part)) ?? part) : part;
}

function isBalanced(text: string): boolean {
  const bare = text.replace(/'[^']*'|"[^"]*"/g, "");
  if (/['"]/.test(bare)) return false;
  let left = bare;
  for (let before = ""; before !== left; ) {
    before = left;
    left = left.replace(/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g, "");
  }
  return !/[()[\]{}]/.test(left);
}

function holds(outer: Placed, inner: Placed): boolean {
  return outer !== inner && outer.tree.parts.includes(inner.tree);
}

type Change = (random: Random, text: string, part: Placed) => string;
type Named = readonly [how: string, change: Change];

const STRAY = [
  "?",
  "$",
  "!",
  "&&",
  "||",
  "@",
  "`",
  ";",
  "\\",
  "#",
  "=",
  "..",
  ")",
  "]",
  "(",
  "[",
  "{",
  "'",
  '"',
  "%",
  "|",
  "\u0000",
  "€",
  "\ud800",
];

const ANYWHERE: readonly Named[] = [
  ["left out", () => ""],
  [
    "a stray character",
    (random, text) => insert(text, random.below(text.length + 1), pick(random, STRAY)),
  ],
  ["a character lost", (random, text) => cut(text, random.below(text.length), 1)],
  [
    "a character twice",
    (random, text) => {
      const at = random.below(text.length);
      return insert(text, at, text.charAt(at));
    },
  ],
  [
    "two characters swapped",
    (random, text) => {
      const at = random.below(Math.max(1, text.length - 1));
      return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
    },
  ],
  ["cut short", (random, text) => text.slice(0, random.below(text.length))],
  ["its beginning lost", (random, text) => text.slice(1 + random.below(text.length))],
  [
    "an operator without a side",
    (random, text) => `${text} ${pick(random, ["+", "*", "and", "==", "~", "is", "|", "in"])} `,
  ],
  [
    "an operator twice",
    (random, text) => `${text} ${pick(random, ["+ *", "and or", "== ==", "~ ~", "| |"])} 1`,
  ],
  ["an unknown name", () => "nosuch_name"],
  ["a member of something missing", () => "state.nosuch.field"],
  ["a bracket left open", (random, text) => pick(random, ["(", "[", "{"]) + text],
  ["a wrong operation", (_, text) => `(${text} - [1])`],
  ["a division by zero", () => "(1 // 0)"],
  ["braces inside", (_, text) => `{{ ${text} }}`],
];

const BY_KIND: Readonly<Partial<Record<Tree["kind"], readonly Named[]>>> = {
  filter: [
    ["a filter that does not exist", rename(/(\| )(\w+)/)],
    [
      "an unknown argument",
      (_, text) =>
        text.replace(/(\| \w+)(\()?/, (_whole, name: string, open?: string) =>
          open ? `${name}(nosuch=1, ` : `${name}(nosuch=1)`,
        ),
    ],
    ["too many arguments", (_, text) => text.replace(/(\| \w+)\(?/, "$1(1, 2, 3, 4, 5, 6, 7, 8, ")],
  ],
  test: [["a test that does not exist", rename(/( is )(\w+)/)]],
  call: [
    ["a function that does not exist", rename(/()(\w+)/)],
    ["too many arguments", (_, text) => text.replace(/\(/, "(1, 2, 3, 4, ")],
  ],
  method: [["a method that does not exist", rename(/(\.)(\w+)(?=\([^()]*\)$)/)]],
};

/** A name that no table has, close to the one that stands there. */
function rename(pattern: RegExp): Change {
  return (random, text) =>
    text.replace(
      pattern,
      (_, before: string, name: string) =>
        before + name + pick(random, ["x", "_", "zz"]) + name.charAt(0),
    );
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function cut(text: string, at: number, count: number): string {
  return text.slice(0, at) + text.slice(at + count);
}
