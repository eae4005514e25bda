/**
 * Real processes that are killed and stopped in the middle of writing, and others that take their runs.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import type { JournalRecord } from "../../src/engine/journal.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import { claimRun, type Ownership } from "../../src/journal/owner.ts";
import { Child, is } from "./child.ts";
import { ownerPlace } from "./ownerChild.ts";
import { inScratch, RUN } from "./scratch.ts";

async function take(folder: string): Promise<Ownership> {
  for (;;) {
    const claim = await claimRun(ownerPlace(folder));
    if (claim.status === "owned") return claim.ownership;
  }
}

async function open(folder: string, tenure: Ownership) {
  const { disk, clock } = ownerPlace(folder);
  return openJournal({ disk, folder, run: RUN, tenure, now: clock.now });
}

async function readAll(folder: string): Promise<readonly JournalRecord[]> {
  const tenure = await take(folder);
  const { journal, records } = await open(folder, tenure);
  await journal.close();
  await tenure.release();
  return records;
}

function withoutGaps(records: readonly JournalRecord[]): void {
  assert.deepEqual(
    records.map(({ seq }) => seq),
    records.map((_, index) => index + 1),
  );
}

async function writing(child: Child, folder: string, count: number): Promise<void> {
  await child.until((reports) => reports.some(is("ready")));
  child.send({ order: "write", folder });
  await child.until((reports) => reports.filter(is("acknowledged")).length >= count);
}

describe("a run whose process was killed", () => {
  it("is taken at once and has every acknowledged record", () =>
    inScratch(async (folder) => {
      let total = 0;
      for (let round = 1; round <= 6; round += 1) {
        const child = new Child();
        await writing(child, folder, round * 7);
        await child.end();
        const tenure = await take(folder);
        assert.equal(tenure.earlierDead, true);
        const { journal, records } = await open(folder, tenure);
        withoutGaps(records);
        assert.ok(records.length >= child.acknowledged, `${records.length} ${child.acknowledged}`);
        assert.ok(records.length <= child.acknowledged + 1000 && records.length > total);
        total = records.length;
        await journal.close();
        await tenure.release();
      }
    }));
});

describe("a process that is stopped, and wakes when its run is another's", () => {
  it("acknowledges nothing more, and what both acknowledged is there", () =>
    inScratch(async (folder) => {
      const mine: number[] = [];
      for (let round = 1; round <= 4; round += 1) {
        const child = new Child();
        await writing(child, folder, round * 5);
        child.process.kill("SIGSTOP");
        const tenure = await take(folder);
        assert.equal(tenure.earlierDead, false);
        const { journal, records } = await open(folder, tenure);
        withoutGaps(records);
        const append = async () => {
          const [record] = await journal.append([{ type: "noted", pid: process.pid }], 1);
          mine.push(record?.seq ?? 0);
        };
        await append();
        child.process.kill("SIGCONT");
        for (let n = 0; n < 20; n += 1) await append();
        await child.until((reports) => reports.some(is("stopped")));
        await append();
        const stopped = child.reports.find(is("stopped"));
        assert.deepEqual(stopped, { report: "stopped", code: "fenced" });
        assert.ok(child.acknowledged <= records.length, "acknowledged after it was passed");
        if (child.process.exitCode === null) await once(child.process, "exit");
        await journal.close();
        await tenure.release();
      }
      const records = await readAll(folder);
      withoutGaps(records);
      for (const seq of mine) assert.equal(records[seq - 1]?.event.pid, process.pid);
    }));
});
