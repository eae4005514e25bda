/** What it takes to stand where a hundred runs stood: read from disk, checked, folded, and taken up again. */

import { recordedOf } from "../src/engine/drive.ts";
import { createDisk } from "../src/journal/disk.ts";
import { readRun } from "../src/journal/follow.ts";
import { runFolder } from "../src/journal/runFolder.ts";
import type { RunEvent } from "../src/run/event.ts";
import { fold } from "../src/run/evolve/evolve.ts";
import { median, threadTime, timed } from "./measure.ts";
import { openProduct, withFolder } from "./product.ts";
import type { Scorecard } from "./scorecard.ts";
import { bundle } from "./workflows.ts";

const RUNS = 100;
const EVENTS = 1000;

/** Runs of a thousand events, left by a host that closed; the next one reads them, and then takes them up. */
export async function recoveryCost(card: Scorecard, rounds: number): Promise<void> {
  await withFolder(async (folder) => {
    const ids = await leaveRuns(folder);
    const read: number[] = [];
    const used: number[] = [];
    const taken: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const before = threadTime();
      const reading = await timed(() => readAll(folder, ids));
      const work = threadTime() - before;
      const product = openProduct({ folder });
      const resuming = await timed(async () => {
        const resumed = await product.runs.resumeInterrupted();
        if (resumed.length !== RUNS) throw new Error(`${resumed.length} of ${RUNS} came back`);
      });
      await Promise.all(ids.map((run) => product.runs.settled(run)));
      await product.close();
      if (round === 0) continue;
      read.push(reading);
      used.push(work);
      taken.push(resuming);
    }
    card.section(`Recovery of ${RUNS} runs of ${EVENTS} events`);
    card.add({
      name: "read, checked and folded",
      value: median(read),
      unit: "ms",
      goal: { most: 600 },
      more: `${median(used).toFixed(0)} ms of it our own work`,
    });
    card.add({
      name: "taken up by a new host: owned, adopted on disk, driven",
      value: median(taken),
      unit: "ms",
    });
  });
}

async function readAll(folder: string, ids: readonly string[]): Promise<void> {
  const disk = createDisk();
  for (const run of ids) {
    const { records } = await readRun<RunEvent>(disk, runFolder(folder, run));
    const state = fold(records.map(recordedOf));
    if (state?.status !== "running" || records.length !== EVENTS)
      throw new Error(`${run} came back ${state?.status} with ${records.length} events`);
  }
}

/** Two events a step, and the first and last. */
async function leaveRuns(folder: string): Promise<readonly string[]> {
  const steps = Array.from({ length: EVENTS / 2 - 1 }, (_, index) => ({
    id: `s${index}`,
    type: "delegate",
    instructions: `step ${index}`,
  }));
  const question = { id: "ask", type: "prompt", input: "confirm", message: "On?" };
  const made = bundle({ steps: [...steps, question] });
  const product = openProduct({ folder });
  const ids: string[] = [];
  for (let from = 0; from < RUNS; from += 10) {
    const some = Array.from({ length: 10 }, async () => {
      const run = await product.start(made);
      await product.runs.settled(run);
      return run;
    });
    ids.push(...(await Promise.all(some)));
  }
  await product.close();
  return ids;
}
