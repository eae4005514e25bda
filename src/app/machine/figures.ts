/** What the machine says of itself: of this process, and of what runs stand on. */
import { type LookPlace, lookAtRun } from "../../journal/history/unfinished.ts";
import { memoryLeft, roomIn } from "../../journal/machine/room.ts";
import type { ProcessFigures } from "../app.ts";

/** Memory in bytes; computing and uptime in ms. */
export function processFigures(): ProcessFigures {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const uptime = Math.round(process.uptime() * 1000);
  return { memory: rss, heap: heapUsed, cpu: Math.round((user + system) / 1000), uptime };
}

/** What `health` asks of the machine itself. */
export function machineHealth(storage: LookPlace) {
  const { disk, state, random } = storage;
  return {
    room: () => roomIn(disk, state, random),
    look: (run: string) => lookAtRun(storage, run),
    memory: () => ({ used: process.memoryUsage.rss(), available: memoryLeft() }),
    now: Date.now,
  };
}
