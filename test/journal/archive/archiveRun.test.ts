/** A run as one file: it comes back byte for byte, and a file that is broken anywhere brings nothing back. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  type ArchivePlace,
  archiveRun,
  restoreRun,
} from "../../../src/journal/archive/archiveRun.ts";
import { removeRun, sizeOfRun, sweep } from "../../../src/journal/archive/removeRun.ts";
import { createDisk } from "../../../src/journal/disk.ts";
import { openJournal } from "../../../src/journal/fileJournal.ts";
import { readRun } from "../../../src/journal/follow.ts";
import { systemClock } from "../../../src/journal/machine/clock.ts";
import { createMachine } from "../../../src/journal/machine/machine.ts";
import { claimRun } from "../../../src/journal/owner.ts";
import { listRuns, runFolder } from "../../../src/journal/runFolder.ts";
import { createRandom } from "../../simulation/random.ts";
import { runIdOf, storeRun } from "../history/storedRuns.ts";

const disk = createDisk();
const RUN = runIdOf(3);

function placeAt(state: string): ArchivePlace {
  const erase = (folder: string) => rm(folder, { recursive: true, force: true });
  return { disk, state, random: randomBytes, now: Date.now, erase };
}

interface Scene {
  readonly here: ArchivePlace;
  readonly there: ArchivePlace;
  readonly file: string;
}

/** A run with output and a value of its own, archived; and a second, empty state folder. */
async function archived(t: TestContext): Promise<Scene> {
  const root = await mkdtemp(join(tmpdir(), "fermata-archive-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const [here, there] = [placeAt(join(root, "here")), placeAt(join(root, "there"))];
  await mkdir(here.state);
  await storeRun(here.state, 3);
  const folder = runFolder(here.state, RUN);
  await writeFile(join(folder, "output", "draft.1.jsonl"), '{"text":"Grüße"}\n');
  await writeFile(join(folder, "output", "each[0]~call.1.jsonl"), "odd name\n");
  const value = Buffer.from(JSON.stringify("x".repeat(40_000)));
  const hash = createHash("sha256").update(value).digest("hex");
  await writeFile(join(folder, "blobs", hash), value);
  await writeFile(join(folder, "blobs", `${hash}.1.tmp`), "left by a crash");
  await writeFile(join(folder, "inbox", "a-message"), "for nobody else");
  await writeFile(join(folder, "inbox.key"), "a secret of this machine");
  const file = join(root, "run.fermata.gz");
  await archiveRun(here, RUN, file);
  return { here, there, file };
}

async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const files = new Map<string, string>();
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files.set(name, await readFile(path, "latin1"));
  }
  return files;
}

/** Nothing came of it: not a run, not a folder, not a file. */
async function assertNothing({ state }: ArchivePlace, how: string): Promise<void> {
  assert.deepEqual(await listRuns(disk, state), [], how);
  const arriving = await readdir(join(state, "arriving")).catch(() => []);
  assert.deepEqual(arriving, [], how);
}

test("a run comes back as it was, without what belongs to its machine", async (t) => {
  const { here, there, file } = await archived(t);
  const text = gunzipSync(await readFile(file)).toString("latin1");
  assert.ok(!text.includes("a secret of this machine") && !text.includes("for nobody else"));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await restoreRun(there, file), RUN);
  const [before, after] = await Promise.all(
    [here, there].map(({ state }) => contents(runFolder(state, RUN))),
  );
  const carried = [...(before?.keys() ?? [])].filter(
    (name) => /^(journal|output|blobs)/.test(name) && !name.endsWith(".tmp") && !name.includes("["),
  );
  assert.ok(carried.length >= 3);
  for (const name of carried) assert.equal(after?.get(name), before?.get(name), name);
  const own = [...(after?.keys() ?? [])].filter((name) => !carried.includes(name));
  assert.deepEqual(own, ["inbox.key", "owner.1", "released.1", "restored.json"]);
  assert.notEqual(after?.get("inbox.key"), before?.get("inbox.key"));
  const records = async ({ state }: ArchivePlace) =>
    (await readRun(disk, runFolder(state, RUN))).records;
  assert.deepEqual(await records(there), await records(here));
});

test("a run that came back can be taken and written on", async (t) => {
  const { there, file } = await archived(t);
  await restoreRun(there, file);
  const folder = runFolder(there.state, RUN);
  const machine = createMachine();
  const owner = { disk, folder, machine, clock: systemClock, random: randomBytes };
  const claim = await claimRun(owner);
  assert.ok(claim.status === "owned");
  const { ownership: tenure } = claim;
  assert.equal(tenure.fence, 2);
  const opened = await openJournal({ disk, folder, run: RUN, tenure, now: Date.now });
  const count = opened.records.length;
  await opened.journal.append([{ type: "run_paused", by: "t" }], Date.now());
  await opened.journal.close();
  await tenure.release();
  assert.equal((await readRun(disk, folder)).records.length, count + 1);
});

test("nothing is overwritten: not a file, not a run", async (t) => {
  const { here, there, file } = await archived(t);
  const before = await readFile(file);
  await assert.rejects(archiveRun(here, RUN, file), { code: "EEXIST" });
  assert.deepEqual(await readFile(file), before);
  await restoreRun(there, file);
  const kept = await contents(runFolder(there.state, RUN));
  await assert.rejects(restoreRun(there, file), /its run run_\w+ is here already$/);
  assert.deepEqual(await contents(runFolder(there.state, RUN)), kept);
  const both = placeAt(join(there.state, "second"));
  const results = await Promise.allSettled([restoreRun(both, file), restoreRun(both, file)]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("an archive that is cut or changed anywhere is refused in a sentence, and brings nothing", async (t) => {
  const { there, file } = await archived(t);
  const whole = await readFile(file);
  const plain = gunzipSync(whole);
  const random = createRandom(11);
  const broken: [string, Buffer][] = [["empty", Buffer.alloc(0)]];
  for (let at = 0; at < 20; at += 1) {
    const cut = random.below(whole.length);
    broken.push([`cut at ${cut}`, whole.subarray(0, cut)]);
    const bit = random.below(whole.length * 8);
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    // Bytes 3 to 9 are gzip's own: flags, time, system. Some of them mean nothing.
    if (bit >> 3 > 9) broken.push([`bit ${bit}`, flipped]);
    const inner = Buffer.from(plain);
    const place = random.below(plain.length);
    inner[place] = (inner[place] ?? 0) ^ 1;
    broken.push([`plain byte ${place}`, gzipSync(inner)]);
    broken.push([`plain cut at ${place}`, gzipSync(plain.subarray(0, place))]);
  }
  broken.push(["something after it", gzipSync(Buffer.concat([plain, Buffer.from("x\n")]))]);
  broken.push(["a text", Buffer.from("# Notes\n")]);
  broken.push(["gzip of a text", gzipSync("# Notes\n")]);
  for (const [how, bytes] of broken) {
    await writeFile(file, bytes);
    await assert.rejects(
      restoreRun(there, file),
      { name: "ArchiveRefused", message: /^[a-z].{10,120}[^.]$/ },
      how,
    );
    await assertNothing(there, how);
  }
});

test("an archive made to do harm leads nowhere", async (t) => {
  const { there, file } = await archived(t);
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const craft = (files: readonly (readonly [string, string])[], run = RUN, format = 1): Buffer => {
    let text = `${JSON.stringify({ type: "fermata-run", format, run, at: 1 })}\n`;
    for (const [path, body] of files) {
      const bytes = Buffer.byteLength(body);
      text += `${JSON.stringify({ type: "file", path, bytes, sha256: sha(body) })}\n${body}\n`;
    }
    text += `${JSON.stringify({ type: "end", files: files.length, sha256: sha(text) })}\n`;
    return gzipSync(text);
  };
  const [plain] = gunzipSync(await readFile(file))
    .toString("utf8")
    .split("\n")
    .slice(2);
  for (const [how, bytes, says] of [
    [
      "out of the folder",
      craft([["../../evil", "x"]]),
      /holds "\.\.\/\.\.\/evil", which no run has/,
    ],
    ["absolute", craft([["/tmp/evil", "x"]]), /which no run has/],
    ["an owner", craft([["owner.1", "{}"]]), /which no run has/],
    ["out through output", craft([["output/../../x.jsonl", "x"]]), /which no run has/],
    [
      "twice",
      craft([
        ["output/a.1.jsonl", "x"],
        ["output/a.1.jsonl", "y"],
      ]),
      /which no run has/,
    ],
    ["a run's name that is none", craft([], "../../evil"), /first line is broken/],
    [
      "another run's journal",
      craft([["journal.jsonl", `${plain}\n`]], runIdOf(9)),
      /another run's/,
    ],
    ["no journal", craft([]), /another run's/],
    ["a newer version", craft([], RUN, 2), /newer version of Fermata/],
    ["a broken journal", craft([["journal.jsonl", "{}\n"]]), /another run's|cut short|broken/],
  ] as const) {
    await writeFile(file, bytes);
    await assert.rejects(restoreRun(there, file), says, how);
    await assertNothing(there, how);
  }
});

test("a run whose journal is damaged is not archived", async (t) => {
  const { here } = await archived(t);
  const journal = join(runFolder(here.state, RUN), "journal.jsonl");
  const text = await readFile(journal, "utf8");
  await writeFile(journal, text.replace('"type":"task_started"', '"type":"task_sTarted"'));
  const file = join(here.state, "again.gz");
  await assert.rejects(archiveRun(here, RUN, file), { code: "damaged" });
  assert.deepEqual((await readdir(here.state)).sort(), ["runs"]);
});

test("a run is removed whole: what a crash leaves of it is no run, and is swept away later", async (t) => {
  const { here } = await archived(t);
  assert.ok((await sizeOfRun(here, RUN)) > 40_000);
  const crashing = { ...here, erase: () => Promise.reject(new Error("the power went")) };
  await assert.rejects(removeRun(crashing, RUN), /the power went/);
  assert.deepEqual(await listRuns(disk, here.state), []);
  assert.equal((await readdir(join(here.state, "leaving"))).length, 1);
  await sweep(here);
  assert.deepEqual(await readdir(join(here.state, "leaving")), []);
  await sweep(here);
});

test("a rename that fails leaves the run as it was", async (t) => {
  const { here } = await archived(t);
  const refusing = { ...disk, rename: () => Promise.reject(new Error("no")) };
  const before = await contents(runFolder(here.state, RUN));
  await assert.rejects(removeRun({ ...here, disk: refusing }, RUN), /no/);
  assert.deepEqual(await contents(runFolder(here.state, RUN)), before);
});

test("a run that is being restored is swept away only when it was forgotten", async (t) => {
  const { here } = await archived(t);
  const arriving = join(here.state, "arriving");
  await mkdir(arriving);
  await rename(runFolder(here.state, RUN), join(arriving, `${RUN}.abc`));
  await sweep(here);
  assert.equal((await readdir(arriving)).length, 1);
  await utimes(join(arriving, `${RUN}.abc`), 1, 1);
  await sweep(here);
  assert.deepEqual(await readdir(arriving), []);
});
