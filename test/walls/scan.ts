/**
 * Reads a TypeScript source just far enough to know its imports and its bare code, without comments and texts.
 * A scanner, no parser: it knows quotes, templates, comments and where a slash opens a regular expression.
 */

export interface Import {
  /** As written between the quotes. */
  readonly from: string;
  /** From 1. */
  readonly line: number;
  /** The file's own loading waits for it: neither for types only nor called for later. */
  readonly loads: boolean;
}

/** Every static, re-exporting, dynamic and type-only import, in order. */
export function importsOf(source: string): readonly Import[] {
  const code = blank(source);
  const pattern = /\bfrom\s*(["'])|\bimport\s*\(?\s*(["'])/g;
  return [...code.matchAll(pattern)].map((found) => {
    const start = found.index + found[0].length;
    const quote = found[1] ?? found[2] ?? '"';
    const statement = code.slice(code.lastIndexOf(";", found.index) + 1, found.index);
    return {
      from: source.slice(start, source.indexOf(quote, start)),
      line: lineAt(source, found.index),
      loads: !found[0].includes("(") && !/^\s*(?:import|export)\s+type\b/.test(statement),
    };
  });
}

/** Where `pattern` occurs in the code itself; lines from 1. */
export function linesWith(source: string, pattern: RegExp): readonly number[] {
  const code = blank(source);
  const global = new RegExp(pattern.source, "g");
  return [...code.matchAll(global)].map((found) => lineAt(source, found.index));
}

/** What is neither comment nor code: the blank stretch and where the scan goes on. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

/** The source with comments, texts and regular expressions replaced by blanks of the same length; quotes stay. */
function blank(source: string): string {
  const out = source.split("");
  const templates = createTemplates();
  let last = "";
  for (let at = 0; at < source.length; ) {
    const stretch = stretchAt(source, at, last, templates);
    if (!source.startsWith("//", at) && !source.startsWith("/*", at)) {
      last = /\s/.test(source.charAt(at)) ? last : source.charAt(at);
    }
    for (let hidden = stretch?.from ?? 0; hidden < (stretch?.to ?? 0); hidden++) {
      out[hidden] = out[hidden] === "\n" ? "\n" : " ";
    }
    at = stretch?.next ?? at + 1;
  }
  return out.join("");
}

function stretchAt(
  source: string,
  at: number,
  last: string,
  templates: Templates,
): Stretch | undefined {
  const char = source.charAt(at);
  if (source.startsWith("//", at) || source.startsWith("/*", at)) {
    const end = endOfComment(source, at);
    return { from: at, to: end, next: end };
  }
  if (char === '"' || char === "'") {
    const end = endOfText(source, at + 1, char);
    return { from: at + 1, to: end, next: end + 1 };
  }
  if (char === "/" && opensRegex(source, at, last)) {
    const end = endOfRegex(source, at + 1) + 1;
    return { from: at, to: end, next: end };
  }
  if (!templates.textFollows(char)) {
    return undefined;
  }
  const end = endOfTemplate(source, at + 1);
  const opens = source.startsWith("${", end);
  if (opens) {
    templates.open();
  }
  return { from: at + 1, to: end, next: end + (opens ? 2 : 1) };
}

interface Templates {
  /** Takes the next character of code; true when a template's text begins or goes on after it. */
  readonly textFollows: (char: string) => boolean;
  /** A `${` was met. */
  readonly open: () => void;
}

function createTemplates(): Templates {
  /** Depths of braces at which a `${` was opened. */
  const opened: number[] = [];
  let depth = 0;
  return {
    open: () => opened.push(depth),
    textFollows: (char) => {
      if (char === "}" && opened.at(-1) === depth) {
        opened.pop();
        return true;
      }
      depth += char === "{" ? 1 : char === "}" ? -1 : 0;
      return char === "`";
    },
  };
}

function endOfComment(source: string, at: number): number {
  const mark = source.startsWith("//", at) ? "\n" : "*/";
  const end = source.indexOf(mark, at + 2);
  return end < 0 ? source.length : mark === "\n" ? end : end + 2;
}

function endOfText(source: string, at: number, quote: string): number {
  let end = at;
  while (end < source.length && source[end] !== quote && source[end] !== "\n") {
    end += source[end] === "\\" ? 2 : 1;
  }
  return end;
}

/** The closing backtick or the `${`, whichever comes first. */
function endOfTemplate(source: string, at: number): number {
  let end = at;
  while (end < source.length && source[end] !== "`" && !source.startsWith("${", end)) {
    end += source[end] === "\\" ? 2 : 1;
  }
  return end;
}

function opensRegex(source: string, at: number, last: string): boolean {
  if (/[)\]}\w"'`$]/.test(last)) {
    return /\b(return|typeof|case|of|in|do|else)\s*$/.test(source.slice(Math.max(0, at - 12), at));
  }
  return true;
}

function endOfRegex(source: string, at: number): number {
  let end = at;
  let inClass = false;
  while (end < source.length && source[end] !== "\n" && (inClass || source[end] !== "/")) {
    inClass = source[end] === "[" || (inClass && source[end] !== "]");
    end += source[end] === "\\" ? 2 : 1;
  }
  return end;
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split("\n").length;
}
