/** How the benchmarks measure: contenders in turn, several rounds, ratios of one round, medians of all. */

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/**
 * Milliseconds of processor time that this thread has used so far: the clock for work that waits for nothing, because
 * what else runs on the machine takes no part in it.
 */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Rounds that are not counted: what runs for hours is compiled by then, and the loop is quick to compile. */
const WARM_UP = 5;

/**
 * Runs the contenders one after the other, `rounds` times after the warm-up, and gives each one's times in ms.
 * Ratios are to be taken within a round: the machine's speed drifts.
 */
export async function alternate<K extends string>(
  contenders: Readonly<Record<K, () => Promise<number>>>,
  rounds: number,
): Promise<Record<K, number[]>> {
  const names = Object.keys(contenders) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    K,
    number[]
  >;
  for (let round = 1 - WARM_UP; round <= rounds; round++) {
    for (const name of names) {
      const time = await contenders[name]();
      if (round > 0) times[name].push(time);
    }
  }
  return times;
}

/** The median of the ratios a/b, round by round. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / (b[index] ?? Number.NaN)));
}
