/**
 * Regular expressions that cannot hang: RE2's language and linear time.
 * Owns the engine (its only import), the price of a search, and Python's words for groups.
 */
import { RE2JS } from "re2js";
import { closest, didYouMean, Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { CountedText } from "./countedText.ts";
import { expandedSize } from "./patternSize.ts";

export interface Match {
  readonly start: number;
  readonly end: number;
  /** The whole match, then its groups; null for a group that took no part. */
  readonly groups: readonly (string | null)[];
}

export interface Pattern {
  /** The first `limit` matches that do not overlap; all of them if it is zero. */
  readonly matches: (rt: Runtime, text: string, limit: number) => readonly Match[];
  /** A group by number or name. */
  readonly group: (match: Match, group: string | number) => string | null;
  /** A replacement with its groups filled in. */
  readonly expand: (rt: Runtime, match: Match, replacement: string) => string;
}

const MAX_LENGTH = 1000;
const MAX_SIZE = 500;

/** A pattern ready to use; compiled once an evaluation. */
export function compilePattern(
  rt: Runtime,
  source: string,
  multiline: boolean,
  ignoreCase: boolean,
): Pattern {
  const flags = (multiline ? RE2JS.MULTILINE : 0) | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  const key = `${flags} ${source}`;
  const known = rt.patterns.get(key);
  const engine = known ?? compile(rt, source, flags);
  if (known === undefined) rt.patterns.set(key, engine);
  return {
    matches: (runtime, text, limit) => find(runtime, engine, text, limit),
    group: (match, group) => groupOf(engine, match, group),
    expand: (runtime, match, replacement) => expand(runtime, engine, match, replacement),
  };
}

function compile(rt: Runtime, source: string, flags: number): RE2JS {
  if (source.length > MAX_LENGTH) {
    throw new Fault("limit", `A pattern may have at most ${MAX_LENGTH} characters.`);
  }
  const size = expandedSize(source);
  if (size > MAX_SIZE) {
    throw new Fault("limit", "The pattern repeats too much. Use `*`, `+` or smaller counts.");
  }
  rt.work(200 * size + (/\\p/i.test(source) ? 20_000 : 0));
  try {
    return RE2JS.compile(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = /\(\?<?[=!]|\\[1-9]/.test(source)
      ? " Look-around and back references do not exist here: patterns run in linear time."
      : "";
    throw new Fault("pattern", `The pattern cannot be used: ${reason}.${hint}`);
  }
}

function find(rt: Runtime, engine: RE2JS, text: string, limit: number): readonly Match[] {
  const size = engine.programSize();
  // Small products of text and pattern take the engine's cheap path, the others one thread an instruction.
  const cheap = text.length * size <= 262_144;
  const perCharacter = cheap ? 1 : 1 + size * (size > 100 ? 1 : 0.2);
  const perSearch = 40 + Math.min(text.length * size, 262_144) / 8000;
  const matcher = engine.matcher(inputOf(rt, text, perCharacter));
  const matches: Match[] = [];
  rt.work(perSearch);
  while (matcher.find()) {
    const count = engine.groupCount();
    rt.list(2 + count);
    rt.work(perSearch);
    const groups = Array.from({ length: count + 1 }, (_, group) => matcher.group(group));
    for (const group of groups) rt.text(group?.length ?? 0);
    matches.push({ start: matcher.start(), end: matcher.end(), groups });
    if (matches.length === limit) break;
  }
  return matches;
}

/** The engine accepts string objects, but its types speak of strings only. */
function inputOf(rt: Runtime, text: string, price: number): string {
  const counted: unknown = new CountedText(rt, text, price);
  return counted as string;
}

function groupOf(engine: RE2JS, match: Match, group: string | number): string | null {
  const name = typeof group === "string" ? group.replace(/^\\(?:g<(.*)>|(\d+))$/, "$1$2") : group;
  const names = engine.namedGroups();
  const index = /^\d+$/.test(String(name))
    ? Number(name)
    : Object.hasOwn(names, name)
      ? names[name]
      : undefined;
  if (index !== undefined && index < match.groups.length) return match.groups[index] ?? null;
  const meant = didYouMean(closest(String(name), Object.keys(names)));
  throw new Fault("pattern", `The pattern has no group \`${name}\`.${meant}`);
}

function expand(rt: Runtime, engine: RE2JS, match: Match, replacement: string): string {
  rt.work(1 + replacement.length / 2);
  const text = replacement.replace(
    /\\(?:g<([^>]*)>|([1-9]\d?)|([\\nt]))/g,
    (_, name?: string, number?: string, letter?: string) => {
      if (letter !== undefined) return { n: "\n", t: "\t" }[letter] ?? "\\";
      const group = groupOf(engine, match, name ?? number ?? "0") ?? "";
      rt.text(group.length);
      return group;
    },
  );
  rt.text(text.length);
  return text;
}
