/**
 * Durations of the language: `500ms`, `30s`, `5m`, `2h`, or a number of seconds.
 * Owns the notation in both directions; everything after parsing counts milliseconds.
 */

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds, or undefined when the value is not a duration. Numbers are seconds. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return inRange(value * 1000);
  if (typeof value !== "string") return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(value);
  if (!match) return undefined;
  return inRange(Number(match[1]) * (MILLISECONDS[match[2] ?? "s"] ?? 1));
}

/** The shortest notation that reads back as the same number of milliseconds. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ["h", "m", "s"]) {
    const size = MILLISECONDS[unit] ?? 1;
    if (milliseconds >= size && milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  }
  return `${milliseconds}ms`;
}

function inRange(milliseconds: number): number | undefined {
  const rounded = Math.round(milliseconds);
  return Number.isSafeInteger(rounded) && rounded >= 0 ? rounded : undefined;
}
