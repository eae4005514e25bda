/** A graph of 22 steps in four phases, and how soon it can be done at best. Knows no product. */
import type { Bundle } from "../src/workflow/workflow.ts";
import { bundle } from "./workflows.ts";

/** What each of the steps 1 to 22 waits for. */
const EDGES: Readonly<Record<number, readonly number[]>> = {
  3: [1, 2],
  4: [1, 2],
  5: [1, 2],
  6: [1, 2],
  7: [6],
  8: [7],
  9: [8],
  10: [8],
  11: [9, 10, 13],
  12: [9, 10, 13],
  13: [8],
  14: [11, 12],
  15: [11, 12],
  16: [14, 15],
  17: [14, 15],
  18: [14, 15],
  19: [14, 15],
  20: [14, 15],
  21: [16, 17, 18, 19, 20],
  22: [18, 19, 20],
};

const PHASE_ENDS = [2, 8, 15, 22];

/** A job: its name, and the names of those that must be done before. */
export interface Job {
  readonly id: string;
  readonly after: readonly string[];
}

/** The 22 jobs in the order of their numbers. */
export function twentyTwoJobs(): readonly Job[] {
  return Array.from({ length: 22 }, (_, index) => ({
    id: `t${index + 1}`,
    after: (EDGES[index + 1] ?? []).map((number) => `t${number}`),
  }));
}

/** Jobs as a graph of agent steps, at most `width` at once. */
export function graphOf(jobs: readonly Job[], width: number): Bundle {
  const steps = jobs.map(({ id, after }, index) => ({
    id,
    type: "delegate",
    instructions: id,
    phase: `p${PHASE_ENDS.findIndex((end) => index < end) + 1}`,
    depends_on: after,
  }));
  return bundle({
    limits: { max_parallel: width },
    phases: Object.fromEntries(PHASE_ENDS.map((_, index) => [`p${index + 1}`, {}])),
    steps: [{ id: "all", type: "graph", max_parallel: width, steps }],
  });
}

/**
 * When the last job ends if each begins the moment it may and a place of `width` is free, in the unit of `times`. With
 * places enough for all this is the length of the critical path. For these jobs nothing better is possible: where they
 * are more than a width of 4 they are alike, and what follows waits for all of them.
 */
export function idealTime(
  jobs: readonly Job[],
  width: number,
  times: ReadonlyMap<string, number>,
): number {
  const ends = new Map<string, number>();
  const running = new Map<string, number>();
  let now = 0;
  while (ends.size < jobs.length) {
    for (const { id, after } of jobs) {
      if (running.size >= width) break;
      if (ends.has(id) || running.has(id) || !after.every((other) => ends.has(other))) continue;
      running.set(id, now + (times.get(id) ?? 0));
    }
    const [next] = [...running].sort(([, a], [, b]) => a - b);
    if (!next) throw new Error("these jobs wait for each other");
    const [id, end] = next;
    running.delete(id);
    ends.set(id, end);
    now = end;
  }
  return now;
}
