/** The difference of two texts as people know it: a unified diff, three lines around each change. */
import { type LineChange, lineDiff } from "../../../util/lineDiff.ts";
import type { Paint } from "../../../views/plain/paint.ts";
import { printable } from "../../../views/printable.ts";

const AROUND = 3;

/** The lines of the diff; none when the texts are the same. */
export function diffLines(
  file: string,
  before: string,
  after: string,
  paint: Paint,
): readonly string[] {
  const changes = lineDiff(before, after);
  if (changes.length === 0) return [];
  const old = before.split("\n");
  const hunks = grouped(changes).flatMap((group) => hunkLines(group, old, paint));
  return [paint("bold", `--- ${file}`), paint("bold", `+++ ${file}`), ...hunks];
}

/** Changes whose surroundings touch stand in one hunk. */
function grouped(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const near = last && change.oldAt - last.oldAt - last.removed.length <= 2 * AROUND;
    if (group && near) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunkLines(
  group: readonly LineChange[],
  old: readonly string[],
  paint: Paint,
): readonly string[] {
  const [first] = group;
  const last = group.at(-1);
  if (!first || !last) return [];
  const from = Math.max(0, first.oldAt - AROUND);
  const lines: string[] = [];
  let at = from;
  const same = (to: number): void => {
    for (; at < to; at++) lines.push(` ${printable(old[at] ?? "")}`);
  };
  let added = 0;
  for (const change of group) {
    same(change.oldAt);
    for (const line of change.removed) lines.push(paint("red", `-${bare(line)}`));
    for (const line of change.added) lines.push(paint("green", `+${bare(line)}`));
    at += change.removed.length;
    added += change.added.length - change.removed.length;
  }
  const trailing = old.at(-1) === "" ? old.length - 1 : old.length;
  same(Math.min(trailing, at + AROUND));
  const length = at - from;
  const start = from + first.newAt - first.oldAt;
  const head = `@@ -${from + 1},${length} +${start + 1},${length + added} @@`;
  return [paint("cyan", head), ...lines];
}

function bare(line: string): string {
  return printable(line.replace(/\r?\n$/, ""));
}
