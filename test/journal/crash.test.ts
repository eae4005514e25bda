/**
 * The promise of the journal against a disk that keeps nothing unsynced: every acknowledged record survives a crash at
 * every operation. The last part removes one sync at a time and expects the promise to break: a test that cannot fail
 * proves nothing.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JournalFailure, type JournalRecord } from "../../src/engine/journal.ts";
import type { Disk } from "../../src/journal/disk.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import { createSimulatedDisk, type SimulatedDisk, type Survival } from "../simulation/disk.ts";
import { event, journalContract } from "./contract.ts";
import { place, tenure, withFiles } from "./scratch.ts";

const FOLDER = "/run";
const LARGE = "large ".repeat(4000);

async function newDisk(seed: number, shortWrites = false): Promise<SimulatedDisk> {
  const disk = createSimulatedDisk({ seed, shortWrites });
  await disk.makeFolder(FOLDER);
  await disk.makeFolder(`${FOLDER}/blobs`);
  await disk.syncFolder("/");
  await disk.syncFolder(FOLDER);
  return disk.restart("nothing", { seed, shortWrites });
}

journalContract("in a file on the simulated disk", async () => {
  let failing = false;
  const base = createSimulatedDisk({
    seed: 1,
    shortWrites: true,
    fault: ({ kind }) => {
      if (!failing || kind !== "write") return undefined;
      failing = false;
      return { code: "ENOSPC", taken: 20 };
    },
  });
  await base.makeFolder(FOLDER);
  await base.makeFolder(`${FOLDER}/blobs`);
  await base.syncFolder("/");
  await base.syncFolder(FOLDER);
  const { journal } = await openJournal(place(base, FOLDER));
  return {
    journal,
    recover: async () => {
      // Closing syncs nothing; an operation on a disk that is gone would never come back.
      await journal.close();
      const opened = await openJournal(place(base.restart("nothing"), FOLDER, tenure(2)));
      return opened.records;
    },
    failNext: () => {
      failing = true;
    },
    dispose: async () => {},
  };
});

/** What a host knew before its disk went away. */
interface Known {
  readonly acknowledged: JournalRecord[];
  attempted: number;
}

/** A few appends in all the ways there are: alone, several, at once, large. */
async function work(disk: Disk, known: Known, fence = 1): Promise<void> {
  const { journal, records } = await openJournal(place(disk, FOLDER, tenure(fence)));
  let n = records.length;
  const append = async (count: number, text?: string): Promise<void> => {
    const events = Array.from({ length: count }, () => {
      n += 1;
      return text ? event(n, { text: `${n}${text}` }) : event(n);
    });
    known.attempted = Math.max(known.attempted, n);
    known.acknowledged.push(...(await journal.append(events, n)));
  };
  await append(1);
  await append(3);
  await append(1, LARGE);
  await Promise.all([append(2), append(1, LARGE), append(20)]);
  for (let step = 0; step < 4; step += 1) await append(1 + (step % 2));
  await append(2, LARGE);
  await append(1);
  await journal.close();
}

/** Runs `work` until it ends or the power goes; true when it went. */
async function workUntilCrash(disk: SimulatedDisk, known: Known, through: Disk, fence = 1) {
  return Promise.race([
    work(through, known, fence).then(() => false),
    disk.crashed.then(() => true),
  ]);
}

function checkRecovered(records: readonly JournalRecord[], known: Known): void {
  const { acknowledged, attempted } = known;
  assert.deepEqual(records.slice(0, acknowledged.length), acknowledged, "acknowledged, then lost");
  assert.ok(records.length <= attempted, "more than was ever written");
  for (const [index, record] of records.entries()) {
    assert.equal(record.seq, index + 1);
    assert.equal(record.event.n, index + 1);
  }
}

type Mutation = (disk: Disk) => Disk;
const asItIs: Mutation = (disk) => disk;

/** Crashes at every operation, comes back, works on, crashes again, and comes back again. */
async function crashEverywhere(seed: number, survival: Survival, mutate = asItIs) {
  let crashes = 0;
  for (let crashAt = 1; ; crashAt += 1) {
    const known: Known = { acknowledged: [], attempted: 0 };
    const fresh = await newDisk(seed, true);
    const disk = fresh.restart("everything", { seed: seed + crashAt, crashAt, shortWrites: true });
    const crashed = await workUntilCrash(disk, known, mutate(disk));
    const after = disk.restart(survival);
    const second = await openJournal(place(mutate(after), FOLDER, tenure(2)));
    checkRecovered(second.records, known);
    await second.journal.close();
    const again = after.restart(survival, {
      seed: crashAt * 7 + seed,
      crashAt: 3 + (crashAt % 40),
    });
    const next: Known = { acknowledged: [...second.records], attempted: known.attempted };
    await workUntilCrash(again, next, mutate(again), 3);
    const third = await openJournal(place(mutate(again.restart(survival)), FOLDER, tenure(4)));
    checkRecovered(third.records, { ...next, attempted: Number.POSITIVE_INFINITY });
    if (!crashed) return crashes;
    crashes += 1;
  }
}

describe("journal on a disk that forgets", () => {
  for (const survival of ["nothing", "some", "everything"] as const) {
    it(`keeps every acknowledged record when ${survival} of the unsynced survives`, async () => {
      const seeds = survival === "some" ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2];
      for (const seed of seeds) {
        const crashes = await crashEverywhere(seed, survival).catch((why: unknown) => {
          throw new Error(`seed ${seed}`, { cause: why });
        });
        assert.ok(crashes >= 50, `${crashes} crash points`);
      }
    });
  }

  it("a failed write or sync at any point loses nothing acknowledged and stops the journal", async () => {
    for (const kind of [
      "write",
      "datasync",
      "syncFile",
      "syncFolder",
      "rename",
      "create",
    ] as const) {
      for (let nth = 1; nth <= 12; nth += 1) {
        const known: Known = { acknowledged: [], attempted: 0 };
        let count = 0;
        const disk = (await newDisk(nth)).restart("nothing", {
          seed: nth,
          fault: (operation) => {
            if (operation.kind !== kind) return undefined;
            count += 1;
            return count === nth
              ? { code: kind === "write" ? "ENOSPC" : "EIO", taken: 30 }
              : undefined;
          },
        });
        const failure = await work(disk, known).catch((why: unknown) => why);
        if (count < nth) continue;
        const name = `${kind} ${nth}`;
        // A folder that cannot be synced at the opening is told as it is.
        const opening = known.acknowledged.length === 0 && known.attempted === 0;
        if (!opening) assert.ok(failure instanceof JournalFailure, `${name}: ${String(failure)}`);
        for (const survival of ["nothing", "some"] as const) {
          const { records } = await openJournal(place(disk.restart(survival), FOLDER, tenure(2)));
          checkRecovered(records, known);
        }
      }
    }
  });
});

it("what a failed sync left in sight is durable before anything stands on it", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    let failing = false;
    const disk = (await newDisk(seed)).restart("nothing", {
      seed,
      fault: ({ kind }) =>
        failing && (kind === "datasync" || kind === "truncate") ? { code: "EIO" } : undefined,
    });
    const first = await openJournal(place(disk, FOLDER));
    await first.journal.append([event(1)], 1);
    failing = true;
    await assert.rejects(
      first.journal.append([event(2), event(3)], 2),
      /cutting it off failed too/,
    );
    failing = false;
    const second = await openJournal(place(disk, FOLDER, tenure(2)));
    assert.equal(second.records.length, 3, "the system still shows it");
    const told = await second.journal.append([event(4)], 3);
    const after = await openJournal(place(disk.restart("nothing"), FOLDER, tenure(3)));
    assert.deepEqual(after.records, [...second.records, ...told]);
  }
});

describe("the crash tests see a missing sync", () => {
  const mutations: Record<string, Mutation> = {
    "of the journal's bytes": (disk) => withFiles(disk, () => ({ datasync: async () => {} })),
    "of a blob's bytes": (disk) => ({ ...disk, syncFile: async () => {} }),
    "of the blobs' folder": (disk) => ({
      ...disk,
      syncFolder: async (path) => (path.endsWith("blobs") ? undefined : disk.syncFolder(path)),
    }),
    "of the run's folder": (disk) => ({
      ...disk,
      syncFolder: async (path) => (path.endsWith("blobs") ? disk.syncFolder(path) : undefined),
    }),
  };
  for (const [what, mutate] of Object.entries(mutations)) {
    it(`no sync ${what}`, async () => {
      await assert.rejects(crashEverywhere(1, "nothing", mutate), (why: unknown) => {
        const isLoss = why instanceof assert.AssertionError && /then lost/.test(why.message);
        const isDamage = why instanceof JournalFailure && why.code === "damaged";
        assert.ok(isLoss || isDamage, String(why));
        return true;
      });
    });
  }
});
