/** What a live run keeps in memory: two folds, its workflow, its journal's file and its watchers. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openProduct, type Product, withFolder } from "./product.ts";
import type { Scorecard } from "./scorecard.ts";
import { bundle } from "./workflows.ts";

const STEPS = 100;
const RUNS = 100;

/** Runs that made all but the last of their steps and stand at a question, each with its own copy of the workflow. */
export async function memoryCost(card: Scorecard): Promise<void> {
  const perRun = await withFolder(async (folder) => {
    const product = openProduct({ folder });
    await openRuns(product, 10);
    const before = used();
    await openRuns(product, RUNS);
    const after = used();
    await product.close();
    return (after - before) / RUNS / 1000;
  });
  card.section(`${RUNS} live runs of ${STEPS} steps`);
  card.add({ name: "memory of a live run", value: perRun, unit: "KB", goal: { most: 200 } });
  card.add({ name: "the seeds' 10 MB a workflow / ours", value: 10_000 / perRun, unit: "x" });
}

async function openRuns(product: Product, count: number): Promise<void> {
  const started = Array.from({ length: count }, async () => {
    const run = await product.start(waitingAtLast(STEPS));
    await product.runs.settled(run);
  });
  await Promise.all(started);
}

/** Made anew each time: a run that is launched or taken up has its workflow for itself. */
function waitingAtLast(steps: number) {
  const made = Array.from({ length: steps - 1 }, (_, index) => ({
    id: `s${index}`,
    type: "delegate",
    instructions: `step ${index}`,
  }));
  return bundle({
    steps: [...made, { id: "ask", type: "prompt", input: "confirm", message: "On?" }],
  });
}

function used(): number {
  for (let round = 0; round < 3; round++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
