/**
 * The product's figures, as ratios to the smallest honest durable loop, measured in one alternating run.
 * `npm run bench`. Needs the yardstick `loop.mjs`: in ../shared/bench, or where FERMATA_BENCH_LOOP says.
 */
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { decideCost, historyCost } from "./decideCost.ts";
import { alternate, ratio, report, timed } from "./measure.ts";
import { fanOut, runBundle, sequence } from "./workflows.ts";

const ROUNDS = Number(process.env.FERMATA_BENCH_ROUNDS ?? 11);
const STEPS = 100;

interface Yardstick {
  readonly Journal: new (path: string) => { readonly flushes: number; close(): void };
  runSteps(
    journal: unknown,
    run: string,
    n: number,
    step: (i: number) => Promise<number>,
  ): Promise<unknown>;
  runPar(
    journal: unknown,
    run: string,
    n: number,
    step: (i: number) => Promise<number>,
  ): Promise<unknown>;
}

await main();

async function main(): Promise<void> {
  const loop = await loadYardstick();
  const steps = sequence(STEPS);
  const fan = fanOut(STEPS, STEPS);
  const syncs = { steps: 0, fan: 0 };
  console.log(`${ROUNDS} rounds, alternating; medians of the ratios within a round.\n`);
  const times = await alternate(
    {
      loopSteps: () =>
        yardstick(loop, (journal) => loop.runSteps(journal, "r", STEPS, async (i) => i)),
      ourSteps: async () => {
        const ran = await runBundle(steps);
        syncs.steps = ran.syncs;
        return ran.took;
      },
      loopFan: () => yardstick(loop, (journal) => loop.runPar(journal, "r", STEPS, async (i) => i)),
      ourFan: async () => {
        const ran = await runBundle(fan);
        syncs.fan = ran.syncs;
        return ran.took;
      },
    },
    ROUNDS,
  );
  report("step cost, 100 sequential steps / loop", ratio(times.ourSteps, times.loopSteps), 2);
  report(
    "syncs per sequential step",
    syncs.steps / (STEPS + 2),
    1.0,
    `${syncs.steps} syncs, ${STEPS} steps, start and end`,
  );
  report("fan-out of 100 / loop", ratio(times.ourFan, times.loopFan), 3);
  report("syncs per step in the fan-out", syncs.fan / STEPS, 0.1, `${syncs.fan} syncs`);
  const history = await historyCost(ROUNDS);
  report("step cost after 10,000 events / after 0", history, 1.05);
  const decided = decideCost(ROUNDS);
  report(
    "decide per item, 1,000 items / 10 items",
    decided.ratio,
    undefined,
    `${decided.small.toFixed(2)} us and ${decided.large.toFixed(2)} us`,
  );
}

async function loadYardstick(): Promise<Yardstick> {
  const path = resolve(
    process.env.FERMATA_BENCH_LOOP ??
      join(import.meta.dirname, "..", "..", "shared", "bench", "loop.mjs"),
  );
  try {
    await access(path);
  } catch {
    console.error(
      `The yardstick ${path} is not there. Say where loop.mjs is with FERMATA_BENCH_LOOP.`,
    );
    process.exit(2);
  }
  return import(pathToFileURL(path).href);
}

async function yardstick(
  loop: Yardstick,
  work: (journal: unknown) => Promise<unknown>,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-loop-"));
  const journal = new loop.Journal(join(folder, "journal"));
  const took = await timed(() => work(journal));
  journal.close();
  await rm(folder, { recursive: true, force: true });
  return took;
}
