/** The file of the index may be broken, foreign, locked or gone: the answers stay right, and it is whole afterwards. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { seal } from "../../../src/journal/history/seal.ts";
import { systemClock } from "../../../src/journal/machine/clock.ts";
import { until } from "../../process/until.ts";
import { idsOf, machine, scene } from "./indexScene.ts";
import { runIdOf, storeRun } from "./storedRuns.ts";

/** Each makes the file of a whole index something else. */
const BREAKAGES: readonly (readonly [string, (file: string, other: string) => Promise<void>])[] = [
  ["emptied", (file) => truncate(file, 0)],
  ["cut in the header", (file) => truncate(file, 50)],
  ["cut in half", async (file) => truncate(file, Math.floor((await stat(file)).size / 2))],
  ["a text", (file) => writeFile(file, "not a database at all ".repeat(500))],
  ["zeros", async (file) => writeFile(file, new Uint8Array((await stat(file)).size))],
  ["nonsense under a right seal", (file) => resealed(file, (image) => image.fill(7, 4096))],
  ["a table less under a right seal", (file) => resealed(file, renameTable)],
  ["another workspace's", async (file, other) => writeFile(file, await readFile(other))],
  ...[18, 60, 68, 500, 4096, 5000, 20_000].map(
    (at) => [`a bit flipped at ${at}`, (file: string) => flip(file, at)] as const,
  ),
];

async function resealed(file: string, change: (image: Buffer) => void): Promise<void> {
  const image = await readFile(file);
  change(image);
  await writeFile(file, seal(image));
}

function renameTable(image: Buffer): void {
  image.write("CREATE TABLE tusks", image.indexOf("CREATE TABLE tasks"));
}

async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, "r+");
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0x10;
  await handle.write(byte, 0, 1, at);
  await handle.close();
}

test("a broken or foreign index is made anew from the journals, and is whole again afterwards", async (t) => {
  const place = await scene(t, 10);
  const other = await scene(t, 3);
  const elsewhere = other.open();
  await elsewhere.refresh();
  await elsewhere.dispose();
  const first = place.open();
  const wanted = await idsOf(first);
  await first.dispose();
  assert.ok((await stat(place.file)).size > 20_000);
  for (const [how, damage] of BREAKAGES) {
    await damage(place.file, other.file);
    place.reads();
    const index = place.open();
    assert.equal((await index.refresh()).figures.found, "broken", how);
    assert.deepEqual(await idsOf(index), wanted, how);
    assert.equal(place.reads().length, 10, how);
    await index.dispose();
    const healed = place.open();
    assert.deepEqual(await idsOf(healed), wanted, how);
    assert.deepEqual(place.reads(), [], `${how}: not healed`);
    await healed.dispose();
  }
});

test("a deleted index, a folder in its place, and no runs at all are nothing to stop at", async (t) => {
  const place = await scene(t);
  const none = place.open();
  assert.deepEqual(await idsOf(none), []);
  await none.dispose();
  assert.deepEqual(await readdir(place.state), []);
  await storeRun(place.state, 1);
  const index = place.open();
  assert.equal((await idsOf(index)).length, 1);
  await index.dispose();
  await rm(place.file);
  const again = place.open();
  assert.equal((await again.refresh()).figures.found, "none");
  await again.dispose();
});

test("a lock of a dead process is taken, one of a living process is respected", async (t) => {
  const place = await scene(t, 2);
  const lock = join(place.state, "index.lock");
  const { pid: _, start: __, ...here } = machine.self;
  for (const [name, text, written] of [
    ["dead", JSON.stringify({ ...here, pid: 2 ** 22 + 1, start: 1 }), true],
    ["reused number", JSON.stringify({ ...here, pid: process.pid, start: 1 }), true],
    ["alive", JSON.stringify(machine.self), false],
    ["fresh and unreadable", "{", false],
    ["another machine's, fresh", JSON.stringify({ host: "elsewhere", pid: 1 }), false],
  ] as const) {
    await rm(place.file, { force: true });
    await writeFile(lock, text);
    const index = place.open();
    await index.refresh();
    await index.dispose();
    const there = (await readdir(place.state)).sort();
    const wanted = written ? ["index.sqlite", "runs"] : ["index.lock", "runs"];
    assert.deepEqual(there, wanted, name);
    await rm(lock, { force: true });
  }
  await writeFile(lock, "{");
  await utimes(lock, 1, 1);
  const index = place.open();
  await index.refresh();
  await index.dispose();
  assert.deepEqual(
    (await readdir(place.state)).sort(),
    ["index.sqlite", "runs"],
    "old, unreadable",
  );
});

test("what a killed writer left beside the index is swept away by the next", async (t) => {
  const place = await scene(t, 2);
  for (const name of ["index.0123456789ab.tmp", "index.lock.0123456789ab.tmp"]) {
    await writeFile(join(place.state, name), "half");
    await utimes(join(place.state, name), 1, 1);
  }
  const index = place.open();
  await index.refresh();
  await index.dispose();
  assert.deepEqual((await readdir(place.state)).sort(), ["index.sqlite", "runs"]);
});

test("the index is written by itself once nothing is asked for a while, and a question puts that off", async (t) => {
  const place = await scene(t, 2);
  const rests: { readonly end: () => void; readonly signal: AbortSignal | undefined }[] = [];
  const clock = {
    ...systemClock,
    wait: (_: number, { signal }: { readonly signal?: AbortSignal | undefined } = {}) =>
      new Promise<void>((end) => rests.push({ end, signal })),
  };
  const index = place.open(undefined, clock);
  await index.refresh();
  await index.refresh();
  rests[0]?.end();
  assert.deepEqual(
    rests.map(({ signal }) => signal?.aborted),
    [true, false],
  );
  await index.refresh();
  assert.deepEqual(await readdir(place.state), ["runs"]);
  rests.at(-1)?.end();
  await until("the index to be written", () => existsSync(place.file));
  await index.dispose();
});

test("two at once over one folder answer alike, and leave a whole index", async (t) => {
  const place = await scene(t, 8);
  const [a, b] = [place.open(), place.open()];
  const wanted = await idsOf(a);
  for (let round = 8; round < 20; round += 1) {
    await storeRun(place.state, round);
    wanted.unshift(runIdOf(round));
    const [ofA, ofB] = await Promise.all([idsOf(a), idsOf(b)]);
    assert.deepEqual(ofA, wanted);
    assert.deepEqual(ofB, wanted);
    await Promise.all([a.save(), b.save()]);
  }
  await Promise.all([a.dispose(), b.dispose()]);
  place.reads();
  const next = place.open();
  assert.deepEqual(await idsOf(next), wanted);
  assert.equal((await next.refresh()).figures.found, "whole");
  assert.ok(place.reads().length <= 1, "more than the last round was lost");
  await next.dispose();
});
