/**
 * Regular expressions that cannot hang: RE2's language and linear time.
 * Owns the engine (its only import), the price of a search, and Python's words for groups.
 */
import { RE2JS } from "re2js";
import { closest, didYouMean, Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";

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
const MAX_SIZE = 5000;

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
  rt.work(100 + 20 * source.length);
  let engine: RE2JS;
  try {
    engine = RE2JS.compile(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = /\(\?<?[=!]|\\[1-9]/.test(source)
      ? " Look-around and back references do not exist here: patterns run in linear time."
      : "";
    throw new Fault("pattern", `The pattern cannot be used: ${reason}.${hint}`);
  }
  if (engine.programSize() > MAX_SIZE) {
    throw new Fault("limit", "The pattern repeats too much. Use smaller counts.");
  }
  rt.work(engine.programSize());
  return engine;
}

function find(rt: Runtime, engine: RE2JS, text: string, limit: number): readonly Match[] {
  rt.work(5 + (text.length * (2 + Math.min(engine.programSize(), 400))) / 64);
  const matcher = engine.matcher(text);
  const matches: Match[] = [];
  while (matcher.find()) {
    const groups: (string | null)[] = [];
    rt.list(2 + engine.groupCount());
    for (let group = 0; group <= engine.groupCount(); group++) {
      const found = matcher.group(group);
      rt.text(found?.length ?? 0);
      groups.push(found);
    }
    matches.push({ start: matcher.start(), end: matcher.end(), groups });
    if (matches.length === limit) break;
  }
  return matches;
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
  const text = replacement.replace(
    /\\(?:g<([^>]*)>|([1-9]\d?)|([\\nt]))/g,
    (_, name?: string, number?: string, letter?: string) => {
      if (letter !== undefined) return { n: "\n", t: "\t" }[letter] ?? "\\";
      return groupOf(engine, match, name ?? number ?? "0") ?? "";
    },
  );
  rt.text(text.length);
  return text;
}
