/** The context that grows from one iteration to the next: what was said, made, found wrong and added by people. Pure. */
import { extract } from "../../util/extract.ts";
import { touched, type Work } from "./evidence.ts";
import type { Confidence, Finding, IterationNote, Quality } from "./facts.ts";

/** Tokens of a response that those after it still see. */
const SAID = 400;

/** What is kept of an iteration for those after it. */
export function noteOf(made: {
  readonly iteration: number;
  readonly work: Work | undefined;
  readonly quality?: Quality | undefined;
  readonly confidence?: Confidence | undefined;
  readonly findings: readonly Finding[];
  readonly guidance?: string | undefined;
}): IterationNote {
  const { iteration, work, quality, confidence, findings, guidance } = made;
  return {
    iteration,
    said: work ? extract(work.response, SAID).text : "",
    files: work ? touched(work) : [],
    ...(quality ? { quality: quality.score } : {}),
    ...(confidence ? { confidence: confidence.score } : {}),
    findings,
    ...(guidance === undefined ? {} : { guidance }),
  };
}

/** One iteration as a prompt tells it; what was found wrong with the last one is told apart. */
export function noteText(note: IterationNote, withFindings: boolean): string {
  const scores = [
    ...(note.quality === undefined ? [] : [`quality ${note.quality}`]),
    ...(note.confidence === undefined ? [] : [`confidence ${note.confidence}`]),
  ].join(", ");
  const lines = [`Iteration ${note.iteration}${scores === "" ? "" : ` (${scores})`}`];
  if (note.files.length > 0) lines.push(`Files: ${note.files.join(", ")}`);
  if (note.said !== "") lines.push(`You said: ${note.said}`);
  if (withFindings) for (const { message } of note.findings) lines.push(`- ${message}`);
  return lines.join("\n");
}
