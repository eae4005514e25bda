/** What differs between two texts, as people and tools read it: a unified diff. Pure text. */
import { type LineChange, lineDiff } from "./lineDiff.ts";

const CONTEXT = 3;

/** A unified diff with three lines of context; "" where nothing differs. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const changes = lineDiff(before, after);
  if (changes.length === 0) return "";
  const old = linesOf(before);
  const hunks = together(changes).flatMap((hunk) => hunkLines(old, hunk));
  return `${[`--- a/${path}`, `+++ b/${path}`, ...hunks].join("\n")}\n`;
}

/** Changes whose context meets are shown as one. */
function together(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const hunks: LineChange[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    const near = last && change.oldAt - endOf(last) <= 2 * CONTEXT;
    if (near) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function hunkLines(old: readonly string[], hunk: readonly LineChange[]): readonly string[] {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (!first || !last) return [];
  const begin = Math.max(0, first.oldAt - CONTEXT);
  const end = Math.min(old.length, endOf(last) + CONTEXT);
  const lines: string[] = [];
  let at = begin;
  for (const change of hunk) {
    for (const line of old.slice(at, change.oldAt)) lines.push(` ${plain(line)}`);
    for (const line of change.removed) lines.push(`-${plain(line)}`);
    for (const line of change.added) lines.push(`+${plain(line)}`);
    at = endOf(change);
  }
  for (const line of old.slice(at, end)) lines.push(` ${plain(line)}`);
  const grown = hunk.reduce((sum, { removed, added }) => sum + added.length - removed.length, 0);
  const from = first.newAt - (first.oldAt - begin) + 1;
  return [`@@ -${begin + 1},${end - begin} +${from},${end - begin + grown} @@`, ...lines];
}

function endOf({ oldAt, removed }: LineChange): number {
  return oldAt + removed.length;
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function plain(line: string): string {
  return line.replace(/\r?\n$/, "");
}
