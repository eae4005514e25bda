/** A transcript as lines of text: when, which attempt, what kind, what was said. Pure. */
import type { TranscriptLine } from "../../../app/app.ts";
import { printable } from "../../../views/printable.ts";

/** The lines of a task's attempts, oldest first; a sentence when there are none yet. */
export function transcriptText(lines: readonly TranscriptLine[], path: string): string {
  if (lines.length === 0) return `Nothing was said at ${path} yet.\n`;
  const out: string[] = [];
  let attempt: number | undefined;
  for (const line of lines) {
    if (line.attempt !== attempt)
      out.push(...(attempt === undefined ? [] : [""]), `── attempt ${line.attempt} ──`);
    attempt = line.attempt;
    const [first = "", ...rest] = printable(line.text).trimEnd().split("\n");
    const lead = `${new Date(line.at).toISOString().slice(11, 19)}  ${line.kind.padEnd(8)} `;
    out.push(lead + first, ...rest.map((text) => " ".repeat(lead.length) + text));
  }
  return `${out.join("\n")}\n`;
}
