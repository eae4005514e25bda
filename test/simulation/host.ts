/**
 * The product in a simulated process: its real runs, owners, journals, inboxes, loop and performer over the simulated
 * machine. Owns the witnesses beside it: what the journal acknowledged, and that a failed one stays failed.
 */
import {
  type HeldRun,
  openRunDisk,
  type RunClaim,
  type RunDisk,
} from "../../src/app/runs/runDisk.ts";
import { createRuns, type Runs } from "../../src/app/runs/runs.ts";
import { storageTrouble } from "../../src/app/runs/trouble.ts";
import { createPerformer } from "../../src/engine/embedded/performer.ts";
import type { Transcripts } from "../../src/engine/embedded/transcripts.ts";
import type { Journal } from "../../src/engine/journal.ts";
import type { Report } from "../../src/engine/performer.ts";
import type { Disk } from "../../src/journal/disk.ts";
import type { RunEvent } from "../../src/run/event.ts";
import { failure } from "../../src/run/failure.ts";
import type { Program } from "../../src/run/start/program.ts";
import { withFiles } from "../journal/scratch.ts";
import type { Ledger } from "./ledger.ts";
import type { SimulatedProcess } from "./machine.ts";
import type { Outside } from "./outside.ts";
import type { Scheduler } from "./scheduler.ts";

export const STATE = "/state";

export interface HostOptions {
  readonly process: SimulatedProcess;
  readonly program: Program;
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  readonly outside: Outside;
  /** Outcomes come twice now and then, the second time late. */
  readonly echoes: boolean;
}

/** Opens the product in a process. */
export function openHost(options: HostOptions): Runs {
  const { process, program, ledger, outside } = options;
  const { clock, machine, random, timer } = process;
  const disk = openRunDisk({
    disk: witnessed(process.disk, ledger),
    state: STATE,
    machine,
    clock,
    random,
    report: () => undefined,
  });
  return createRuns({
    disk: acknowledging(disk, process.actor.name, ledger),
    machine: machine.self.host,
    trusted: () => true,
    log: { write: () => undefined },
    unable: async () => undefined,
    untrusted: () => failure("untrusted", "never"),
    surroundings: async () => ({
      program,
      timer,
      createPerformer: (given) => echoing(options, createPerformer(given)),
      activities: () => outside.activities(process),
      recovery: () => outside.recovery(process),
      reconcile: () => outside.reconcile(process),
      transcripts: SILENT,
      guardFolder: "/guards",
      workspace: "/work",
      now: clock.now,
      fault: (error) => {
        if (!storageTrouble(error)) ledger.breach(`a fault: ${String(error)}`);
      },
    }),
  });
}

const SILENT: Transcripts = {
  open: () => ({ write: () => undefined, close: async () => undefined }),
  read: async () => [],
  readAll: async () => [],
  copyTo: async () => undefined,
};

function echoing(
  { echoes, scheduler, process }: HostOptions,
  real: ReturnType<typeof createPerformer>,
): ReturnType<typeof createPerformer> {
  if (!echoes) return real;
  const { random } = scheduler;
  const echoed =
    (report: Report): Report =>
    (input) => {
      const reported = report(input);
      if (input.type !== "outcome" || random.below(3) > 0) return reported;
      const echo = { type: "completed" as const, result: "an echo" };
      const late = random.below(3) === 0 ? random.below(2_000) : 0;
      scheduler.after(process.actor, late, () => void report({ ...input, outcome: echo }));
      return reported;
    };
  return {
    dispose: () => real.dispose(),
    perform: (effect, report) => real.perform(effect, echoed(report)),
    adopt: (attempt, report) => real.adopt?.(attempt, echoed(report)),
  };
}

/** Tells the ledger what the journal gives back: on opening what is there, then what is durable. */
function acknowledging(disk: RunDisk, by: string, ledger: Ledger): RunDisk {
  const seen = (held: HeldRun): HeldRun => {
    ledger.recovered(by, held.records);
    return { ...held, journal: told(held.journal, by, ledger) };
  };
  return {
    ...disk,
    create: async (run) => seen(await disk.create(run)),
    claim: async (...how): Promise<RunClaim> => {
      const claim = await disk.claim(...how);
      return claim.status === "owned" ? { ...claim, held: seen(claim.held) } : claim;
    },
  };
}

function told(journal: Journal<RunEvent>, by: string, ledger: Ledger): Journal<RunEvent> {
  return {
    get seq() {
      return journal.seq;
    },
    get failure() {
      return journal.failure;
    },
    append: async (events, at) => {
      const records = await journal.append(events, at);
      ledger.acknowledged(by, records);
      return records;
    },
    close: () => journal.close(),
  };
}

/** A journal that could not be written is cut at most: never written again, and what failed to sync is not synced again. */
function witnessed(disk: Disk, ledger: Ledger): Disk {
  return withFiles(disk, (file, path) => {
    let failed: "no" | "write" | "datasync" = "no";
    return {
      write: async (bytes) => {
        if (failed !== "no") ledger.breach(`${path} was written after a failed ${failed}`);
        try {
          return await file.write(bytes);
        } catch (error) {
          failed = "write";
          throw error;
        }
      },
      datasync: async () => {
        if (failed === "datasync") ledger.breach(`${path} was synced again after a failed sync`);
        try {
          await file.datasync();
        } catch (error) {
          failed = "datasync";
          throw error;
        }
      },
      truncate: async (size, unless) => {
        const cut = await file.truncate(size, unless);
        if (cut && failed === "datasync") failed = "write";
        return cut;
      },
    };
  });
}
