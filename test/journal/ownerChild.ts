/**
 * A process that races for runs, or owns one and writes until it is stopped. Told what to do over IPC.
 */
import { randomBytes } from "node:crypto";
import { JournalFailure } from "../../src/engine/journal.ts";
import { createDisk, type Disk } from "../../src/journal/disk.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import { systemClock } from "../../src/journal/machine/clock.ts";
import { createMachine } from "../../src/journal/machine/machine.ts";
import { claimRun, type OwnerPlace, type Ownership } from "../../src/journal/owner.ts";
import { RUN } from "./scratch.ts";

export type Order =
  | {
      readonly order: "race";
      readonly folder: string;
      readonly at: number;
      readonly sloppy: boolean;
    }
  | { readonly order: "write"; readonly folder: string };

export type Report =
  | { readonly report: "ready" }
  | { readonly report: "raced"; readonly won: boolean }
  | { readonly report: "acknowledged"; readonly n: number }
  | { readonly report: "stopped"; readonly code: string };

export const HEARTBEAT_MS = 40;

export function ownerPlace(folder: string, disk: Disk = createDisk()): OwnerPlace {
  return {
    disk,
    folder,
    machine: createMachine(),
    clock: systemClock,
    random: (count) => randomBytes(count),
    heartbeatMs: HEARTBEAT_MS,
  };
}

function tell(report: Report): void {
  process.send?.(report);
}

/** The tempting way that is wrong: a rename replaces whoever was first. */
function sloppy(disk: Disk): Disk {
  return { ...disk, link: (from, to) => disk.rename(from, to), unlink: async () => {} };
}

let held: Ownership | undefined;

/** Keeps what it won until the next race. */
async function race(order: Order & { order: "race" }): Promise<void> {
  await held?.release();
  held = undefined;
  const disk = order.sloppy ? sloppy(createDisk()) : createDisk();
  // On a busy machine a winner's heartbeat may be late; here it must not look dead.
  const place = { ...ownerPlace(order.folder, disk), heartbeatMs: 2000 };
  while (Date.now() < order.at) {
    // All start in the same millisecond.
  }
  const claim = await claimRun(place);
  tell({ report: "raced", won: claim.status === "owned" });
  if (claim.status === "owned") held = claim.ownership;
}

async function write(folder: string): Promise<void> {
  const place = ownerPlace(folder);
  const claim = await claimRun(place);
  if (claim.status !== "owned") return tell({ report: "stopped", code: claim.why });
  const { disk, clock } = place;
  const tenure = claim.ownership;
  const { journal } = await openJournal({ disk, folder, run: RUN, tenure, now: clock.now });
  try {
    for (;;) {
      const [record] = await journal.append([{ type: "noted", pid: process.pid }], clock.now());
      tell({ report: "acknowledged", n: record?.seq ?? 0 });
    }
  } catch (error) {
    tell({ report: "stopped", code: error instanceof JournalFailure ? error.code : String(error) });
    process.disconnect();
  }
}

if (process.send) {
  process.on("message", (order: Order) => {
    void (order.order === "race" ? race(order) : write(order.folder));
  });
  tell({ report: "ready" });
}
