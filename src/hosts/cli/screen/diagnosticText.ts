/**
 * A problem in a file as a person reads it: place, message, the line itself with the spot marked, what would be right.
 * Owns that layout. Files are read here only to show their line.
 */
import { readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import type { Paint } from "../../../views/plain/paint.ts";
import { printable, printableLine, printableLines } from "../../../views/printable.ts";
import type { FileDiagnostic } from "../../../workflow/diagnostic.ts";
import { widthOf } from "./terminal.ts";

/** Lines for one diagnostic; the line of the file is left out when it cannot be read. */
export function diagnosticText(
  diagnostic: FileDiagnostic,
  paint: Paint,
  cwd: string,
): readonly string[] {
  const { severity, message, expected, suggestion, fix, code, range } = diagnostic;
  const style = severity === "error" ? "red" : severity === "warning" ? "yellow" : "cyan";
  // What is not there has no line to show.
  const absent = code === "not-found";
  const at = `${range.start.line}:${range.start.column}`;
  const place = absent ? "" : `${paint("bold", `${shortPath(diagnostic.fileName, cwd)}:${at}`)}: `;
  const hints = [
    ...(expected === undefined ? [] : [`Expected ${printableLine(expected)}.`]),
    ...(suggestion === undefined ? [] : [`Did you mean \`${printableLine(suggestion)}\`?`]),
    ...(fix === undefined || suggestion !== undefined ? [] : [`Fix: ${printableLine(fix.title)}.`]),
  ];
  const [first = "", ...rest] = printableLines(message);
  return [
    `${place}${paint(style, severity)}: ${first} ${paint("dim", `[${code}]`)}`,
    ...rest.map((line) => `    ${line}`),
    ...(absent ? [] : excerpt(diagnostic, paint, style)),
    ...(hints.length > 0 ? [`  ${hints.join(" ")}`] : []),
  ];
}

/** The path from the current folder where that is shorter to read. */
export function shortPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

function excerpt(
  diagnostic: FileDiagnostic,
  paint: Paint,
  style: "red" | "yellow" | "cyan",
): readonly string[] {
  const { start, end } = diagnostic.range;
  const line = lineOf(diagnostic.fileName, start.line);
  if (line === undefined) return [];
  const number = String(start.line);
  const before = printable(line.slice(0, start.column - 1)).replaceAll("\t", "  ");
  const stop = end.line === start.line ? end.column - 1 : line.length;
  const marked = printable(line.slice(start.column - 1, Math.max(stop, start.column))).replaceAll(
    "\t",
    "  ",
  );
  const after = printable(line.slice(Math.max(stop, start.column))).replaceAll("\t", "  ");
  const bar = paint("dim", "|");
  return [
    `  ${paint("dim", number)} ${bar} ${before}${marked}${after}`,
    `  ${" ".repeat(number.length)} ${bar} ${" ".repeat(widthOf(before))}${paint(style, "^".repeat(Math.max(1, widthOf(marked))))}`,
  ];
}

function lineOf(file: string, line: number): string | undefined {
  try {
    const text = readFileSync(file, "utf8").split(/\r?\n/)[line - 1];
    return text !== undefined && text.length <= 400 ? text : undefined;
  } catch {
    return undefined;
  }
}
