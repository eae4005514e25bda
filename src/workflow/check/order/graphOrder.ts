/**
 * The order that `depends_on` gives the steps of a graph.
 * Owns the walk along the edges; indexes are those of the list. Unknown names and cycles are for validation to report.
 */
import type { Step } from "../../workflow.ts";

/** Most steps of one graph. */
export const LARGEST_GRAPH = 1000;

export interface Order {
  /** True when step `a` is done before step `b` begins. */
  readonly isBefore: (a: number, b: number) => boolean;
  /** Indexes of the steps so that each comes after those that it depends on; without those of a cycle. */
  readonly sorted: readonly number[];
  /** Indexes of the steps that each step names in `depends_on`. */
  readonly dependencies: readonly (readonly number[])[];
}

/** The order of a graph's steps. Memory grows with the square of their number. */
export function orderOf(steps: readonly Step[]): Order {
  const dependencies = dependenciesOf(steps);
  const dependants: number[][] = steps.map(() => []);
  dependencies.forEach((before, index) => {
    for (const other of before) dependants[other]?.push(index);
  });
  const waiting = dependencies.map((before) => before.length);
  const sorted = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  // One bit a step: a thousand steps in a chain are half a million pairs.
  const earlier = steps.map(() => 0n);
  for (const index of sorted) {
    for (const next of dependants[index] ?? []) {
      earlier[next] = (earlier[next] ?? 0n) | (earlier[index] ?? 0n) | (1n << BigInt(index));
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) sorted.push(next);
    }
  }
  const isBefore = (a: number, b: number) => (((earlier[b] ?? 0n) >> BigInt(a)) & 1n) === 1n;
  return { isBefore, sorted, dependencies };
}

function dependenciesOf(steps: readonly Step[]): readonly (readonly number[])[] {
  const places = new Map(steps.map(({ id }, index) => [id, index]));
  return steps.map(({ depends_on = [] }) => [
    ...new Set(depends_on.flatMap((id) => places.get(id) ?? [])),
  ]);
}
