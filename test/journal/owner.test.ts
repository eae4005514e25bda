import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { claimRun, describeHolder, type Ownership, readOwner } from "../../src/journal/owner.ts";
import { Child, is } from "./child.ts";
import { HEARTBEAT_MS, ownerPlace, type Report } from "./ownerChild.ts";
import { inScratch, RUN, removeFolder, scratchFolder } from "./scratch.ts";

/** A process number that no process has. */
const NOBODY = 2 ** 22 + 1;

async function leaveDeadOwner(folder: string, fence = 1): Promise<void> {
  const { self } = ownerPlace(folder).machine;
  const text = JSON.stringify({ ...self, pid: NOBODY, fence });
  await fs.writeFile(path.join(folder, `owner.${fence}`), text);
}

async function own(folder: string): Promise<Ownership> {
  const claim = await claimRun(ownerPlace(folder));
  if (claim.status !== "owned") return assert.fail(`held: ${claim.why}`);
  return claim.ownership;
}

describe("owner of a run", () => {
  it("is the first who comes, with fence 1", () =>
    inScratch(async (folder) => {
      const first = await own(folder);
      assert.deepEqual([first.fence, first.earlierDead, await first.passed()], [1, true, false]);
      const second = await claimRun(ownerPlace(folder));
      assert.ok(second.status === "held" && second.why === "alive");
      assert.match(describeHolder(RUN, second), new RegExp(`driven by process ${process.pid} on `));
      const names = await fs.readdir(folder);
      assert.deepEqual(names.sort(), ["blobs", "owner.1"], "no temporary file stays");
      await first.release();
    }));

  it("can be the next at once when it was let go, or its process is gone", () =>
    inScratch(async (folder) => {
      await (await own(folder)).release();
      const second = await own(folder);
      assert.deepEqual([second.fence, second.earlierDead], [2, true]);
      await second.release();
      await leaveDeadOwner(folder, 3);
      const fourth = await own(folder);
      assert.deepEqual([fourth.fence, fourth.earlierDead], [4, true]);
      await fourth.release();
    }));

  it("is not the one whose number went to another process", () =>
    inScratch(async (folder) => {
      const { self } = ownerPlace(folder).machine;
      const other = { ...self, start: (self.start ?? 0) + 1 };
      await fs.writeFile(path.join(folder, "owner.1"), JSON.stringify(other));
      assert.equal((await readOwner(ownerPlace(folder)))?.sight, "gone");
    }));

  for (const [what, text] of [
    ["of another boot", (self: object) => JSON.stringify({ ...self, boot: "another" })],
    ["whose file cannot be read", () => "{"],
  ] as const) {
    it(`${what} is taken from after three missed heartbeats, and not trusted to be dead`, () =>
      inScratch(async (folder) => {
        const place = ownerPlace(folder);
        await fs.writeFile(path.join(folder, "owner.1"), text(place.machine.self));
        const from = performance.now();
        const second = await own(folder);
        assert.ok(performance.now() - from >= 3 * HEARTBEAT_MS);
        assert.deepEqual([second.fence, second.earlierDead], [2, false]);
        await second.release();
      }));
  }

  it("on another host is followed, unless told to take over, and then only when silent", () =>
    inScratch(async (folder) => {
      const place = ownerPlace(folder);
      const file = path.join(folder, "owner.1");
      await fs.writeFile(file, JSON.stringify({ ...place.machine.self, host: "elsewhere.test" }));
      const held = await claimRun(place);
      assert.ok(held.status === "held" && held.why === "elsewhere");
      assert.match(describeHolder(RUN, held), /elsewhere\.test.*--take-over/);
      const beating = setInterval(() => void fs.utimes(file, new Date(), new Date()), HEARTBEAT_MS);
      const alive = await claimRun(place, { takeOver: true });
      clearInterval(beating);
      assert.ok(alive.status === "held" && alive.why === "alive");
      const taken = await claimRun(place, { takeOver: true });
      assert.ok(taken.status === "owned" && !taken.ownership.earlierDead);
      await taken.ownership.release();
    }));

  it("hears that it lost the run, and that its folder is gone", () =>
    inScratch(async (folder) => {
      const first = await own(folder);
      await leaveDeadOwner(folder, 2);
      if (!first.lost.aborted) await once(first.lost, "abort");
      assert.match(String(first.lost.reason), /took over/);
      assert.equal(await first.passed(), true);
      const third = await own(folder);
      await removeFolder(folder);
      if (!third.lost.aborted) await once(third.lost, "abort");
      assert.match(String(third.lost.reason), /gone/);
      await Promise.all([first.release(), third.release()]);
    }));
});

/** How many processes won, for each round; each round is a run whose owner is dead. */
async function races(rounds: number, sloppy: boolean): Promise<number[]> {
  const children = Array.from({ length: 4 }, () => new Child());
  const won: number[] = [];
  try {
    await Promise.all(children.map((child) => child.until((reports) => reports.some(is("ready")))));
    for (let round = 1; round <= rounds; round += 1) {
      const folder = await scratchFolder();
      await leaveDeadOwner(folder);
      const at = Date.now() + 4;
      for (const child of children) child.send({ order: "race", folder, at, sloppy });
      const raced = (reports: readonly Report[]) => reports.filter(is("raced")).length >= round;
      await Promise.all(children.map((child) => child.until(raced)));
      const results = children.map((child) => child.reports.filter(is("raced"))[round - 1]);
      won.push(results.filter((each) => each?.report === "raced" && each.won).length);
      await removeFolder(folder);
    }
  } finally {
    await Promise.all(children.map((child) => child.end()));
  }
  return won;
}

describe("processes that race for one run", () => {
  it("make one owner, never two", async () => {
    const won = await races(60, false);
    assert.deepEqual([...new Set(won)], [1]);
  });

  it("would make two by renaming, so the race is a real one", async () => {
    const won = await races(20, true);
    assert.ok(
      won.some((count) => count > 1),
      String(won),
    );
  });
});
