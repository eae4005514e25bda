/**
 * A process around the thread of bombs, because a heap that is full may end the whole process: prints one report a line.
 * Arguments: megabytes above what the thread holds by itself, and milliseconds.
 */
import { Worker } from "node:worker_threads";
import type { BombOrder, BombReport } from "./bombThread.ts";

const [room, goalMs] = process.argv.slice(2).map(Number);
const THREAD = new URL("bombThread.ts", import.meta.url);
const MEGABYTE = 1024 * 1024;

/** Short-lived objects have a space of their own; small, so that little escapes the limit. */
const YOUNG_MB = 4;

function start(order: Partial<BombOrder>, limitMb?: number): Worker {
  const workerData: BombOrder = { from: 0, measureOnly: false, goalMs: goalMs ?? 0, ...order };
  const resourceLimits =
    limitMb === undefined
      ? {}
      : { maxOldGenerationSizeMb: limitMb, maxYoungGenerationSizeMb: YOUNG_MB };
  return new Worker(THREAD, { workerData, resourceLimits });
}

const held = await new Promise<number>((resolve, reject) => {
  start({ measureOnly: true }).once("message", resolve).once("error", reject);
});
const limitMb = Math.ceil(held / MEGABYTE + (room ?? 0));
console.log(JSON.stringify({ heldMb: held / MEGABYTE, limitMb }));

let next = 0;
let again = true;
while (again) {
  again = await new Promise<boolean>((resolve) => {
    const worker = start({ from: next }, limitMb);
    let full = false;
    worker.on("message", (report: BombReport) => {
      next = report.index + 1;
      console.log(JSON.stringify(report));
    });
    worker.on("error", (error: Error & { code?: string }) => {
      full = true;
      console.log(JSON.stringify({ index: next, ends: error.code ?? error.message, ms: 0 }));
      next += 1;
    });
    worker.on("exit", () => resolve(full));
  });
}
