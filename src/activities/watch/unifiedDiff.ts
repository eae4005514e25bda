/** What differs between two texts, as people and tools read it: a unified diff. Pure text. */
import { lineDiff } from "../../util/lineDiff.ts";

const CONTEXT = 3;

/** A unified diff with three lines of context; "" where nothing differs. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const old = linesOf(before);
  const changes = lineDiff(before, after);
  if (changes.length === 0) return "";
  const lines = [`--- a/${path}`, `+++ b/${path}`];
  for (const { oldAt, newAt, removed, added } of changes) {
    const head = old.slice(Math.max(0, oldAt - CONTEXT), oldAt);
    const tail = old.slice(oldAt + removed.length, oldAt + removed.length + CONTEXT);
    const from = oldAt - head.length + 1;
    const to = newAt - head.length + 1;
    const size = (more: number) => head.length + more + tail.length;
    lines.push(`@@ -${from},${size(removed.length)} +${to},${size(added.length)} @@`);
    for (const line of head) lines.push(` ${plain(line)}`);
    for (const line of removed) lines.push(`-${plain(line)}`);
    for (const line of added) lines.push(`+${plain(line)}`);
    for (const line of tail) lines.push(` ${plain(line)}`);
  }
  return `${lines.join("\n")}\n`;
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function plain(line: string): string {
  return line.replace(/\r?\n$/, "");
}
