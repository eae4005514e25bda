/**
 * Who has which run, told by what processes do to the files of owners: one that lives and gives signs of life keeps it.
 * Owns that question alone. Knows names of files only, so that no change of the product's own judgement moves it.
 */
import type { SimulatedProcess } from "./machine.ts";

/** A sign of life this fresh, in ms, is no reason to take a run: owners give one every second. */
const FRESH = 1_000;

interface Holder {
  readonly process: SimulatedProcess;
  /** When it last gave a sign of life, by time that only goes on. */
  beat: number;
}

export interface Holders {
  /** Told of each operation just before it is done. */
  saw(process: SimulatedProcess, kind: string, path: string): void;
  /** One that was stopped for a while may lose its run: how long is not asked here. */
  froze(process: SimulatedProcess): void;
}

/** @param breach told of a run that was taken from a process that lived and had just said so */
export function createHolders(time: () => number, breach: (what: string) => void): Holders {
  const holders = new Map<string, Holder>();
  const dull = new Set<SimulatedProcess>();
  const judge = (process: SimulatedProcess, folder: string, fence: number): void => {
    const before = holders.get(`${folder} ${fence - 1}`);
    if (!before || before.process === process || dull.has(before.process)) return;
    if (before.process.actor.status !== "running" || time() - before.beat >= FRESH) return;
    const { name } = before.process.actor;
    breach(`${process.actor.name} takes a run that ${name} has, alive and heard of just now`);
  };
  return {
    saw: (process, kind, path) => {
      const found = /^(.*)\/(owner|released)\.(\d+)$/.exec(path);
      if (!found) return;
      const [, folder = "", what, number] = found;
      const fence = Number(number);
      const key = `${folder} ${fence}`;
      if (what === "released") return void holders.delete(key);
      // What the disk refuses is no sign of life.
      if (process.faults.length > 0) dull.add(process);
      if (kind === "link" && !holders.has(key)) {
        judge(process, folder, fence);
        holders.set(key, { process, beat: time() });
      }
      const holder = holders.get(key);
      if (kind === "touch" && holder?.process === process) holder.beat = time();
    },
    froze: (process) => void dull.add(process),
  };
}
