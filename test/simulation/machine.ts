/**
 * One computer on which processes live and die: its disk, its clock, its boots.
 * Owns what a process sees of it: every operation, wait and look at the time goes through the scheduler.
 */
import type { Timer } from "../../src/engine/timer.ts";
import type { Disk } from "../../src/journal/disk.ts";
import type { Clock } from "../../src/journal/machine/clock.ts";
import type { Machine, ProcessName, Sight } from "../../src/journal/machine/machine.ts";
import { createSimulatedDisk, diskError, type Operation, type Survival } from "./disk.ts";
import { createRandom } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";

/** Monday, 2026-01-05. */
const START = Date.UTC(2026, 0, 5);

/** What a process of the simulated machine runs on: the product's own ports. */
export interface SimulatedProcess {
  readonly actor: Actor;
  readonly pid: number;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly machine: Machine;
  readonly random: (count: number) => Uint8Array;
  /** Errors of the disk that this process is to meet next, by kind of operation or for any. */
  readonly faults: PlannedFault[];
}

export interface PlannedFault {
  readonly code: string;
  /** Which operations it may strike. */
  readonly kinds: ReadonlySet<Operation["kind"]>;
  /** Strikes this often. */
  times: number;
  /** Of a write: the part of the bytes that it takes all the same. */
  readonly taken?: number;
}

export interface SimulatedMachine {
  readonly processes: readonly SimulatedProcess[];
  /** Milliseconds since 1970, as the machine's clock has it. */
  now(): number;
  spawn(): SimulatedProcess;
  /** SIGKILL: what it has written stays in the system's cache. */
  kill(process: SimulatedProcess): void;
  freeze(process: SimulatedProcess): void;
  wake(process: SimulatedProcess): void;
  /** Everything dies; the disk keeps what was synced, and of the rest what `survival` says. */
  cutPower(survival: Survival): void;
  /** The clock of the wall moves; nobody's timers do. */
  shiftClock(ms: number): void;
}

export interface MachineOptions {
  readonly seed: number;
  readonly scheduler: Scheduler;
  /** The system does not tell whether another process runs. */
  readonly untold?: boolean;
  /** Told of every operation, just before it is done. */
  readonly watch?: (process: SimulatedProcess, kind: Operation["kind"], path: string) => void;
}

export function createSimulatedMachine(options: MachineOptions): SimulatedMachine {
  const { seed, scheduler } = options;
  const processes: SimulatedProcess[] = [];
  let shift = 0;
  let boot = 1;
  const now = (): number => START + scheduler.time + shift;
  const diskOptions = { seed, shortWrites: seed % 2 === 0, now };
  let disk = createSimulatedDisk(diskOptions);

  const look = (other: ProcessName): Sight => {
    if (other.boot !== `boot ${boot}`) return "untold";
    const found = processes.find(({ pid }) => pid === other.pid);
    if (!found || found.actor.status === "dead") return "gone";
    return options.untold ? "untold" : "running";
  };

  const spawn = (): SimulatedProcess => {
    const pid = processes.length + 1;
    const actor: Actor = { name: `process ${pid}`, status: "running" };
    const { below } = createRandom(seed * 31 + pid);
    const faults: PlannedFault[] = [];
    const after: Timer["after"] = (ms, ring) => scheduler.after(actor, ms, ring);
    const process: SimulatedProcess = {
      actor,
      pid,
      faults,
      random: (count) => Uint8Array.from({ length: count }, () => below(256)),
      timer: { after },
      clock: { now, monotonic: () => scheduler.time, wait: waiting(after), turn: async () => {} },
      machine: { self: { host: "here", pid, start: pid, boot: `boot ${boot}` }, look },
      disk: disk.seenBy(
        async (kind, path) => {
          await scheduler.turn(actor, kind);
          options.watch?.(process, kind, path);
          strike(faults, kind, path);
        },
        // One notice in four is never given.
        (changed) => void (below(4) > 0 && scheduler.after(actor, below(5), changed)),
      ),
    };
    processes.push(process);
    return process;
  };

  return {
    processes,
    now,
    spawn,
    kill: ({ actor }) => {
      actor.status = "dead";
    },
    freeze: ({ actor }) => {
      if (actor.status === "running") actor.status = "frozen";
    },
    wake: ({ actor }) => {
      if (actor.status === "frozen") actor.status = "running";
    },
    cutPower: (survival) => {
      for (const { actor } of processes) actor.status = "dead";
      disk = disk.restart(survival, diskOptions);
      boot += 1;
    },
    shiftClock: (ms) => {
      shift += ms;
    },
  };
}

function waiting(after: Timer["after"]): Clock["wait"] {
  return (ms, { signal } = {}) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const stop = (): void => {
        cancel();
        resolve();
      };
      const cancel = after(ms, () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
      signal?.addEventListener("abort", stop, { once: true });
    });
}

function strike(faults: PlannedFault[], kind: Operation["kind"], path: string): void {
  const fault = faults.find(({ kinds, times }) => times > 0 && kinds.has(kind));
  if (!fault) return;
  fault.times -= 1;
  throw Object.assign(diskError(fault.code, path), { taken: fault.taken });
}
