/**
 * A problem in a user's file: where it is, what was expected, and how to mend it.
 * Owns the shape and the one way of writing a position for people. Knows no rule of the language.
 */
import type { Fix } from "./edit.ts";

/** Line and column start at 1, as people and editors count; offset starts at 0. Columns are UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** `end` is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export type Severity = "error" | "warning" | "hint";

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable, lower-case, with dashes: tests, filters and documentation name a rule by it. */
  readonly code: string;
  /** One or two sentences: what is wrong and, where it is not obvious, the next move. */
  readonly message: string;
  readonly range: Range;
  /** What would have been right, as a noun phrase: "one of info, confirm, text, choice". */
  readonly expected?: string;
  /** The known name that was probably meant. */
  readonly suggestion?: string;
  readonly fix?: Fix;
}

export interface FileDiagnostic extends Diagnostic {
  readonly fileName: string;
}

/** `file:line:column`, which terminals and editors turn into a link. */
export function formatPosition(fileName: string, position: Position): string {
  return `${fileName}:${position.line}:${position.column}`;
}

/** One line: position, severity, message, what was expected, the suggestion, and the rule's code. */
export function formatDiagnostic(diagnostic: FileDiagnostic): string {
  const { severity, message, expected, suggestion, code } = diagnostic;
  const parts = [
    `${formatPosition(diagnostic.fileName, diagnostic.range.start)}: ${severity}: ${message}`,
  ];
  if (expected !== undefined) parts.push(`Expected ${expected}.`);
  if (suggestion !== undefined) parts.push(`Did you mean \`${suggestion}\`?`);
  parts.push(`[${code}]`);
  return parts.join(" ");
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Adds the file's name to each diagnostic, in the order of the text. */
export function inFile(fileName: string, diagnostics: readonly Diagnostic[]): FileDiagnostic[] {
  return diagnostics
    .map((diagnostic) => ({ fileName, ...diagnostic }))
    .sort((a, b) => a.range.start.offset - b.range.start.offset);
}

/** Keys and indexes from the root, as in the file and in the parsed workflow alike: `["steps", 0, "message"]`. */
export type DocumentPath = readonly (string | number)[];
