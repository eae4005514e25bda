/**
 * A thread that lets bombs off, one after the other, within the memory that it was given.
 * Owns the measuring: its own processor time, the best of some tries, because other programs only make it longer.
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { type Bomb, createTarget, explode, readBombs, writtenOut } from "./bomb.ts";
import { loopBombs } from "./loopBombs.ts";

export interface BombReport {
  readonly index: number;
  readonly ends: string;
  /** Of this thread's processor time. */
  readonly ms: number;
}

/** What a thread is told: where to begin, or only to say how much memory it holds before the first. */
export interface BombOrder {
  readonly from: number;
  readonly measureOnly: boolean;
  /** A bomb that takes longer than this is tried again. */
  readonly goalMs: number;
}

/** Every bomb: those by hand, then those made of everything that can be called. */
export function allBombs(): readonly Bomb[] {
  return [...readBombs(), ...loopBombs()];
}

const TRIES = 5;

function letOff({ from, goalMs }: BombOrder, report: (report: BombReport) => void): void {
  const target = createTarget();
  for (const [index, bomb] of allBombs().entries()) {
    if (index < from) continue;
    const source = writtenOut(bomb);
    let ms = Number.POSITIVE_INFINITY;
    let ends = "";
    for (let tries = 0; tries < TRIES && ms > goalMs; tries++) {
      const before = process.threadCpuUsage();
      ends = explode(source, target);
      const { user, system } = process.threadCpuUsage(before);
      ms = Math.min(ms, (user + system) / 1000);
    }
    report({ index, ends, ms });
  }
}

/** Bytes in use once everything is loaded and has run. */
function held(): number {
  const target = createTarget();
  for (const { source } of loopBombs().slice(0, 50)) explode(source, target);
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

if (parentPort !== null) {
  const port = parentPort;
  const order: BombOrder = workerData;
  if (order.measureOnly) port.postMessage(held());
  else letOff(order, (report) => port.postMessage(report));
}
