/**
 * Wraps one line as Python's textwrap does: chunks of words, hyphenated parts and white space, filled greedily.
 */
import type { Runtime } from "../runtime.ts";
import { lengthOf, partOf } from "./characters.ts";

export interface WrapOptions {
  /** Characters a line; at least 1. */
  readonly width: number;
  readonly breakLong: boolean;
  readonly breakHyphens: boolean;
}

/** The lines; none for a blank line. */
export function wrapLine(rt: Runtime, line: string, options: WrapOptions): readonly string[] {
  const chunks = chunksOf(rt, line, options.breakHyphens);
  const lines: string[] = [];
  let at = 0;
  while (at < chunks.length) {
    if (isBlank(chunks[at]) && lines.length > 0) at++;
    const current: string[] = [];
    let room = options.width;
    for (let chunk = chunks[at]; chunk !== undefined; chunk = chunks[at]) {
      const length = lengthOf(rt, chunk);
      if (length > room) break;
      current.push(chunk);
      room -= length;
      at++;
    }
    const long = chunks[at];
    if (long !== undefined && lengthOf(rt, long) > options.width) {
      const taken = takeLong(rt, long, room, current.length === 0, options);
      if (taken.head !== "") current.push(taken.head);
      if (taken.head !== "" && taken.rest === "") at++;
      else chunks[at] = taken.rest;
    }
    if (isBlank(current.at(-1))) current.pop();
    if (current.length > 0) lines.push(current.join(""));
  }
  return lines;
}

function takeLong(
  rt: Runtime,
  chunk: string,
  room: number,
  first: boolean,
  options: WrapOptions,
): { head: string; rest: string } {
  const space = Math.max(options.width < 1 ? 1 : room, first ? 1 : 0);
  if (!options.breakLong) return first ? { head: chunk, rest: "" } : { head: "", rest: chunk };
  const length = lengthOf(rt, chunk);
  let end = space;
  if (options.breakHyphens && length > space) {
    const part = partOf(rt, chunk, 0, space);
    const hyphen = part.lastIndexOf("-");
    if (hyphen > 0 && /[^-]/.test(part.slice(0, hyphen))) end = hyphen + 1;
  }
  return { head: partOf(rt, chunk, 0, end), rest: partOf(rt, chunk, end, length) };
}

function isBlank(chunk: string | undefined): boolean {
  return chunk !== undefined && chunk.trim() === "";
}

function chunksOf(rt: Runtime, line: string, breakHyphens: boolean): string[] {
  rt.work(line.length);
  const chunks = line.split(breakHyphens ? WITH_HYPHENS : SPACES).filter((chunk) => chunk);
  rt.list(chunks.length);
  return chunks;
}

const SPACES = /([\t\n\v\f\r ]+)/;

/** White space; dashes between words; a word up to a hyphen after which a line may break. */
const WITH_HYPHENS = new RegExp(
  [
    "([\\t\\n\\v\\f\\r ]+",
    "(?<=[\\p{L}\\p{N}_!\"'&.,?])-{2,}(?=[\\p{L}\\p{N}_])",
    "[^\\t\\n\\v\\f\\r ]+?(?:" +
      "-(?:(?<=[\\p{L}_]{2}-)|(?<=[\\p{L}_]-[\\p{L}\\p{N}_!\"'&.,?]-))(?=[\\p{L}_]-?[\\p{L}_])",
    "(?=[\\t\\n\\v\\f\\r ]|$)",
    "(?<=[\\p{L}\\p{N}_!\"'&.,?])(?=-{2,}[\\p{L}\\p{N}_])))",
  ].join("|"),
  "u",
);
