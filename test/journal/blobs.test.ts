import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JournalEvent } from "../../src/engine/journal.ts";
import {
  type BlobStore,
  createBlobStore,
  deflate,
  inflate,
  MAX_INLINE_BYTES,
} from "../../src/journal/blobs.ts";
import type { Json } from "../../src/util/json.ts";
import { createSimulatedDisk } from "../simulation/disk.ts";
import { createRandom } from "../simulation/random.ts";

function memoryStore(): BlobStore & { readonly values: Map<string, Buffer> } {
  const values = new Map<string, Buffer>();
  return {
    values,
    store: async (blobs) => {
      for (const [hash, bytes] of blobs) values.set(hash, bytes);
    },
    load: async (hash) => JSON.parse(values.get(hash)?.toString("utf8") ?? "missing"),
  };
}

/** There and back; also how many values were taken out and what stands in the record. */
async function roundTrip(event: JournalEvent) {
  const store = memoryStore();
  const { text, blobs } = deflate(event);
  await store.store(blobs);
  const back = await inflate(JSON.parse(text), store);
  assert.equal(JSON.stringify(back), JSON.stringify(event));
  return { text, taken: blobs.size };
}

const full = "x".repeat(MAX_INLINE_BYTES);

describe("blobs", () => {
  it("leaves a value of 16 KiB in the record, with what is around it", async () => {
    assert.equal((await roundTrip({ type: "t", result: full })).taken, 0);
    assert.equal((await roundTrip({ type: "t", result: { findings: full, count: 3 } })).taken, 0);
    assert.equal((await roundTrip({ type: "t", a: full, b: full, c: full })).taken, 0);
  });

  it("takes out a longer text, wherever it is, and only that", async () => {
    const { text, taken } = await roundTrip({ type: "t", result: [{ deep: [`${full}y`, 7] }] });
    assert.equal(taken, 1);
    const shown = text.replace(/[0-9a-f]{64}/, "HASH");
    assert.equal(shown, '{"type":"t","result":[{"deep":[{"$blob":"HASH","bytes":16387},7]}]}');
    assert.equal((await roundTrip({ type: "t", result: "é".repeat(9000) })).taken, 1);
  });

  it("takes out a list or object of many small values as a whole", async () => {
    const list = Array.from({ length: 3000 }, (_, n) => ({ name: `item ${n}` }));
    assert.equal((await roundTrip({ type: "t", result: { list, note: "short" } })).taken, 1);
    const nested = Array.from({ length: 300 }, (_, n) => `${n}${full}`);
    assert.equal((await roundTrip({ type: "t", nested })).taken, 301, "the list of references too");
  });

  it("keeps one copy of a value that comes twice", async () => {
    assert.equal((await roundTrip({ type: "t", a: `${full}!`, b: [`${full}!`] })).taken, 1);
  });

  it("returns user data that looks like a reference as it was", async () => {
    const hash = "0".repeat(64);
    for (const value of [
      { $blob: hash, bytes: 3 },
      { $$blob: hash },
      { $blob: 1, $$blob: 2, $$$blob: { $blob: `${full}?` } },
      { blob: 1, $: 2, $$: 3, $blobs: 4 },
      '{"$blob":"x"}',
    ] satisfies Json[]) {
      await roundTrip({ type: "t", value });
      await roundTrip({ type: "t", $blob: value });
    }
  });

  it("returns anything as it was", async () => {
    const random = createRandom(42);
    const grow = (depth: number): Json => {
      const kind = random.below(depth > 4 ? 4 : 6);
      if (kind === 0) return random.next();
      if (kind === 1) return null;
      if (kind === 2) return "s$blob\u{1F3BC}\n".repeat(random.below(40));
      if (kind === 3) return random.below(8) === 0 ? "L".repeat(random.below(40_000)) : "short";
      const keys = ["$blob", "$$blob", "__proto__", "a", "b", "bytes"];
      if (kind === 4) return Array.from({ length: random.below(30) }, () => grow(depth + 1));
      const entries = keys.filter(() => random.below(2) === 0).map((key) => [key, grow(depth + 1)]);
      return Object.fromEntries(entries);
    };
    for (let round = 0; round < 80; round += 1) {
      await roundTrip({ type: "t", value: grow(0), other: grow(2) });
    }
  });

  it("costs a sync for each new value and one for the folder, nothing for known ones", async () => {
    const disk = createSimulatedDisk({ seed: 1 });
    await disk.makeFolder("/b");
    let syncs = 0;
    const counted = {
      ...disk,
      syncFile: (path: string) => {
        syncs += 1;
        return disk.syncFile(path);
      },
      syncFolder: (path: string) => {
        syncs += 1;
        return disk.syncFolder(path);
      },
    };
    const store = createBlobStore(counted, "/b", "1");
    const event: JournalEvent = { type: "t", a: `${full}1`, b: `${full}2` };
    const { blobs } = deflate(event);
    await store.store(blobs);
    assert.equal(syncs, 3);
    await store.store(blobs);
    assert.equal(syncs, 3);
    const [hash = ""] = blobs.keys();
    const next = createBlobStore(counted, "/b", "2");
    await next.load(hash);
    await next.store(new Map([...blobs].filter(([each]) => each === hash)));
    assert.equal(syncs, 3, "what a durable record names is durable");
    await assert.rejects(store.load("../../etc/passwd"), /is not a hash/);
  });
});
