/** What a durable step costs: beside the loop, beside LangGraph, many at once, and what the seeds ask of it. */
import { join } from "node:path";
import { alternate, median, ratio, timed } from "./measure.ts";
import { openPeer } from "./peers/peerProcess.ts";
import { openProduct, withFolder } from "./product.ts";
import type { Scorecard } from "./scorecard.ts";
import { fanOut, RESULT, runBundle, sequence, updates } from "./workflows.ts";
import { type LoopJournal, measureLoop, measureLoops, type Yardstick } from "./yardstick.ts";

const STEPS = 100;
const RUNS = 100;
const STEPS_EACH = 10;

/** Sequential steps and a fan-out, with their syncs; LangGraph's graph API runs beside. */
export async function stepCost(card: Scorecard, loop: Yardstick, rounds: number): Promise<void> {
  const steps = sequence(STEPS);
  const written = updates(STEPS);
  const fan = fanOut(STEPS, STEPS);
  const syncs = { steps: 0, fan: 0 };
  const peer = await openPeer(join(import.meta.dirname, "peers", "langGraphProcess.ts"), [
    String(STEPS),
  ]);
  const times = await alternate(
    {
      loopSteps: () => measureLoop(loop, (journal) => loop.runSteps(journal, "r", STEPS, number)),
      ourSteps: async () => {
        const ran = await runBundle(steps);
        syncs.steps = ran.syncs;
        return ran.took;
      },
      ourUpdates: async () => (await runBundle(written)).took,
      productSteps: () => productSteps(),
      langGraph: peer.measure,
      loopFan: () => measureLoop(loop, (journal) => loop.runPar(journal, "r", STEPS, number)),
      ourFan: async () => {
        const ran = await runBundle(fan);
        syncs.fan = ran.syncs;
        return ran.took;
      },
    },
    rounds,
  );
  peer.close();
  card.section(`Steps: ${STEPS} in a row, and ${STEPS} at once`);
  card.add({
    name: "step, decided and durable / the loop's step",
    value: ratio(times.ourSteps, times.loopSteps),
    unit: "x",
    goal: { most: 1.5 },
  });
  card.add({
    name: "step in a live run of the product / the loop's step",
    value: ratio(times.productSteps, times.loopSteps),
    unit: "x",
    goal: { most: 1.5 },
    more: "with performer, transcript, watchers, inbox",
  });
  card.add({
    name: "LangGraph's graph API, SQLite saver, synchronous=FULL / our step, each durable by itself",
    value: ratio(times.langGraph, times.ourSteps),
    unit: "x",
    goal: { least: 8 },
    more: `${peer.name}; ${ratio(times.langGraph, times.productSteps).toFixed(1)} x a live run's`,
  });
  card.add({
    name: "for comparison, without a goal: the same / our steps that only write state",
    value: ratio(times.langGraph, times.ourUpdates),
    unit: "x",
    more: "they share a sync, so that it is not one durable step against another",
  });
  card.add({
    name: "syncs per step in a row",
    value: syncs.steps / (STEPS + 2),
    unit: "",
    goal: { most: 1 },
    more: `${syncs.steps} syncs: ${STEPS} steps, start and end`,
  });
  card.add({
    name: "fan-out of 100 / the loop's",
    value: ratio(times.ourFan, times.loopFan),
    unit: "x",
    goal: { most: 3 },
  });
  card.add({
    name: "syncs per step in the fan-out",
    value: syncs.fan / STEPS,
    unit: "",
    goal: { most: 0.1 },
    more: `${syncs.fan} syncs`,
  });
  card.add({
    name: "the seeds' 50 ms a step / our step in a live run",
    value: 50 / (median(times.productSteps) / STEPS),
    unit: "x",
  });
}

/** A hundred runs at once, made, driven and ended by the product, beside a hundred of the loop's. */
export async function manyRuns(card: Scorecard, loop: Yardstick, rounds: number): Promise<void> {
  const each = sequence(STEPS_EACH);
  const all = Array.from({ length: RUNS }, (_, index) => index);
  const run = (journal: LoopJournal, index: number) =>
    loop.runSteps(journal, `r${index}`, STEPS_EACH, number);
  const times = await alternate(
    {
      loopRuns: () =>
        measureLoops(loop, RUNS, (journals) => Promise.all(journals.map((one, i) => run(one, i)))),
      loopShared: () =>
        measureLoop(loop, (journal) => Promise.all(all.map((index) => run(journal, index)))),
      ourRuns: () =>
        withFolder(async (folder) => {
          const product = openProduct({ folder });
          const took = await timed(() =>
            Promise.all(
              all.map(async () => {
                const { status } = await product.runs.settled(await product.start(each));
                if (status !== "done") throw new Error(`a run ended ${status}`);
              }),
            ),
          );
          await product.close();
          return took;
        }),
    },
    rounds,
  );
  card.section(`${RUNS} runs of ${STEPS_EACH} steps at once: made, owned, driven and ended`);
  card.add({
    name: "by the product / the loop's, a file for each run as in ours",
    value: ratio(times.ourRuns, times.loopRuns),
    unit: "x",
    goal: { most: 10 },
    more: `${median(times.ourRuns).toFixed(0)} ms`,
  });
  card.add({
    name: "by the product / the loop's, one file and one sync for all runs",
    value: ratio(times.ourRuns, times.loopShared),
    unit: "x",
    more: `the loop with a file for each run: ${ratio(times.loopRuns, times.loopShared).toFixed(1)} x`,
  });
}

const number = async (index: number): Promise<number> => index;

/** Milliseconds from the first step's start to the end of a live run of the product. */
async function productSteps(): Promise<number> {
  return withFolder(async (folder) => {
    let from = 0;
    const product = openProduct({
      folder,
      perform: async () => {
        from ||= performance.now();
        return { type: "completed", result: RESULT };
      },
    });
    const run = await product.start(sequence(STEPS));
    await product.runs.settled(run);
    const took = performance.now() - from;
    await product.close();
    return took;
  });
}
