/**
 * Which time lies at which pixel of the timeline, and where its marks stand.
 * Owns zooming and panning as numbers; knows no element.
 */

export interface TimeScale {
  /** Time at the left edge and how much the width shows, in ms. */
  readonly start: number;
  readonly span: number;
  readonly width: number;
}

export function xOf({ start, span, width }: TimeScale, time: number): number {
  return ((time - start) / span) * width;
}

export function timeAt({ start, span, width }: TimeScale, x: number): number {
  return start + (x / width) * span;
}

/** All of a stretch of time that is over, with a little room at its end. */
export function fitted(from: number, to: number, width: number): TimeScale {
  return { start: from, span: Math.max(1000, (to - from) * 1.04), width };
}

/** All of a stretch of time that goes on: the scale stays the same for a while, so that only what grows is drawn anew. */
export function fittedGrowing(from: number, to: number, width: number): TimeScale {
  const needed = Math.max(2000, (to - from) * 1.02);
  return { start: from, span: STEP ** Math.ceil(Math.log(needed) / Math.log(STEP)), width };
}

/** How much longer the next scale of a growing stretch is. */
const STEP = 1.15;

/** `factor` above 1 zooms in; the time under `x` stays there. */
export function zoomed(scale: TimeScale, factor: number, x: number): TimeScale {
  const span = Math.min(LONGEST, Math.max(SHORTEST, scale.span / factor));
  const fixed = timeAt(scale, x);
  return { ...scale, span, start: fixed - (x / scale.width) * span };
}

export function panned(scale: TimeScale, pixels: number): TimeScale {
  return { ...scale, start: scale.start + (pixels / scale.width) * scale.span };
}

const SHORTEST = 20;
const LONGEST = 400 * 24 * 3_600_000;

export interface Tick {
  readonly x: number;
  readonly label: string;
}

/** Marks at round times since `origin`, at least 90 pixels apart. */
export function ticks(scale: TimeScale, origin: number): readonly Tick[] {
  const step = STEPS.find((each) => (each / scale.span) * scale.width >= 90) ?? 30 * 24 * 3_600_000;
  const first = Math.ceil((scale.start - origin) / step);
  const found: Tick[] = [];
  for (let index = first; found.length < 40; index++) {
    const x = xOf(scale, origin + index * step);
    if (x > scale.width) break;
    if (index >= 0) found.push({ x, label: shortTime(index * step) });
  }
  return found;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((each) => each * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * MINUTE),
  ...[1, 2, 6, 12, 24, 72, 168].map((each) => each * HOUR),
];

function shortTime(ms: number): string {
  if (ms > 0 && ms < SECOND) return `${ms}ms`;
  if (ms < MINUTE) return `${ms / SECOND}s`;
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = Math.floor((ms % MINUTE) / SECOND);
  if (ms < HOUR) return seconds > 0 ? `${minutes}m${seconds}s` : `${minutes}m`;
  const hours = Math.floor(ms / HOUR);
  return minutes > 0 ? `${hours}h${minutes}m` : `${hours}h`;
}
