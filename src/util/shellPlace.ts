/**
 * Where in a line of POSIX shell a template value stands, and how it must be written there to be nothing but itself:
 * `"hello {{ name }}"` needs other quotes than `hello {{ name }}`. Pure. Reads as much of the shell's grammar as it
 * can be sure of; about the rest it says so, and never guesses.
 */
import { quoteForShell } from "./shellQuote.ts";

export type ShellPlace =
  /** Outside of quotes. */
  | "word"
  | "double"
  | "single"
  | "arithmetic"
  | "comment"
  /** Inside a here-document, backquotes, `${ }`, or after something that shells read differently. */
  | "unsure";

/**
 * `text` as it must be written right after `before`, the rendered beginning of the command; undefined where no
 * writing of it is surely safe. Then it has to be given through `env` and written as `"$NAME"`. A shell inside the
 * shell (`sh -c '...'`, `ssh host '...'`) reads the value once more, which no quoting here can know.
 */
export function quoteAt(before: string, text: string): string | undefined {
  switch (shellPlace(before)) {
    case "word":
      return quoteForShell(text);
    case "double": {
      const escaped = text.replace(/[\\"$`]/g, "\\$&");
      // Quotes that end and begin again keep the value from becoming part of a variable's name.
      return /\$[A-Za-z_][A-Za-z0-9_]*$/.test(before) ? `""${escaped}` : escaped;
    }
    case "single":
      return text.replaceAll("'", "'\\''");
    case "arithmetic":
      return /^-?(0|[1-9]\d{0,17})$/.test(text) && !/\w$/.test(before) ? text : undefined;
    case "comment":
      return text.replace(/[\r\n]/g, " ");
    case "unsure":
      return undefined;
  }
}

/** The place right behind `before`. */
export function shellPlace(before: string): ShellPlace {
  const scan: Scan = { text: before, at: 0, open: [], hereDocuments: [] };
  while (scan.at < before.length) {
    const place = scan.open.at(-1) === '"' ? stepInDouble(scan) : stepInWords(scan);
    if (place !== undefined) return place;
  }
  return scan.open.at(-1) === '"' ? "double" : "word";
}

interface Scan {
  readonly text: string;
  at: number;
  /** What is still to be closed, the innermost last: a double quote, or a command in parentheses. */
  readonly open: ('"' | ")")[];
  /** Begun in this line; their bodies follow it. */
  hereDocuments: HereDocument[];
}

interface HereDocument {
  readonly end: string;
  readonly indented: boolean;
}

/** Each step moves on over one thing, or answers when the text ends inside it. */
function stepInDouble(scan: Scan): ShellPlace | undefined {
  const char = scan.text[scan.at];
  if (char === "\\") return skip(scan, 2);
  if (char === '"') {
    scan.open.pop();
    return skip(scan, 1);
  }
  return char === "$" || char === "`" ? stepOverExpansion(scan) : skip(scan, 1);
}

function stepInWords(scan: Scan): ShellPlace | undefined {
  const char = scan.text[scan.at];
  switch (char) {
    case "\\":
      return skip(scan, 2);
    case "'": {
      const end = scan.text.indexOf("'", scan.at + 1);
      return end < 0 ? "single" : skip(scan, end + 1 - scan.at);
    }
    case '"':
    case "(":
      scan.open.push(char === "(" ? ")" : char);
      return skip(scan, 1);
    case ")":
      if (scan.hereDocuments.length > 0) return "unsure";
      scan.open.pop();
      return skip(scan, 1);
    case "$":
    case "`":
      return stepOverExpansion(scan);
    case "#":
      return startsWord(scan) ? skipTo(scan, "\n", "comment") : skip(scan, 1);
    case "<":
      return stepOverLess(scan);
    case "\n":
      return skip(scan, 1) ?? skipHereDocuments(scan);
    default:
      // Its patterns end in lone parentheses, which would be taken for the end of what is open.
      return isWord(scan, "case") && scan.open.length > 0 ? "unsure" : skip(scan, 1);
  }
}

const SIMPLE_BRACES = /\$\{[^'"`\\${}]*\}/y;
const SIMPLE_ARITHMETIC = /\$\(\([^'"`\\()]*\)\)/y;
const OPEN_ARITHMETIC = /\$\(\([^'"`\\()]*$/y;

function stepOverExpansion(scan: Scan): ShellPlace | undefined {
  const { text, at } = scan;
  if (text[at] === "`") return "unsure";
  const next = text[at + 1];
  const closed = lengthOf(SIMPLE_BRACES, scan) ?? lengthOf(SIMPLE_ARITHMETIC, scan);
  if (closed !== undefined) return skip(scan, closed);
  if (lengthOf(OPEN_ARITHMETIC, scan) !== undefined) return "arithmetic";
  // A value right behind a lone `$` would make a name of it, or in some shells a quote of another kind.
  if (next === undefined || next === "{" || text.startsWith("$((", at)) return "unsure";
  if (next === "'" && scan.open.at(-1) !== '"') return "unsure";
  if (next !== "(") return skip(scan, 1);
  scan.open.push(")");
  return skip(scan, 2);
}

const HERE_DOCUMENT = /<<(-?)[ \t]*([A-Za-z0-9_]+|'[A-Za-z0-9_]+'|"[A-Za-z0-9_]+")(?=[\s;&|)<>])/y;

function stepOverLess(scan: Scan): ShellPlace | undefined {
  const { text, at } = scan;
  if (!text.startsWith("<<", at)) return skip(scan, 1);
  if (text.startsWith("<<<", at)) return skip(scan, 3);
  HERE_DOCUMENT.lastIndex = at;
  const match = HERE_DOCUMENT.exec(text);
  if (match === null) return "unsure";
  const end = (match[2] ?? "").replace(/['"]/g, "");
  scan.hereDocuments.push({ end, indented: match[1] === "-" });
  return skip(scan, match[0].length);
}

/** From the start of a line, over the bodies of the here-documents that the line before it began. */
function skipHereDocuments(scan: Scan): ShellPlace | undefined {
  for (const { end, indented } of scan.hereDocuments) {
    for (let line: string | undefined; line !== end; ) {
      const stop = scan.text.indexOf("\n", scan.at);
      if (stop < 0) return "unsure";
      const whole = scan.text.slice(scan.at, stop);
      line = indented ? whole.replace(/^\t+/, "") : whole;
      scan.at = stop + 1;
    }
  }
  scan.hereDocuments = [];
  return undefined;
}

/** Moves on; unsure when that is past the end, as behind a last backslash. */
function skip(scan: Scan, count: number): ShellPlace | undefined {
  scan.at += count;
  return scan.at > scan.text.length ? "unsure" : undefined;
}

/** Moves to the next `char`; the answer is `place` when there is none. */
function skipTo(scan: Scan, char: string, place: ShellPlace): ShellPlace | undefined {
  const found = scan.text.indexOf(char, scan.at);
  if (found < 0) return place;
  scan.at = found;
  return undefined;
}

function startsWord({ text, at }: Scan): boolean {
  return at === 0 || /[\s;&|()]/.test(text[at - 1] ?? "");
}

function isWord(scan: Scan, word: string): boolean {
  const { text, at } = scan;
  return (
    startsWord(scan) &&
    text.startsWith(word, at) &&
    /^\s|^$/.test(text.slice(at + word.length, at + word.length + 1))
  );
}

function lengthOf(pattern: RegExp, { text, at }: Scan): number | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length;
}
