/**
 * Owners that are stopped just before any of their operations, lose the run, and wake: on a simulated disk, at every
 * operation, in many interleavings. What the later owner read and wrote is the run, whatever the earlier one still does.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JournalFailure, type JournalRecord } from "../../src/engine/journal.ts";
import type { Disk, DiskFile } from "../../src/journal/disk.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import { readRun } from "../../src/journal/follow.ts";
import type { Clock } from "../../src/journal/machine/clock.ts";
import type { Sight } from "../../src/journal/machine/machine.ts";
import { claimRun, type Ownership } from "../../src/journal/owner.ts";
import { createRunFolder } from "../../src/journal/runFolder.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../simulation/disk.ts";
import { createRandom } from "../simulation/random.ts";
import { event } from "./contract.ts";
import { diskError, RUN, withFiles } from "./scratch.ts";

const STATE = "/state";
const FOLDER = `${STATE}/runs/${RUN}`;

/** Time that passes as fast as one waits; nobody beats. */
function fastClock(): Clock {
  let now = 1000;
  return {
    now: () => now,
    monotonic: () => now,
    wait: async (ms, { background } = {}) => {
      if (background) await new Promise(() => {});
      now += ms;
    },
    turn: async () => {},
  };
}

function random(seed: number) {
  const { below } = createRandom(seed);
  return (count: number) => Uint8Array.from({ length: count }, () => below(256));
}

function process(disk: Disk, pid: number, sight: Sight = "untold") {
  const machine = { self: { host: "h", pid }, look: () => sight };
  const place = { disk, folder: FOLDER, machine, clock: fastClock(), random: random(pid) };
  return {
    claim: async (): Promise<Ownership | undefined> => {
      const claim = await claimRun(place, {});
      return claim.status === "owned" ? claim.ownership : undefined;
    },
    open: (tenure: Ownership) =>
      openJournal({ disk, folder: FOLDER, run: RUN, tenure, now: place.clock.now }),
  };
}

async function newRun(seed: number): Promise<SimulatedDisk> {
  const disk = createSimulatedDisk({ seed, shortWrites: true });
  await createRunFolder({ disk, state: STATE, run: RUN, random: random(seed) });
  return disk;
}

/** The disk as a process sees it that is stopped before its operation `at`, until it is woken. */
function freezing(disk: Disk, at: number) {
  let operations = 0;
  let wake = () => {};
  let frozen = () => {};
  const gate = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const stopped = new Promise<void>((resolve) => {
    frozen = resolve;
  });
  const step = async () => {
    operations += 1;
    if (operations < at) return;
    frozen();
    await gate;
  };
  const before =
    <A extends unknown[], T>(job: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      await step();
      return job(...given);
    };
  const seen: Disk = withFiles(
    {
      ...disk,
      create: before(disk.create),
      link: before(disk.link),
      unlink: before(disk.unlink),
      syncFile: before(disk.syncFile),
      syncFolder: before(disk.syncFolder),
      rename: before(disk.rename),
      stat: before(disk.stat),
      read: before(disk.read),
      list: before(disk.list),
    },
    (file: DiskFile) => ({
      write: before(file.write),
      datasync: before(file.datasync),
      truncate: before(file.truncate),
    }),
  );
  return { disk: seen, stopped, wake: () => wake() };
}

/** How a writer ended: `done`, the code of its failure, or `held` when it never owned the run. */
interface End {
  readonly how: string;
  readonly fence: number;
}

/** Owns the run and appends until it is done or told that the run is another's. */
async function write(
  disk: Disk,
  pid: number,
  appends: number,
  acknowledged: JournalRecord[],
): Promise<End> {
  const self = process(disk, pid);
  const tenure = await self.claim();
  if (!tenure) return { how: "held", fence: 0 };
  const { fence } = tenure;
  try {
    const { journal, records } = await self.open(tenure);
    const from = records.length;
    acknowledged.push(...records);
    for (let n = 1; n <= appends; n += 1) {
      const large = n === 2 ? { text: `${pid}`.repeat(20_000) } : {};
      const events = n % 2 === 0 ? [event(n, large), event(n)] : [event(from + n)];
      acknowledged.push(...(await journal.append(events, pid)));
    }
    return { how: "done", fence };
  } catch (error) {
    if (error instanceof JournalFailure) return { how: error.code, fence };
    throw error;
  }
}

/** What the two owners see of the disk. */
interface Guards {
  readonly first: (disk: Disk) => Disk;
  readonly second: (disk: Disk) => Disk;
}

const asItIs = (disk: Disk): Disk => disk;

/** One owner is stopped before operation `at`, a second takes the run; the first wakes `later` turns after that. */
async function round(seed: number, at: number, later: number, guard: Guards) {
  const disk = await newRun(seed);
  const view = freezing(guard.first(disk), at);
  const first: JournalRecord[] = [];
  const second: JournalRecord[] = [];
  const writing = write(view.disk, 1, 5, first);
  const finished = await Promise.race([writing, view.stopped.then(() => "stopped")]);
  const taking = write(guard.second(disk), 2, 4, second);
  for (let turns = 0; turns < later; turns += 1) await Promise.resolve();
  view.wake();
  const ends = [await writing, await taking] as const;
  const { records } = await readRun(disk.restart("nothing"), FOLDER);
  for (const acknowledged of [first, second]) {
    assert.deepEqual(
      records.slice(0, acknowledged.length),
      acknowledged,
      "acknowledged, then lost",
    );
  }
  const last = ends[0].fence > ends[1].fence ? 0 : 1;
  // The first may be the last, where it had not begun; its disk may fail then too.
  if (ends[last].how !== "done") assert.deepEqual([last, ends[0].how], [0, "write_failed"]);
  assert.equal(records.length, [first, second][last]?.length, "more than its last owner knows");
  return { finished: finished !== "stopped", ends: ends.map(({ how }) => how) };
}

async function everywhere(guard: Guards): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const seed of [1, 2, 3, 12, 47, 354]) {
    const { below } = createRandom(seed);
    for (let at = 1; ; at += 1) {
      const { finished, ends } = await round(seed * 1000 + at, at, below(400), guard);
      seen.set(String(ends), (seen.get(String(ends)) ?? 0) + 1);
      if (finished) break;
    }
  }
  return seen;
}

describe("an owner that wakes in another's run", () => {
  it("harms nothing, wherever it was stopped", async () => {
    const seen = await everywhere({ first: asItIs, second: asItIs });
    assert.ok((seen.get("fenced,done") ?? 0) > 40, JSON.stringify([...seen]));
  });

  it("harms nothing when its disk fails, and it cuts back", async () => {
    const failing = (disk: Disk): Disk => {
      let syncs = 0;
      return withFiles(disk, (file) => ({
        datasync: async () => {
          syncs += 1;
          if (syncs > 2) throw diskError("EIO");
          await file.datasync();
        },
      }));
    };
    const seen = await everywhere({ first: failing, second: asItIs });
    assert.ok((seen.get("fenced,done") ?? 0) > 40, JSON.stringify([...seen]));
  });

  it("would acknowledge records that are void if it did not look for its successor", async () => {
    const blind = (disk: Disk): Disk => ({
      ...disk,
      stat: async (path) => (/owner\.\d+$/.test(path) ? undefined : disk.stat(path)),
    });
    await assert.rejects(everywhere({ first: blind, second: blind }), /then lost|last owner/);
  });
});

describe("a run of many owners on a disk that forgets", () => {
  /** Power cuts at every operation of claiming, opening and writing of one of three owners; how many there were. */
  async function cutEverywhere(victim: number, guard = (disk: Disk) => disk): Promise<number> {
    for (let crashAt = 1; ; crashAt += 1) {
      let disk = await newRun(crashAt);
      let known: readonly JournalRecord[] = [];
      let crashed = false;
      for (let pid = 1; pid <= 3; pid += 1) {
        const power = pid === victim ? { crashAt } : {};
        disk = disk.restart(pid === 1 ? "everything" : survival(crashAt), {
          seed: crashAt + pid,
          ...power,
        });
        const acknowledged: JournalRecord[] = [];
        const writing = write(guard(disk), pid, 3, acknowledged).then(({ how }) => how);
        const end = await Promise.race([writing, disk.crashed.then(() => "crashed")]);
        assert.ok(end === "crashed" || end === "done", `owner ${pid}, crash ${crashAt}: ${end}`);
        crashed ||= end === "crashed";
        if (acknowledged.length >= known.length) {
          assert.deepEqual(acknowledged.slice(0, known.length), known, "acknowledged, then lost");
          known = acknowledged;
        }
      }
      const { records } = await readRun(disk.restart(survival(crashAt)), FOLDER);
      assert.deepEqual(records.slice(0, known.length), known, "acknowledged, then lost");
      if (!crashed) return crashAt - 1;
    }
  }

  const survival = (crashAt: number) => (crashAt % 2 === 0 ? "nothing" : "some");

  it("keeps every acknowledged record", async () => {
    for (const victim of [1, 2, 3]) {
      const cuts = await cutEverywhere(victim);
      assert.ok(cuts > 20, `${cuts} cuts of owner ${victim}`);
    }
  });

  it("would not without the sync of the owner's name", async () => {
    const guard = (disk: Disk): Disk => ({
      ...disk,
      syncFolder: async (path) => (path === FOLDER ? undefined : disk.syncFolder(path)),
    });
    await assert.rejects(cutEverywhere(1, guard));
  });
});
