/**
 * The first, cheap look at a file: which lines speak of the question's words, and how often each word occurs.
 * Owns the scanning pattern and the choice of lines worth ranking; must not know weights, files on disk or results.
 */
import { relatedStems } from "./related.ts";
import type { QueryTerm } from "./terms.ts";

/** A question made ready for scanning. */
export interface Probe {
  readonly terms: readonly QueryTerm[];
  /** Stems that say a term: its own, and neighbours written as one word (`ratelimit`); by the terms' index. */
  readonly direct: ReadonlyMap<string, readonly number[]>;
  /** Stems that answer terms without saying them; by the terms' index. */
  readonly related: ReadonlyMap<string, readonly number[]>;
  /** Finds all of these at the start of a word or of a hump of an identifier. */
  readonly pattern: RegExp;
}

/** A line that may answer, counted from zero. */
export interface CandidateLine {
  readonly line: number;
  /** One bit for each of the question's terms found on it. */
  readonly bits: number;
  /** How many distinct answering stems it has. */
  readonly related: number;
}

export interface Scan {
  readonly lines: readonly string[];
  /** The most promising first. */
  readonly candidates: readonly CandidateLine[];
  /** How many lines have each term, by the term's index. */
  readonly lineCounts: readonly number[];
}

const LINES_PER_FILE = 16;
/** Longer lines are data or minified code; nobody cites them. */
const MAX_LINE = 1000;

/** Prepares the pattern for a question; undefined when the question has no words. */
export function probeFor(terms: readonly QueryTerm[]): Probe | undefined {
  if (terms.length === 0) return undefined;
  const direct = new Map<string, number[]>(terms.map((term, index) => [term.stem, [index]]));
  for (const [index, term] of terms.entries()) {
    const after = terms[index + 1];
    if (after !== undefined) addTo(direct, term.word + after.stem, [index, index + 1]);
  }
  const related = new Map<string, number[]>();
  for (const [index, term] of terms.entries()) {
    for (const answer of relatedStems(term.stem))
      if (!direct.has(answer)) addTo(related, answer, [index]);
  }
  return { terms, direct, related, pattern: patternFor([...direct.keys(), ...related.keys()]) };
}

/** Scans one file's text; undefined when nothing of the question is in it. */
export function scan(text: string, probe: Probe): Scan | undefined {
  const found = marks(text, probe);
  if (found.size === 0) return undefined;
  const lines = text.split(/\r?\n/);
  const lineCounts = probe.terms.map(() => 0);
  const candidates: CandidateLine[] = [];
  for (const [line, { bits, related }] of found) {
    for (let index = 0; index < lineCounts.length; index++) {
      if (bits & (1 << index)) lineCounts[index] = (lineCounts[index] ?? 0) + 1;
    }
    if ((lines[line]?.length ?? 0) > MAX_LINE) continue;
    candidates.push({ line, bits, related: related.size });
  }
  candidates.sort((a, b) => promise(b) - promise(a) || a.line - b.line);
  return { lines, candidates: candidates.slice(0, LINES_PER_FILE), lineCounts };
}

function addTo(map: Map<string, number[]>, key: string, indexes: readonly number[]): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [...indexes]);
  else known.push(...indexes);
}

function promise(candidate: CandidateLine): number {
  let count = 0;
  for (let bits = candidate.bits; bits !== 0; bits &= bits - 1) count++;
  return count + Math.min(candidate.related, 4) * 0.4;
}

interface Mark {
  bits: number;
  readonly related: Set<string>;
}

/** What is found on each line. Lines are counted between matches, so a file without any costs one search. */
function marks(text: string, probe: Probe): Map<number, Mark> {
  const found = new Map<number, Mark>();
  let line = 0;
  let next = text.indexOf("\n");
  for (const match of text.matchAll(probe.pattern)) {
    while (next !== -1 && next < match.index) {
      line++;
      next = text.indexOf("\n", next + 1);
    }
    const mark = found.get(line) ?? { bits: 0, related: new Set<string>() };
    found.set(line, mark);
    const matched = match[0].toLowerCase();
    const said = probe.direct.get(matched) ?? probe.direct.get(matched.replace(/i$/, "y"));
    if (said === undefined) mark.related.add(matched);
    else for (const index of said) mark.bits |= 1 << index;
  }
  return found;
}

/** Short stems begin too many other words ("per" in "person"), so what may follow them is limited to inflections. */
const INFLECTION = "(?=(?:e?[sdr]?s?|[a-z]?(?:ings?|ers?|ed)|ation|ion)(?![a-z]))";

function patternFor(stems: readonly string[]): RegExp {
  const longestFirst = stems.toSorted((a, b) => b.length - a.length);
  const starts = longestFirst.map((one) => (/..y$/.test(one) ? `${one.slice(0, -1)}[yi]` : one));
  const written = (start: string) => (start.length <= 4 ? start + INFLECTION : start);
  const lower = starts.map(written);
  const humps = starts.map((one) => written(one.charAt(0).toUpperCase() + one.slice(1)));
  const capitals = starts.map((one) => one.toUpperCase());
  return new RegExp(
    `(?<![A-Za-z])(?:${lower.join("|")})|(?:${humps.join("|")})|(?<![A-Z])(?:${capitals.join("|")})`,
    "g",
  );
}
