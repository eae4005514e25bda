/**
 * How well a line answers a question, as a share from 0 to 1 of the question's weight.
 * Pure: owns the weights; must not know files on disk. The weight of a word is its rarity (BM25's idf over lines).
 */
import type { CandidateLine, Probe } from "./candidates.ts";
import { stem, words } from "./terms.ts";

/** A file's lines in which something was found. */
export interface RankedFile {
  readonly path: string;
  readonly lines: readonly string[];
  readonly candidates: readonly CandidateLine[];
}

export interface RankedLine {
  readonly path: string;
  /** From zero. */
  readonly line: number;
  /** 0 to 1. A line that says every word of the question has about 1. */
  readonly score: number;
  /** The question's words that the line itself says or answers, as they were asked. */
  readonly matched: readonly string[];
}

/** How rare each term is, by the term's index; from how many lines have it. Robertson's idf, never below a floor. */
export function rarities(lineCounts: readonly number[], lineTotal: number): readonly number[] {
  return lineCounts.map((count) =>
    Math.max(0.3, Math.log(1 + (Math.max(lineTotal, count) - count + 0.5) / (count + 0.5))),
  );
}

/** A quick reckoning of what a file may score at best, to rank in full only those that can win. */
export function promiseOf(file: RankedFile, rarity: readonly number[]): number {
  let best = 0;
  for (const { bits, related } of file.candidates) {
    let weight = Math.min(related, 3) * 0.3;
    for (const [index, one] of rarity.entries()) if (bits & (1 << index)) weight += one;
    best = Math.max(best, weight);
  }
  return best * pathFactor(file.path);
}

/** Scores a file's candidate lines; the best of each neighbourhood only, best first. */
export function rankFile(
  file: RankedFile,
  probe: Probe,
  rarity: readonly number[],
): readonly RankedLine[] {
  const scene = { file, probe, rarity, total: sum(rarity), inPath: termsIn(file.path, probe) };
  const ranked = candidatesOf(file)
    .map((line) => rankLine(line, scene))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || a.line - b.line);
  const kept: RankedLine[] = [];
  for (const one of ranked) {
    if (kept.every((better) => Math.abs(better.line - one.line) > NEIGHBOURS)) kept.push(one);
  }
  return kept;
}

/** How far a line's surroundings speak for it, in lines. */
const NEIGHBOURS = 2;
/** Lines under a heading that names the subject may answer without any of its words. */
const UNDER_HEADING = 6;

/** Share of a term's weight by where it was found. A line that is only near something is weak evidence. */
const SAID = 1;
const ANSWERED = [0, 0.45, 0.65, 0.8];
/** One answering word, and nothing of the question itself: `per` alone answers no question about rate limits. */
const CHANCE = 0.2;
const IN_HEADING = 0.4;
const IN_PATH = 0.25;
const NEARBY = 0.25;

interface Scene {
  readonly file: RankedFile;
  readonly probe: Probe;
  readonly rarity: readonly number[];
  readonly total: number;
  readonly inPath: TermSet;
}

/** The question's terms found in a piece of text. */
interface TermSet {
  readonly said: ReadonlySet<number>;
  /** Distinct answering stems for each term. */
  readonly answered: ReadonlyMap<number, number>;
  /** Distinct answering stems in all. */
  readonly answering: number;
}

function candidatesOf(file: RankedFile): readonly number[] {
  const chosen = new Set(file.candidates.map((candidate) => candidate.line));
  if (isProse(file.path)) {
    for (const { line } of file.candidates) {
      if (headingDepth(file.lines[line]) === 0) continue;
      for (let below = line + 1; below <= line + UNDER_HEADING; below++) {
        if (headingDepth(file.lines[below]) > 0) break;
        if (/\p{L}{2}/u.test(file.lines[below] ?? "")) chosen.add(below);
      }
    }
  }
  return [...chosen];
}

function rankLine(line: number, scene: Scene): RankedLine {
  const { file, probe, rarity, total, inPath } = scene;
  const text = file.lines[line] ?? "";
  const here = termsIn(text, probe);
  const nearby = termsIn(surroundings(file.lines, line), probe);
  const saysNone = here.said.size === 0 && here.answering < 2;
  const heading = isProse(file.path) ? termsIn(headingsAbove(file.lines, line), probe) : nearby;
  const matched: string[] = [];
  let weight = 0;
  for (const [index, term] of probe.terms.entries()) {
    const answers = here.answered.get(index) ?? 0;
    const answered = saysNone ? CHANCE : ANSWERED[Math.min(answers, 3)];
    const own = here.said.has(index) ? SAID : answers > 0 ? (answered ?? 0) : 0;
    if (own > 0) matched.push(term.word);
    const around = Math.max(
      heading.said.has(index) && heading !== nearby ? IN_HEADING : 0,
      inPath.said.has(index) ? IN_PATH : 0,
      nearby.said.has(index) ? NEARBY : 0,
    );
    weight += Math.min(1, Math.max(own, around, own + around * 0.5)) * (rarity[index] ?? 0);
  }
  const score = total === 0 ? 0 : (weight / total) * lineFactor(text) * pathFactor(file.path);
  return { path: file.path, line, score: Math.round(score * 1000) / 1000, matched };
}

function termsIn(text: string, probe: Probe): TermSet {
  const said = new Set<number>();
  const answered = new Map<number, number>();
  let answering = 0;
  const seen = new Set<string>();
  for (const word of words(text)) {
    const cut = stem(word);
    if (seen.has(cut)) continue;
    seen.add(cut);
    for (const index of probe.direct.get(cut) ?? []) said.add(index);
    const terms = probe.related.get(cut) ?? [];
    // A number among the related words, such as 429, is never an everyday word.
    if (terms.length > 0) answering += /^\d+$/.test(cut) ? 2 : 1;
    for (const index of terms) answered.set(index, (answered.get(index) ?? 0) + 1);
  }
  return { said, answered, answering };
}

function surroundings(lines: readonly string[], line: number): string {
  return [
    ...lines.slice(Math.max(0, line - NEIGHBOURS), line),
    ...lines.slice(line + 1, line + 1 + NEIGHBOURS),
  ]
    .map((one) => one.slice(0, 300))
    .join("\n");
}

/** The headings whose section holds the line, the nearest first; looked for at most 200 lines up. */
function headingsAbove(lines: readonly string[], line: number): string {
  const headings: string[] = [];
  let depth = headingDepth(lines[line]) || 7;
  for (let above = line - 1; above >= Math.max(0, line - 200) && depth > 1; above--) {
    const found = headingDepth(lines[above]);
    if (found === 0 || found >= depth) continue;
    headings.push(lines[above] ?? "");
    depth = found;
  }
  return headings.join("\n");
}

function headingDepth(line: string | undefined): number {
  return /^(#{1,6})\s/.exec(line ?? "")?.[1]?.length ?? 0;
}

function isProse(path: string): boolean {
  return /\.(?:md|mdx|markdown|adoc|rst|txt)$/i.test(path);
}

/** A tag of a documentation comment with a word at most: `@api public` says nothing of the public API. */
const DOC_TAG = /^(?:\/?\*+|\/\/+|#)\s*@[\w-]+(?:\s+\S+)?\s*(?:\*\/)?$/;

/** What kind of line it is: a heading, a tag or an import names a subject without saying anything about it. */
function lineFactor(text: string): number {
  const trimmed = text.trim();
  if (/^(?:#{1,6}\s|={3,}|-{3,})/.test(trimmed)) return 0.35;
  if (DOC_TAG.test(trimmed)) return 0.35;
  if (
    /^(?:import\b|export .* from |from \S+ import|#include|using |use |package |const .*= require\()/.test(
      trimmed,
    )
  ) {
    return 0.7;
  }
  if (trimmed.length > 300) return 0.85;
  return /^(?:\/\/|\/?\*|#|--|<!--)|[.;:]$|\s\S+\s\S+\s\S+\s/.test(trimmed) ? 1 : 0.95;
}

/** What kind of file it is: its own sources and documentation speak for a project, its past and fixtures less. */
function pathFactor(path: string): number {
  if (/(?:^|\/)(?:changelog|history|releases?|licen[cs]e|notice)[^/]*$/i.test(path)) return 0.7;
  if (
    /(?:^|\/)(?:tests?|spec|specs|__tests__|fixtures?|__snapshots__|examples?|vendor|third_party)\//i.test(
      path,
    )
  ) {
    return 0.85;
  }
  if (/(?:\.|_|-)(?:test|spec)\.\w+$|_test\.\w+$/i.test(path)) return 0.85;
  return /\.workflow\.ya?ml$|\.(?:svg|csv|tsv|json|lock|snap|map)$/i.test(path) ? 0.75 : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
