/**
 * What went on inside a folded row, on its own line: thousands of stretches become as many as there are pixels.
 * Owns the merging; knows no element.
 */
import type { Segment } from "../../src/views/runPage/timeline.ts";
import type { TaskRow } from "../../src/views/taskRow.ts";
import { type TimeScale, xOf } from "./timeScale.ts";

/** Stretches closer than this many pixels are drawn as one. */
const APART = 1;

/** The stretches inside a row, in order; those of one kind that touch are one. `end`: of what goes on. */
export function foldedSegments(
  row: TaskRow,
  all: ReadonlyMap<string, readonly Segment[]>,
  scale: TimeScale,
  end: number,
): readonly Segment[] {
  const found: Segment[] = [];
  collect(row, all, found);
  found.sort((a, b) => a.from - b.from);
  const last = new Map<Segment["kind"], { from: number; to: number }>();
  const merged: { kind: Segment["kind"]; span: { from: number; to: number } }[] = [];
  const apart = (APART / scale.width) * scale.span;
  for (const { kind, from, to = end } of found) {
    if (xOf(scale, to) < 0 || xOf(scale, from) > scale.width) continue;
    const span = last.get(kind);
    if (span && from <= span.to + apart) {
      span.to = Math.max(span.to, to);
      continue;
    }
    const made = { from, to };
    last.set(kind, made);
    merged.push({ kind, span: made });
  }
  return merged.map(({ kind, span }) => ({ kind, ...span }));
}

/** A stretch of a row's own: it ends with the row at the latest, though no event may have said so before the run's end. */
export function endedWith(segment: Segment, endedAt: number | undefined): Segment {
  const late = endedAt !== undefined && (segment.to === undefined || segment.to > endedAt);
  return late ? { ...segment, to: endedAt } : segment;
}

function collect(
  row: TaskRow,
  all: ReadonlyMap<string, readonly Segment[]>,
  found: Segment[],
): void {
  for (const child of row.children) {
    for (const segment of all.get(child.id) ?? []) if (segment.kind !== "open") found.push(segment);
    collect(child, all, found);
  }
}
