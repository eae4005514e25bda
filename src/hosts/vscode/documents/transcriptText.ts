/** A transcript as lines of text: when, which attempt, what kind, what was said, and why it failed. Pure. */
import type { TranscriptLine } from "../../../app/app.ts";
import type { Failure } from "../../../run/failure.ts";
import { printable } from "../../../views/printable.ts";

/** The lines of a task's attempts, oldest first, then the task's failure; a sentence when there is nothing yet. */
export function transcriptText(
  lines: readonly TranscriptLine[],
  path: string,
  failed?: Failure,
): string {
  const end = failed ? [`── failed: ${printable(failed.message)}`] : [];
  if (lines.length === 0) return `${[`Nothing was said at ${path} yet.`, ...end].join("\n")}\n`;
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
  return `${[...out, ...end].join("\n")}\n`;
}
