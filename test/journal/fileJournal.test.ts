import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { JournalFailure } from "../../src/engine/journal.ts";
import { createDisk } from "../../src/journal/disk.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import { runPaths } from "../../src/journal/runFolder.ts";
import { event, journalContract } from "./contract.ts";
import {
  diskError,
  inScratch,
  place,
  removeFolder,
  scratchFolder,
  tenure,
  withFiles,
} from "./scratch.ts";

journalContract("in a file", async () => {
  const folder = await scratchFolder();
  let failing = false;
  const disk = withFiles(createDisk(), (file) => ({
    datasync: async () => {
      if (failing) {
        failing = false;
        throw diskError("EIO");
      }
      await file.datasync();
    },
  }));
  const { journal } = await openJournal(place(disk, folder));
  return {
    journal,
    recover: async () => {
      const next = await openJournal(place(createDisk(), folder, tenure(2)));
      await next.journal.close();
      return next.records;
    },
    failNext: () => {
      failing = true;
    },
    dispose: () => removeFolder(folder),
  };
});

/** A disk that counts the syncs of its files and folders. */
function countingDisk() {
  const counts = { data: 0, all: 0 };
  const real = createDisk();
  const count = <T>(kind: "data" | "all", job: () => Promise<T>): Promise<T> => {
    counts[kind] += 1;
    return job();
  };
  const disk = withFiles(
    {
      ...real,
      syncFile: (at) => count("all", () => real.syncFile(at)),
      syncFolder: (at) => count("all", () => real.syncFolder(at)),
    },
    (file) => ({ datasync: () => count("data", () => file.datasync()) }),
  );
  return { disk, counts };
}

describe("file journal", () => {
  it("costs one sync an append, and one for all that wait", () =>
    inScratch(async (folder) => {
      const { disk, counts } = countingDisk();
      const { journal } = await openJournal(place(disk, folder));
      for (let n = 1; n <= 20; n += 1) await journal.append([event(n), event(n)], n);
      assert.equal(counts.data, 20);
      await Promise.all(Array.from({ length: 100 }, (_, n) => journal.append([event(n)], n)));
      assert.ok(counts.data <= 22, `${counts.data} syncs`);
      await journal.append([event(0, { text: "x".repeat(16 * 1024) })], 1);
      assert.equal(counts.all, 1, "only the folder of the new file");
      await journal.close();
    }));

  it("is one readable line of JSON a record", () =>
    inScratch(async (folder) => {
      const { journal } = await openJournal(place(createDisk(), folder));
      await journal.append([event(1), event(2)], 7);
      await journal.close();
      const lines = (await fs.readFile(runPaths(folder).journal, "utf8")).split("\n");
      assert.equal(lines.length, 4);
      assert.deepEqual(
        lines.slice(0, 3).map((line) => ({ ...JSON.parse(line), crc: "" })),
        [
          {
            type: "journal",
            format: 1,
            run: "run_aaaaaaaaaaaa",
            fence: 1,
            at: 1_700_000_000_000,
            crc: "",
          },
          { seq: 1, fence: 1, at: 7, event: event(1), crc: "" },
          { seq: 2, fence: 1, at: 7, synced: 0, event: event(2), crc: "" },
        ],
      );
    }));

  it("writes on through short writes", () =>
    inScratch(async (folder) => {
      const disk = withFiles(createDisk(), (file) => ({
        write: (bytes) => file.write(bytes.subarray(0, Math.min(7, bytes.length))),
      }));
      const { journal } = await openJournal(place(disk, folder));
      const written = await journal.append([event(1), event(2)], 1);
      await journal.close();
      const next = await openJournal(place(createDisk(), folder, tenure(2)));
      assert.deepEqual(next.records, written);
      await next.journal.close();
    }));

  it("goes on with the numbers of what it read, under the new fence", () =>
    inScratch(async (folder) => {
      const first = await openJournal(place(createDisk(), folder));
      await first.journal.append([event(1)], 1);
      await first.journal.close();
      const second = await openJournal(place(createDisk(), folder, tenure(2)));
      assert.equal(second.records.length, 1);
      await second.journal.append([event(2)], 2);
      await second.journal.close();
      const third = await openJournal(place(createDisk(), folder, tenure(5)));
      assert.deepEqual(
        third.records.map(({ seq, fence }) => [seq, fence]),
        [
          [1, 1],
          [2, 2],
        ],
      );
      await third.journal.close();
    }));

  it("says what happened, to what, and the next move when the disk is full", () =>
    inScratch(async (folder) => {
      let full = false;
      const disk = withFiles(createDisk(), (file) => ({
        write: async (bytes) => {
          if (!full) return file.write(bytes);
          const some = await file.write(bytes.subarray(0, 10));
          if (some > 0) full = false;
          throw diskError("ENOSPC");
        },
      }));
      const { journal } = await openJournal(place(disk, folder));
      await journal.append([event(1)], 1);
      const size = (await fs.stat(runPaths(folder).journal)).size;
      full = true;
      const failure = await journal.append([event(2)], 2).catch((why: unknown) => why);
      assert.ok(failure instanceof JournalFailure);
      assert.match(
        failure.message,
        /journal\.jsonl could not be written: the disk is full \(ENOSPC\)/,
      );
      assert.match(failure.message, /cut back to its last whole record \(1, byte \d+\)/);
      assert.match(failure.message, /resume run_aaaaaaaaaaaa/);
      assert.equal((await fs.stat(runPaths(folder).journal)).size, size);
      await journal.close();
    }));

  it("does not cut a file that is another owner's by now", () =>
    inScratch(async (folder) => {
      let taken = false;
      const disk = withFiles(createDisk(), (file) => ({
        datasync: async () => {
          if (taken) throw diskError("EIO");
          await file.datasync();
        },
      }));
      const successor = path.join(folder, "owner.2");
      const owner = tenure(1, { passed: async () => taken, successor });
      const { journal } = await openJournal(place(disk, folder, owner));
      await journal.append([event(1)], 1);
      taken = true;
      await fs.writeFile(successor, "");
      const failure = await journal.append([event(2)], 2).catch((why: unknown) => why);
      assert.ok(failure instanceof JournalFailure && failure.code === "fenced");
      const text = await fs.readFile(runPaths(folder).journal, "utf8");
      assert.match(text, /"n":2/);
      await journal.close();
    }));

  it("acknowledges nothing once the run is another's", () =>
    inScratch(async (folder) => {
      let taken = false;
      const owner = tenure(1, { passed: async () => taken });
      const { journal } = await openJournal(place(createDisk(), folder, owner));
      taken = true;
      const failure = await journal.append([event(1)], 1).catch((why: unknown) => why);
      assert.ok(failure instanceof JournalFailure && failure.code === "fenced");
      assert.equal(journal.seq, 0);
      await journal.close();
    }));

  it("refuses to write below the fence that the file has seen", () =>
    inScratch(async (folder) => {
      const first = await openJournal(place(createDisk(), folder, tenure(3)));
      await first.journal.append([event(1)], 1);
      await first.journal.close();
      const failure = await openJournal(place(createDisk(), folder, tenure(1))).catch(
        (why: unknown) => why,
      );
      assert.ok(failure instanceof JournalFailure && failure.code === "fenced");
      assert.match(failure.message, /owner\.N/);
    }));
});
