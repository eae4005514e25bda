/**
 * Many seeds over the machine's cores: each thread takes the next piece of them, and the first broken promise ends all.
 * Owns the sharing out; what a seed means is crashRun.ts. Started as a thread, this file is the worker.
 */
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { crashRun, type Outcome } from "./crashRun.ts";

export interface SeedsResult {
  readonly outcomes: readonly Outcome[];
  /** The message of the seed that broke a promise, with the command that plays it again. */
  readonly broken: string | undefined;
}

interface Piece {
  readonly from: number;
  readonly to: number;
}

type Report = { readonly outcomes: readonly Outcome[]; readonly broken?: string };

const PIECE = 50;

/** Runs the seeds `from` to `to`; after a broken promise no further piece is begun. */
export async function runSeeds({ from, to }: Piece): Promise<SeedsResult> {
  const outcomes: Outcome[] = [];
  let broken: string | undefined;
  let next = from;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL(import.meta.url));
    try {
      while (next <= to && broken === undefined) {
        const piece = { from: next, to: Math.min(to, next + PIECE - 1) };
        next = piece.to + 1;
        const report = await ask(worker, piece);
        outcomes.push(...report.outcomes);
        broken ??= report.broken;
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work));
  return { outcomes, broken };
}

function ask(worker: Worker, piece: Piece): Promise<Report> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (report: Report) => {
      worker.off("error", reject);
      resolve(report);
    });
    worker.postMessage(piece);
  });
}

async function answer({ from, to }: Piece): Promise<Report> {
  const outcomes: Outcome[] = [];
  for (let seed = from; seed <= to; seed += 1) {
    try {
      outcomes.push(await crashRun(seed));
    } catch (error) {
      return { outcomes, broken: error instanceof Error ? error.message : String(error) };
    }
  }
  return { outcomes };
}

if (!isMainThread) {
  parentPort?.on("message", (piece: Piece) => {
    void answer(piece).then((report) => parentPort?.postMessage(report));
  });
}
