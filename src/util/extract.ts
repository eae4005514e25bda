/**
 * Makes a text shorter by leaving out what says least: whole lines and sentences stay as they are, and every name, number,
 * path and error that the text has is kept at least once, as far as there is room. Pure; knows no model.
 */
import { estimateTokens, withinTokens, withoutMiddle } from "./shorten.ts";
import { shareIn, termsOf } from "./words.ts";

export interface Extract {
  readonly text: string;
  /** Estimated, of the text as it is now and as it was. */
  readonly tokens: number;
  readonly whole: number;
}

interface Unit {
  readonly text: string;
  /** It goes on with the line of the one before. */
  readonly within: boolean;
  readonly tokens: number;
  /** What it names. */
  readonly names: readonly string[];
  /** How many units look alike but for their numbers. */
  readonly alike: number;
  readonly worth: number;
}

/** Characters of a text that are looked at; of a longer one its beginning and its end. */
export const LOOKED_AT = 250_000;

/** A text of at most so many tokens; `about`: what matters more. Text that fits stays as it is. */
export function extract(text: string, tokens: number, about = ""): Extract {
  const whole = estimateTokens(text);
  if (whole <= tokens) return { text, tokens: whole, whole };
  const units = unitsOf(withoutMiddle(text, LOOKED_AT), about);
  const kept = choose(units, tokens - Math.min(8, tokens * 0.05));
  const shown = kept.size > 0 ? joined(units, kept) : beginning(text, tokens);
  return { text: shown, tokens: estimateTokens(shown), whole };
}

/** Lines of code, logs and lists; sentences of prose. */
export function piecesOf(text: string): readonly string[] {
  return text.split(/\n[ \t]*\n/).flatMap((block) => {
    const lines = block.split("\n").filter((line) => line.trim() !== "");
    if (!isProse(lines)) return lines;
    return lines
      .join(" ")
      .split(/(?<=[.!?])\s+/)
      .filter((piece) => piece !== "");
  });
}

/** No unit is longer, in characters: what looks for names in it may look back and forth. */
const LONGEST = 400;

/** A piece that fits, or its parts, cut where words end if they do. */
function cut(piece: string): readonly string[] {
  const parts: string[] = [];
  let rest = piece;
  while (rest.length > LONGEST) {
    const blank = rest.lastIndexOf(" ", LONGEST - 1) + 1;
    const at = blank > LONGEST / 2 ? blank : LONGEST;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

function beginning(text: string, tokens: number): string {
  return `${withinTokens(text, tokens - 0.5).trimEnd()}…`;
}

function isProse(lines: readonly string[]): boolean {
  const long = lines.filter((line) => line.length > 60).length;
  const odd = lines.filter((line) =>
    /^\s|^#|^[-*+>|]|^\d{4}-\d\d|[{};=]\s*$|^\w+: |::|\S {3,}\S/.test(line),
  ).length;
  return odd * 2 < lines.length && lines.length > 1 && long >= lines.length - 1;
}

const NAMES: readonly RegExp[] = [
  /https?:\/\/[^\s)>\]]+/g,
  /`[^`\n]{1,80}`|"[^"\n]{2,80}"/g,
  /[$€]?\d[\d,.:]*\d?(?:x\d+)?(?:\s?(?:%|ms|s\b|MB|GB|KB|tokens|events|teams|hours?|days?|seconds|minutes))?/g,
  /\b[\w./-]+\.(?:py|[cm]?[jt]sx?|md|json|ya?ml|toml|txt|csv|sql|sh|go|rs|java)\b(?::\d+)?/g,
  /\b[A-Za-z]\w*(?:[_:-]\w+)+\b|\b[a-z]+[A-Z]\w*\b|\b\w+\(\)/g,
  /\b[A-Z][a-z]+[A-Z]\w*\b|\b[A-Z]{2,}[\w-]*\b|\b(?=\w*\d)(?=\w*[a-f])[0-9a-f]{8,}\b/g,
  /(?<=[a-z,;] )[A-Z][a-z]{2,}\b/g,
];
const TROUBLE =
  /\b(?:error|fail(?:ed|ure|s)?|warn(?:ing)?|fatal|exception|mismatch|denied|deadlock|not found|escalated|skipped|fixme|todo|must|cannot|decided|recommended|left out)\b|\b\w+Error\b/i;
const SHAPE =
  /^\s*(?:export |async |public |private |static )*(?:def|class|function|interface|type|const|struct|enum|fn|func)\b|^[A-Z_]{3,}\s*=|^\s+\w+: \w+$|^#+ /;
const REMARK = /^\s*(?:#(?! ?FIXME|#)|\/\/|\/?\*|"""|''')/;

function unitsOf(text: string, about: string): readonly Unit[] {
  const within: boolean[] = [];
  const pieces = piecesOf(text).flatMap((piece) => {
    const parts = cut(piece);
    within.push(...parts.map((_, nth) => nth > 0));
    return parts;
  });
  const alike = new Map<string, number[]>();
  pieces.forEach((piece, at) => {
    const shape = piece.replace(/\d+/g, "#").replace(/\b[A-Z][a-z]+(?:[A-Z][a-z]*)?\b/g, "@");
    const same = alike.get(shape) ?? [];
    same.push(at);
    alike.set(shape, same);
  });
  const group = pieces.map(() => ({ size: 1, edge: true }));
  for (const same of alike.values())
    same.forEach((at, nth) => {
      group[at] = { size: same.length, edge: nth === 0 || nth === same.length - 1 };
    });
  const terms = termsOf(about);
  const near = pieces.map((piece) =>
    terms.length === 0 ? 0 : Math.min(1, (shareIn(terms, piece) * terms.length) / 3),
  );
  return pieces.map((piece, at) => {
    const { size, edge } = group[at] ?? { size: 1, edge: true };
    const noise = size >= 3 && !TROUBLE.test(piece);
    const names = noise && !edge ? [] : namesIn(piece);
    const around = Math.max(near[at - 1] ?? 0, near[at + 1] ?? 0) / 2;
    const worth =
      (near[at] ?? 0) * 2 +
      around * 2 +
      (TROUBLE.test(piece) ? 3 : 0) +
      (SHAPE.test(piece) ? 3 : 0);
    const less = noise ? size : REMARK.test(piece) ? 4 : 1;
    return {
      text: piece,
      within: within[at] ?? false,
      tokens: estimateTokens(piece) + 1,
      names,
      alike: size,
      worth: worth / less,
    };
  });
}

function namesIn(piece: string): readonly string[] {
  return [...new Set(NAMES.flatMap((pattern) => piece.match(pattern) ?? []))];
}

/** First what names something that nothing chosen names yet, most names a token first; then what matters most. */
function choose(units: readonly Unit[], room: number): ReadonlySet<number> {
  const often = new Map<string, number>();
  for (const { names } of units)
    for (const name of names) often.set(name, (often.get(name) ?? 0) + 1);
  const value = ({ names, worth, alike }: Unit) =>
    worth + names.reduce((sum, name) => sum + 1 / (often.get(name) ?? 1), 0) / Math.sqrt(alike);
  const order = units
    .map((unit, at) => ({ unit, at, density: value(unit) / unit.tokens ** 0.7 }))
    .sort((a, b) => b.density - a.density || a.at - b.at);
  const kept = new Set<number>();
  const named = new Set<string>();
  let left = room;
  const take = (at: number, unit: Unit): void => {
    if (kept.has(at) || unit.tokens > left) return;
    kept.add(at);
    left -= unit.tokens;
    for (const name of unit.names) named.add(name);
  };
  for (const { unit, at } of order)
    if (unit.worth >= 3 || unit.names.some((name) => !named.has(name))) take(at, unit);
  for (const { unit, at, density } of order) if (density > 0) take(at, unit);
  return kept;
}

/** In the order of the text; a line of its own says where something is left out. */
function joined(units: readonly Unit[], kept: ReadonlySet<number>): string {
  const lines: string[] = [];
  let gap = false;
  for (const [at, { text, within }] of units.entries()) {
    if (!kept.has(at)) {
      gap = true;
      continue;
    }
    if (within && !gap && lines.length > 0) lines.push(`${lines.pop()}${text}`);
    else lines.push(gap && lines.length > 0 ? `…${text}` : text);
    gap = false;
  }
  return lines.join("\n");
}
