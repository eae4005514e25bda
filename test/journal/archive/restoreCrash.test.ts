/** The power goes at every operation of a restoration: a run is there whole, or not at all; what was acknowledged is there. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  type ArchivePlace,
  archiveRun,
  restoreRun,
} from "../../../src/journal/archive/archiveRun.ts";
import { removeRun } from "../../../src/journal/archive/removeRun.ts";
import { createDisk, type Disk } from "../../../src/journal/disk.ts";
import { readRun } from "../../../src/journal/follow.ts";
import { listRuns, runFolder } from "../../../src/journal/runFolder.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../simulation/disk.ts";
import { recordsOf, runIdOf, storeRun } from "../history/storedRuns.ts";

const NUMBER = 3;
const RUN = runIdOf(NUMBER);
const STATE = "/state";
const BESIDE = [`blobs/${"0".repeat(64)}`, "output/draft.1.jsonl"];
const SURVIVALS = ["nothing", "some", "everything"] as const;

let root = "";
let file = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "fermata-restore-"));
  await mkdir(join(root, "state"));
  await storeRun(join(root, "state"), NUMBER);
  const folder = runFolder(join(root, "state"), RUN);
  for (const name of BESIDE) await writeFile(join(folder, name), "something");
  file = join(root, "run.gz");
  await archiveRun(placeOn(createDisk(), join(root, "state")), RUN, file);
});
after(() => rm(root, { recursive: true, force: true }));

function placeOn(disk: Disk, state = STATE): ArchivePlace {
  return { disk, state, random: randomBytes, now: () => 1, erase: async () => undefined };
}

/** Does the work until it ends or the power goes; true when it was acknowledged. */
async function untilCrash(disk: SimulatedDisk, work: () => Promise<unknown>): Promise<boolean> {
  return Promise.race([work().then(() => true), disk.crashed.then(() => false)]);
}

async function assertWhole(disk: Disk, how: string): Promise<void> {
  const { records, tornBytes } = await readRun(disk, runFolder(STATE, RUN));
  assert.equal(records.length, recordsOf(NUMBER).length, how);
  assert.equal(tornBytes, 0, how);
  for (const name of BESIDE) {
    const there = await disk.read(`${runFolder(STATE, RUN)}/${name}`);
    assert.equal(there.toString("utf8"), "something", how);
  }
  const names = await disk.list(runFolder(STATE, RUN));
  for (const name of ["inbox.key", "owner.1", "released.1", "restored.json"])
    assert.ok(names.includes(name), `${how}: ${name} is missing`);
}

test("a run is restored whole or not at all, wherever the power goes", async () => {
  const calm = createSimulatedDisk({ seed: 1 });
  assert.ok(await untilCrash(calm, () => restoreRun(placeOn(calm), file)));
  const { operations } = calm;
  assert.ok(operations > 20);
  const seen = { whole: 0, nothing: 0 };
  for (let crashAt = 1; crashAt <= operations + 1; crashAt += 1) {
    for (const survival of SURVIVALS) {
      const how = `crash at ${crashAt}, ${survival} survives`;
      const disk = createSimulatedDisk({ seed: crashAt, crashAt });
      const acknowledged = await untilCrash(disk, () => restoreRun(placeOn(disk), file));
      const next = disk.restart(survival, { crashAt: Number.POSITIVE_INFINITY });
      const runs = await listRuns(next, STATE);
      if (acknowledged) assert.deepEqual(runs, [RUN], how);
      if (runs.length > 0) await assertWhole(next, how);
      seen[runs.length > 0 ? "whole" : "nothing"] += 1;
    }
  }
  assert.ok(seen.whole > 3 && seen.nothing > 20, JSON.stringify(seen));
});

test("a run is removed whole or not at all, wherever the power goes", async () => {
  const prepared = async (crashAfter: number) => {
    const disk = createSimulatedDisk({ seed: crashAfter });
    await restoreRun(placeOn(disk), file);
    return disk.restart("nothing", { crashAt: crashAfter });
  };
  const calm = await prepared(Number.POSITIVE_INFINITY);
  await removeRun(placeOn(calm), RUN);
  const { operations } = calm;
  assert.ok(operations > 3);
  for (let crashAt = 1; crashAt <= operations + 1; crashAt += 1) {
    for (const survival of SURVIVALS) {
      const how = `crash at ${crashAt}, ${survival} survives`;
      const disk = await prepared(crashAt);
      const acknowledged = await untilCrash(disk, () => removeRun(placeOn(disk), RUN));
      const next = disk.restart(survival, { crashAt: Number.POSITIVE_INFINITY });
      const runs = await listRuns(next, STATE);
      if (acknowledged) assert.deepEqual(runs, [], how);
      if (runs.length > 0) await assertWhole(next, how);
    }
  }
});
