/**
 * What one file does, told from how its code looks: the lines that bear each sign, and what it imports.
 * Pure text; knows no disk and no question. A comment is no code, so it bears no sign.
 */
import { type FileRole, roleOf } from "../fileRole.ts";
import { ALL_SIGNS, SIGNS, type Sign } from "./signs.ts";

export interface Mark {
  /** From 1. */
  readonly line: number;
  /** Trimmed. */
  readonly text: string;
  /** The heart of it rather than one more use. */
  readonly strong: boolean;
}

export interface ImportLine extends Mark {
  /** What is imported, as it is written: `./router.ts`, `http.server`, `crate::limits`. */
  readonly module: string;
}

export interface FileProfile {
  readonly path: string;
  readonly role: FileRole;
  /** The best lines of each sign that the file bears, in the file's order. */
  readonly marks: ReadonlyMap<Sign, readonly Mark[]>;
  /** How many lines bear each sign. */
  readonly counts: ReadonlyMap<Sign, number>;
  readonly imports: readonly ImportLine[];
  /** Where a test file's first test stands. */
  readonly firstTest?: Mark;
}

const MARKS_PER_SIGN = 8;
const MAX_IMPORTS = 60;
const MAX_LINE = 300;
/** A comment, or a pattern that looks for such code itself. */
const NO_CODE = /^(?:\/\/|\/?\*|#(?!\[|include)|--|<!--|"""|''')|\\[bsw]|^\/.*\/[gimu]*,?$/;
const IMPORT =
  /(?:\bfrom|\bimport|\brequire\()\s*\(?["']([^"'\n]+)["']|^\s*from\s+([\w.]+)\s+import|^\s*import\s+(?:static\s+)?([\w.]+)|^\s*(?:pub\s+)?(?:use|mod)\s+([\w:]+)/gm;

/** Nothing but a text, or a key with a text: it names things and does none. */
const LISTED = /^(?:[\w"'-]+:\s*)?(["'`]).*\1,?$/;
const TEST =
  /^\s*(?:(?:async )?(?:test|it|describe)(?:\.\w+)?\(|(?:async )?def test_|func Test\w|#\[test\]|@Test\b|class Test\w)/gm;
const ANY = /^/;
const DOCSTRING = /(?:^(?:#.*\n|[ \t]*\n)*|:[ \t]*\n)[ \t]*[rRuU]?("""|''')[\s\S]*?\1/g;

/** Profiles one text. Prose and data bear no signs of code; tests keep their imports only. */
export function profileOf(path: string, written: string): FileProfile {
  const role = roleOf(path);
  const text = path.endsWith(".py") ? withoutDocstrings(written) : written;
  const lines = lineFinder(text);
  const marks = new Map<Sign, readonly Mark[]>();
  const counts = new Map<Sign, number>();
  for (const sign of ALL_SIGNS) {
    if (!mayBear(sign, path, role)) continue;
    const found = marksOf(text, SIGNS[sign].line, SIGNS[sign].strong, lines());
    if (found.length === 0) continue;
    counts.set(sign, found.length);
    marks.set(sign, best(found));
  }
  const imports = role === "source" || role === "test" ? importsOf(text, lines()) : [];
  const [firstTest] = role === "test" ? marksOf(text, TEST, ANY, lines()) : [];
  return { path, role, marks, counts, imports, ...(firstTest === undefined ? {} : { firstTest }) };
}

/** What a docstring shows is an example; its lines stay, so that the others keep their numbers. */
function withoutDocstrings(text: string): string {
  return text.replace(DOCSTRING, (doc) => "\n".repeat(doc.split("\n").length - 1));
}

function mayBear(sign: Sign, path: string, role: FileRole): boolean {
  const only = SIGNS[sign].only;
  if (only !== undefined) return only.test(path);
  if (role === "source") return true;
  if (role === "settings") return !/\.json$/.test(path) && sign !== "settings";
  return role === "documentation" && sign === "limits" && /\.mdx?$/.test(path);
}

function marksOf(
  text: string,
  pattern: RegExp,
  strong: RegExp,
  lineAt: (offset: number) => { line: number; text: string },
): Mark[] {
  const marks: Mark[] = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    const at = lineAt(match.index + Math.max(match[0].trimEnd().length - 1, 0));
    if (at.line === last) continue;
    last = at.line;
    const trimmed = at.text.trim();
    if (trimmed.length > MAX_LINE || trimmed.length < 4) continue;
    // The conventions of a project are prose, and its headings begin like a comment.
    if (pattern !== SIGNS.conventions.line && NO_CODE.test(trimmed)) continue;
    if (LISTED.test(trimmed) && pattern !== SIGNS.data.line) continue;
    marks.push({ line: at.line, text: trimmed, strong: strong.test(trimmed) });
  }
  return marks;
}

/** The strong ones first, then the earliest; in the file's order. */
function best(marks: readonly Mark[]): readonly Mark[] {
  return [...marks.filter((mark) => mark.strong), ...marks.filter((mark) => !mark.strong)]
    .slice(0, MARKS_PER_SIGN)
    .sort((a, b) => a.line - b.line);
}

function importsOf(
  text: string,
  lineAt: (offset: number) => { line: number; text: string },
): ImportLine[] {
  const imports: ImportLine[] = [];
  for (const match of text.matchAll(IMPORT)) {
    const module = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (module === undefined) continue;
    const at = lineAt(match.index + match[0].length - 1);
    imports.push({ line: at.line, text: at.text.trim().slice(0, MAX_LINE), strong: false, module });
    if (imports.length >= MAX_IMPORTS) break;
  }
  return imports;
}

/** Makes finders of the line at an offset; each must be asked with growing offsets. */
function lineFinder(text: string): () => (offset: number) => { line: number; text: string } {
  return () => {
    let line = 1;
    let start = 0;
    let end = text.indexOf("\n");
    return (offset) => {
      while (end !== -1 && end < offset) {
        line += 1;
        start = end + 1;
        end = text.indexOf("\n", start);
      }
      return { line, text: text.slice(start, end === -1 ? text.length : end) };
    };
  };
}
