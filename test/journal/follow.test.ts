import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { describe, it } from "node:test";
import { JournalFailure, type JournalRecord } from "../../src/engine/journal.ts";
import { createDisk } from "../../src/journal/disk.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import { type Followed, followJournal, readRun } from "../../src/journal/follow.ts";
import { systemClock } from "../../src/journal/machine/clock.ts";
import { encodeAdoption } from "../../src/journal/record.ts";
import { runPaths } from "../../src/journal/runFolder.ts";
import { createSimulatedDisk } from "../simulation/disk.ts";
import { event } from "./contract.ts";
import { inScratch, place, tenure } from "./scratch.ts";

type Step = Followed<JournalRecord["event"]>;

/** Follows a run in the background; `until` waits for what it has told so far. */
function follow(folder: string, disk = createDisk()) {
  const end = new AbortController();
  let told: JournalRecord[] = [];
  let restarts = 0;
  let wake = () => {};
  const take = ({ records, restart }: Step) => {
    told = restart ? [...records] : [...told, ...records];
    restarts += restart ? 1 : 0;
    wake();
  };
  const done = (async () => {
    const options = { disk, folder, clock: systemClock, signal: end.signal, pollMs: 20 };
    for await (const step of followJournal(options)) take(step);
  })();
  done.catch(() => wake());
  return {
    done,
    restarts: () => restarts,
    until: async (holds: (records: readonly JournalRecord[]) => boolean) => {
      while (!holds(told)) {
        const next = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([next, done]);
      }
      return told;
    },
    stop: async () => {
      end.abort();
      await done;
    },
  };
}

describe("following a run", () => {
  it("gives what is there and then what comes, also large values, until told to stop", () =>
    inScratch(async (folder) => {
      const following = follow(folder);
      const { journal } = await openJournal(place(createDisk(), folder));
      const written = [...(await journal.append([event(1), event(2)], 1))];
      await following.until((told) => told.length === 2);
      const tricky = { $blob: "mine", $$blob: 1, text: "long ".repeat(9000) };
      written.push(...(await journal.append([{ type: "large", tricky }], 2)));
      for (let n = 4; n <= 30; n += 1) written.push(...(await journal.append([event(n)], n)));
      assert.deepEqual(await following.until((told) => told.length === 30), written);
      assert.equal(following.restarts(), 0);
      await following.stop();
      await journal.close();
      assert.deepEqual(await readRun(createDisk(), folder), { records: written, tornBytes: 0 });
    }));

  it("goes on under the next owner", () =>
    inScratch(async (folder) => {
      const first = await openJournal(place(createDisk(), folder));
      await first.journal.append([event(1)], 1);
      const following = follow(folder);
      await following.until((told) => told.length === 1);
      await fs.appendFile(runPaths(folder).journal, '{"seq":2,"fence":1,"torn');
      const second = await openJournal(place(createDisk(), folder, tenure(2)));
      await second.journal.append([event(2)], 2);
      const told = await following.until((records) => records.length === 2);
      assert.deepEqual(
        told.map(({ fence }) => fence),
        [1, 2],
      );
      await following.stop();
      await first.journal.close();
      await second.journal.close();
    }));

  it("starts afresh when what it told was made void, or the file is another", () =>
    inScratch(async (folder) => {
      const { journal: file } = runPaths(folder);
      const first = await openJournal(place(createDisk(), folder));
      const tricky = { type: "x", $blob: "mine", text: "long ".repeat(9000) };
      await first.journal.append([event(1), tricky], 1);
      const after = (await fs.stat(file)).size;
      await first.journal.append([event(3)], 1);
      const following = follow(folder);
      await following.until((told) => told.length === 3);
      await fs.appendFile(file, encodeAdoption({ fence: 2, at: 1, after }));
      const told = await following.until((records) => records.length === 2);
      assert.deepEqual(told[1]?.event, tricky);
      assert.equal(following.restarts(), 1);

      const text = await fs.readFile(file);
      await fs.writeFile(file, text.subarray(0, after));
      await following.until(() => following.restarts() === 2);
      await following.stop();
      await first.journal.close();
    }));

  it("ends with the damage it meets", () =>
    inScratch(async (folder) => {
      const { journal } = await openJournal(place(createDisk(), folder));
      for (const n of [1, 2, 3]) await journal.append([event(n)], n);
      await journal.close();
      const file = runPaths(folder).journal;
      const text = await fs.readFile(file, "utf8");
      await fs.writeFile(file, text.replace('"n":2', '"n":7'));
      const isDamage = (why: unknown) => why instanceof JournalFailure && why.code === "damaged";
      await assert.rejects(follow(folder).done, isDamage);
      await assert.rejects(readRun(createDisk(), folder), isDamage);
    }));

  it("tells nothing that a power cut could take back, and writes nothing", async () => {
    const disk = createSimulatedDisk({ seed: 3 });
    await disk.makeFolder("/run");
    await disk.makeFolder("/run/blobs");
    for (const folder of ["/", "/run"]) await disk.syncFolder(folder);
    const lazy = {
      ...disk,
      openAppend: async (path: string) => ({
        ...(await disk.openAppend(path)),
        datasync: async () => {},
      }),
    };
    const { journal } = await openJournal(place(lazy, "/run"));
    await journal.append([event(1)], 1);
    const names: string[] = [];
    const watched = new Proxy(disk, {
      get: (target, name: keyof typeof disk) => {
        names.push(name);
        return target[name];
      },
    });
    const following = follow("/run", watched);
    await following.until((told) => told.length === 1);
    await following.stop();
    const { records } = await readRun(disk.restart("nothing"), "/run");
    assert.equal(records.length, 1);
    assert.deepEqual([...new Set(names)].sort(), ["read", "stat", "syncFile", "watch"]);
  });
});
