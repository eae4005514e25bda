/**
 * What is wrong with an expression or its evaluation, as data with a place in the source.
 * Owns the error's shape, line and column, and "did you mean". Knows neither syntax nor values.
 */

/**
 * `syntax`: cannot be read. `unknown_*`: names nothing. `arguments`: called wrongly. `undefined`: a member of something
 * missing. `type` and `value`: the operation does not fit the data. `limit`: a budget ran out. `forbidden`: refused on
 * purpose. `pattern`: a regular expression that cannot be used.
 */
export type ExpressionErrorCode =
  | "syntax"
  | "unknown_name"
  | "unknown_filter"
  | "unknown_test"
  | "unknown_function"
  | "unknown_method"
  | "arguments"
  | "undefined"
  | "type"
  | "value"
  | "limit"
  | "forbidden"
  | "pattern";

/** `start` and `end` are offsets (UTF-16 units) into the source that was compiled; `end` is exclusive. */
export interface ExpressionError {
  readonly code: ExpressionErrorCode;
  /** What happened, to what, and the next move. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** The name that was probably meant, as a replacement for the range. */
  readonly suggestion?: string;
}

/** Characters of a message. */
const MOST = 280;

/** Thrown inside this folder only; caught at the edge and turned into an `ExpressionError`. */
export class Fault extends Error {
  readonly code: ExpressionErrorCode;
  readonly suggestion: string | undefined;
  /** The parameter whose argument is wrong, when it is one alone. */
  argument: string | undefined;
  /** -1 until the node that was being evaluated is known. */
  start = -1;
  end = -1;

  constructor(code: ExpressionErrorCode, message: string, suggestion?: string) {
    // A message repeats names as they are written, and those can be of any length.
    super(message.length > MOST ? `${message.slice(0, MOST)}…` : message);
    this.code = code;
    this.suggestion = suggestion;
  }

  /** Says which parameter it is about. */
  of(argument: string): this {
    this.argument = argument;
    return this;
  }

  /** Gives the fault a place unless a deeper one is known already. */
  at(range: { readonly start: number; readonly end: number }): this {
    if (this.start < 0) {
      this.start = range.start;
      this.end = range.end;
    }
    return this;
  }

  toError(): ExpressionError {
    const { code, message, suggestion } = this;
    const place = { start: Math.max(0, this.start), end: Math.max(0, this.end) };
    return suggestion === undefined
      ? { code, message, ...place }
      : { code, message, ...place, suggestion };
  }
}

/** Line and column, both from 1, of an offset in a source. Columns count UTF-16 units. */
export function lineColumn(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

/** The candidate closest to a mistyped name, or undefined when none is close. */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > 60) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** " Did you mean `x`?" or nothing, to end a message with. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? "" : ` Did you mean \`${suggestion}\`?`;
}

/**
 * Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours. From `enough` on it
 * may be any number of at least that.
 */
function editDistance(a: string, b: string, enough: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let value = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + cost,
      );
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) {
        value = Math.min(value, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(value);
    }
    // A swap looks back two rows, so both must be past it.
    if (Math.min(...last, ...current) > enough) return enough;
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
