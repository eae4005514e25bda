/**
 * The smallest honest durable step loop, which our figures are ratios to. It lies outside of this repository.
 * Owns finding it and running it on a fresh journal; see main.ts for where it is looked for.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { timed } from "./measure.ts";

export interface LoopJournal {
  readonly flushes: number;
  close(): void;
}

export interface Yardstick {
  readonly Journal: new (path: string) => LoopJournal;
  readonly runSteps: LoopRun;
  readonly runPar: LoopRun;
}

type LoopRun = (
  journal: LoopJournal,
  run: string,
  n: number,
  step: (i: number) => Promise<number>,
) => Promise<unknown>;

/** The loop in the file at an absolute path. */
export async function loadYardstick(path: string): Promise<Yardstick> {
  return import(pathToFileURL(path).href);
}

/** Milliseconds that `work` takes over one fresh journal. */
export function measureLoop(
  loop: Yardstick,
  work: (journal: LoopJournal) => Promise<unknown>,
): Promise<number> {
  return measureLoops(loop, 1, ([journal]) =>
    journal ? work(journal) : Promise.reject(new Error("no journal")),
  );
}

/** Milliseconds that `work` takes over some fresh journals. */
export async function measureLoops(
  loop: Yardstick,
  count: number,
  work: (journals: readonly LoopJournal[]) => Promise<unknown>,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-loop-"));
  const files = Array.from({ length: count }, (_, index) => join(folder, `journal.${index}`));
  const journals = files.map((file) => new loop.Journal(file));
  const took = await timed(() => work(journals));
  for (const journal of journals) journal.close();
  await rm(folder, { recursive: true, force: true });
  return took;
}
