/** How near parallel work comes to the best that its order allows: the critical path, or what a width leaves of it. */
import { median } from "./measure.ts";
import { openProduct, withFolder } from "./product.ts";
import type { Scorecard } from "./scorecard.ts";
import { graphOf, idealTime, type Job, twentyTwoJobs } from "./twentyTwo.ts";
import { RESULT } from "./workflows.ts";

const TASK_MS = 50;
const GOAL = 0.97;
/** Runs of short tasks before anything is measured: a host that has run for a while has its code compiled. */
const WARM_UP = 20;

/** Live runs of the product whose agent takes 50 ms a task. */
export async function speedUp(card: Scorecard, rounds: number): Promise<void> {
  card.section("Speed-up of parallel work");
  const four = ["a", "b", "c", "d"].map((id) => ({ id, after: [] }));
  const cases: readonly (readonly [string, readonly Job[], number])[] = [
    [`four tasks of ${TASK_MS} ms`, four, 4],
    ["22 steps in four phases, width 4", twentyTwoJobs(), 4],
    ["22 steps in four phases, width unlimited", twentyTwoJobs(), 22],
  ];
  for (let run = 0; run < WARM_UP; run++) await shareOfBest(twentyTwoJobs(), 4, 1);
  for (const [name, jobs, width] of cases) {
    const shares: number[] = [];
    const gains: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const { share, gain } = await shareOfBest(jobs, width);
      const alone = await bareShare(jobs, width);
      if (round > 0) {
        bare.push(alone);
        shares.push(share);
        gains.push(gain);
      }
    }
    card.add({
      name: `${name}: share of the best possible`,
      value: median(shares),
      unit: "x",
      goal: { least: GOAL },
      more:
        `rounds ${Math.min(...shares).toFixed(3)} to ${Math.max(...shares).toFixed(3)}, a runner without a journal ` +
        `${median(bare).toFixed(3)}; ${median(gains).toFixed(2)} times as fast as one after the other`,
    });
  }
}

/** From the first step's beginning to the run's end being told, against the times that the agent really took. */
async function shareOfBest(
  jobs: readonly Job[],
  width: number,
  taskMs = TASK_MS,
): Promise<{ readonly share: number; readonly gain: number }> {
  return withFolder(async (folder) => {
    const times = new Map<string, number>();
    let first: number | undefined;
    const product = openProduct({
      folder,
      perform: async (_, path) => {
        const began = performance.now();
        first ??= began;
        await new Promise((resolve) => setTimeout(resolve, taskMs));
        times.set(path.slice(path.lastIndexOf("/") + 1), performance.now() - began);
        return { type: "completed", result: RESULT };
      },
    });
    const run = await product.start(graphOf(jobs, width));
    const { status } = await product.runs.settled(run);
    const took = performance.now() - (first ?? 0);
    await product.close();
    if (status !== "done") throw new Error(`the graph ended ${status}`);
    const sequential = [...times.values()].reduce((sum, time) => sum + time, 0);
    return { share: idealTime(jobs, width, times) / took, gain: sequential / took };
  });
}

/** The same of a runner that keeps nothing: what is missing there, this machine's load takes from everybody. */
async function bareShare(jobs: readonly Job[], width: number): Promise<number> {
  const times = new Map<string, number>();
  const running = new Set<string>();
  const from = performance.now();
  await new Promise<void>((resolve) => {
    const go = (): void => {
      if (times.size === jobs.length) return resolve();
      for (const { id, after } of jobs) {
        if (running.size >= width) return;
        if (times.has(id) || running.has(id) || !after.every((other) => times.has(other))) continue;
        running.add(id);
        const began = performance.now();
        setTimeout(() => {
          running.delete(id);
          times.set(id, performance.now() - began);
          go();
        }, TASK_MS);
      }
    };
    go();
  });
  return idealTime(jobs, width, times) / (performance.now() - from);
}
