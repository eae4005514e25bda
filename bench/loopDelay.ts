/** How long the host's event loop is held up while a hundred attempts come and go at once. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { median } from "./measure.ts";
import { openProduct, withFolder } from "./product.ts";
import type { Scorecard } from "./scorecard.ts";
import { fanOut, RESULT } from "./workflows.ts";

const WIDTH = 100;
const RESOLUTION_MS = 1;

/** Fan-outs of a hundred in live runs of the product; what the timer itself is late by is in the figure. */
export async function loopDelay(card: Scorecard, rounds: number): Promise<void> {
  const late: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const p99 = await fanOutDelay();
    if (round > 0) late.push(p99);
  }
  card.section(`Fan-out of ${WIDTH}`);
  card.add({
    name: "event-loop delay during it, p99",
    value: median(late),
    unit: "ms",
    goal: { most: 20 },
    more: `worst round ${Math.max(...late).toFixed(1)} ms`,
  });
}

async function fanOutDelay(): Promise<number> {
  return withFolder(async (folder) => {
    const product = openProduct({
      folder,
      // Spread over some turns, as real activities are.
      perform: async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        return { type: "completed", result: RESULT };
      },
    });
    const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    histogram.enable();
    const { status } = await product.runs.settled(await product.start(fanOut(WIDTH, WIDTH)));
    histogram.disable();
    await product.close();
    if (status !== "done") throw new Error(`the fan-out ended ${status}`);
    return histogram.percentile(99) / 1e6 - RESOLUTION_MS;
  });
}
