/**
 * From the characters of a YAML scalar's value back to the characters of the file.
 * Owns the walk over each scalar style. It checks itself: a walk that does not give the parser's own value is
 * discarded, so an answer is either exact or absent.
 */
import type { Scalar } from "yaml";

interface Walk {
  value: string;
  offsets: number[];
}

/**
 * For each UTF-16 unit of the value its offset in the text, and one more for the end; undefined where the style
 * cannot be followed.
 */
export function scalarOffsets(text: string, scalar: Scalar): readonly number[] | undefined {
  const range = scalar.range;
  if (!range || typeof scalar.value !== "string") return undefined;
  const walk = walkers[scalar.type ?? "PLAIN"]?.(text, range[0], range[1]);
  if (!walk) return undefined;
  // Chomping only shortens or lengthens the end, so a common beginning is enough.
  const exact = walk.value === scalar.value || walk.value.startsWith(scalar.value);
  return exact ? walk.offsets : undefined;
}

const walkers: Readonly<
  Record<string, (text: string, start: number, end: number) => Walk | undefined>
> = {
  PLAIN: (text, start, end) => walkFlow(text, start, end, "plain"),
  QUOTE_SINGLE: (text, start, end) => walkFlow(text, start + 1, end - 1, "single"),
  QUOTE_DOUBLE: (text, start, end) => walkFlow(text, start + 1, end - 1, "double"),
  BLOCK_LITERAL: (text, start, end) => walkBlock(text, start, end, false),
  BLOCK_FOLDED: (text, start, end) => walkBlock(text, start, end, true),
};

function push(walk: Walk, characters: string, offset: number): void {
  walk.value += characters;
  for (let unit = 0; unit < characters.length; unit++) walk.offsets.push(offset);
}

type FlowStyle = "plain" | "single" | "double";

/** Plain and quoted scalars: line breaks fold, white space around them goes, quotes have their escapes. */
function walkFlow(text: string, start: number, end: number, style: FlowStyle): Walk | undefined {
  const walk: Walk = { value: "", offsets: [] };
  let at = start;
  while (at < end) {
    const character = text[at] ?? "";
    const fold = /[ \t\r\n]/.test(character) ? foldAt(text, at, end) : undefined;
    if (fold) {
      push(walk, fold.text, at);
      at = fold.next;
    } else if (style === "double" && character === "\\") {
      const escaped = readEscape(text, at);
      if (!escaped) return undefined;
      push(walk, escaped.text, at);
      at = escaped.next;
    } else {
      push(walk, character, at);
      at += style === "single" && character === "'" ? 2 : 1;
    }
  }
  walk.offsets.push(end);
  return walk;
}

/** A line break with the white space around it: one becomes a space, n become n - 1 line breaks. */
function foldAt(text: string, at: number, end: number): { text: string; next: number } | undefined {
  let next = at;
  let breaks = 0;
  while (next < end && /[ \t\r\n]/.test(text[next] ?? "")) {
    if (text[next] === "\n") breaks++;
    next++;
  }
  if (breaks === 0) return undefined;
  return { text: breaks === 1 ? " " : "\n".repeat(breaks - 1), next };
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
};

function readEscape(text: string, at: number): { text: string; next: number } | undefined {
  const letter = text[at + 1] ?? "";
  const digits = { x: 2, u: 4, U: 8 }[letter];
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    if (!(code <= 0x10ffff)) return undefined;
    return { text: String.fromCodePoint(code), next: at + 2 + digits };
  }
  const plain = ESCAPES[letter];
  if (plain !== undefined) return { text: plain, next: at + 2 };
  const joined = /^\\\r?\n[ \t]*/.exec(text.slice(at, at + 200));
  return joined ? { text: "", next: at + joined[0].length } : undefined;
}

/** `|` and `>`: the indent of the first line with text goes; `>` joins lines of that same indent. */
function walkBlock(text: string, start: number, end: number, folded: boolean): Walk | undefined {
  const headEnd = text.indexOf("\n", start);
  if (headEnd === -1 || headEnd >= end) return undefined;
  const header = text.slice(start, headEnd).replace(/#.*/, "");
  // An explicit indent is rare, and the first line cannot tell it.
  if (/[1-9]/.test(header)) return undefined;
  const walk: Walk = { value: "", offsets: [] };
  let indent = -1;
  let breaks: number[] = [];
  let deeper = true;
  for (let at = headEnd + 1; at < end; ) {
    const lineEnd = Math.min(end, nextBreak(text, at));
    const line = text.slice(at, lineEnd).replace(/\r$/, "");
    const content = line.trimStart();
    if (indent < 0 && content !== "") indent = line.length - content.length;
    if (indent < 0 || line.length <= indent) {
      breaks.push(at);
    } else {
      const isDeeper = /^\s/.test(line.slice(indent));
      pushBreaks(walk, breaks, folded && !deeper && !isDeeper);
      for (let column = indent; column < line.length; column++) {
        push(walk, line[column] ?? "", at + column);
      }
      deeper = isDeeper;
      breaks = [at + line.length];
    }
    at = lineEnd + 1;
  }
  pushBreaks(walk, breaks, false);
  walk.offsets.push(end);
  return walk;
}

function nextBreak(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found === -1 ? text.length : found;
}

/** Joined lines lose one break, or have a space for their only one. */
function pushBreaks(walk: Walk, breaks: readonly number[], joined: boolean): void {
  const only = joined && breaks.length === 1;
  if (only) push(walk, " ", breaks[0] ?? 0);
  for (const offset of joined ? breaks.slice(1) : breaks) push(walk, "\n", offset);
}
