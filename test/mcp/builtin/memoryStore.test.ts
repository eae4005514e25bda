import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, open, readFile, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type MemoryEntry, openMemoryStore } from "../../../src/mcp/builtin/memoryStore.ts";
import { workspaceOf } from "../../search/scratch.ts";

const NOW = () => new Date("2026-01-02T03:04:05.678Z");

function brief(entries: readonly MemoryEntry[]): readonly string[] {
  return entries.map((entry) =>
    entry.kind === "value"
      ? `${entry.key}=${JSON.stringify(entry.value)}`
      : `${entry.category}:${JSON.stringify(entry.content)}`,
  );
}

const item = (content: string) => ({ kind: "item", category: "c", content }) as const;
const value = (key: string, saved: string) => ({ kind: "value", key, value: saved }) as const;

test("what was written is there for the next process, and the file is private", async (t) => {
  const file = join(await workspaceOf(t, {}), "state", "memory.jsonl");
  const store = openMemoryStore(file, NOW);
  assert.deepEqual(await store.entries(), []);
  await store.write("run_1/a", value("k", "one"));
  const added = await store.write("run_1/b", item("two"));
  assert.match(added.kind === "item" ? added.id : "", /^mem_[0-9a-f]{12}$/);
  assert.equal(added.at, "2026-01-02T03:04:05.678Z");
  assert.deepEqual(brief(await openMemoryStore(file).entries()), ['k="one"', 'c:"two"']);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test("one task stores once; with other content it replaces its own entry", async (t) => {
  const file = join(await workspaceOf(t, {}), "memory.jsonl");
  const store = openMemoryStore(file, NOW);
  const first = await store.write("run_1/a", item("one"));
  assert.deepEqual(await store.write("run_1/a", item("one")), first);
  assert.deepEqual(await openMemoryStore(file).write("run_1/a", item("one")), first);
  assert.equal((await readFile(file, "utf8")).trimEnd().split("\n").length, 1);

  const changed = await store.write("run_1/a", item("two"));
  assert.equal(changed.kind === "item" && first.kind === "item" && changed.id === first.id, true);
  assert.deepEqual(brief(await store.entries()), ['c:"two"']);
});

test("the last save of a name wins, and a repeat of an older one changes nothing", async (t) => {
  const store = openMemoryStore(join(await workspaceOf(t, {}), "memory.jsonl"));
  await store.write("run_1/a", value("k", "one"));
  await store.write("run_1/b", value("k", "two"));
  await store.write("run_1/a", value("k", "one"));
  assert.deepEqual(brief(await store.entries()), ['k="two"']);
});

test("a tail torn at any byte loses that record only, and the next one is whole", async (t) => {
  const file = join(await workspaceOf(t, {}), "memory.jsonl");
  const store = openMemoryStore(file);
  await store.write("run_1/a", item("kept"));
  const kept = (await stat(file)).size;
  await store.write("run_1/b", item("torn"));
  const whole = await readFile(file);
  for (let length = kept + 1; length < whole.length; length += 7) {
    await writeFile(file, whole.subarray(0, length));
    const after = openMemoryStore(file);
    assert.deepEqual(brief(await after.entries()), ['c:"kept"'], `cut at ${length}`);
    await after.write("run_1/c", item("next"));
    assert.deepEqual(brief(await openMemoryStore(file).entries()), ['c:"kept"', 'c:"next"']);
  }
});

test("a damaged line is not believed, the others are", async (t) => {
  const file = join(await workspaceOf(t, {}), "memory.jsonl");
  const store = openMemoryStore(file);
  for (const name of ["one", "two", "three"]) await store.write(`run_1/${name}`, item(name));
  await writeFile(file, (await readFile(file, "utf8")).replace('"two"', '"TWO"'));
  await appendFile(file, "not a record\n");
  assert.deepEqual(brief(await openMemoryStore(file).entries()), ['c:"one"', 'c:"three"']);
});

test("an open store sees a file that was cut, replaced or removed", async (t) => {
  const file = join(await workspaceOf(t, {}), "memory.jsonl");
  const store = openMemoryStore(file);
  await store.write("run_1/a", item("one"));
  const size = (await stat(file)).size;
  await store.write("run_1/b", item("two"));
  await truncate(file, size);
  assert.deepEqual(brief(await store.entries()), ['c:"one"']);
  await unlink(file);
  assert.deepEqual(await store.entries(), []);
  await store.write("run_1/a", item("one"));
  assert.deepEqual(brief(await store.entries()), ['c:"one"']);
});

test("a disk that refuses is told to the caller", async (t) => {
  const file = join(
    await workspaceOf(t, { blocked: "a file, no folder" }),
    "blocked",
    "memory.jsonl",
  );
  await assert.rejects(openMemoryStore(file).write("run_1/a", item("one")), /ENOTDIR|EEXIST/);
});

test("nobody is told before the record is synced, and a failed sync ends the store", async (t) => {
  const file = join(await workspaceOf(t, { "memory.jsonl": "" }), "memory.jsonl");
  const handle = await open(file, "r");
  type Method = (this: unknown, ...given: unknown[]) => Promise<unknown>;
  const prototype: Record<"write" | "datasync", Method> = Object.getPrototypeOf(handle);
  await handle.close();
  const order: string[] = [];
  let fails = false;
  const watch = (name: "write" | "datasync") => {
    const original = prototype[name];
    t.mock.method(prototype, name, async function (this: unknown, ...given: unknown[]) {
      if (fails && name === "datasync") throw new Error("EIO");
      const result = await original.apply(this, given);
      order.push(name);
      return result;
    });
  };
  watch("write");
  watch("datasync");
  const store = openMemoryStore(file);
  await store.write("run_1/a", item("one")).then(() => order.push("told"));
  await store.write("run_1/a", item("one")).then(() => order.push("told"));
  assert.deepEqual(order, ["write", "datasync", "told", "datasync", "told"]);
  fails = true;
  await assert.rejects(store.write("run_1/b", item("two")), /could not be synced/);
  fails = false;
  await assert.rejects(
    store.write("run_1/b", item("two")),
    /could not be synced/,
    "never again on the same data",
  );
});

test("processes that write at once lose nothing and agree on one record a task", async (t) => {
  const file = join(await workspaceOf(t, {}), "memory.jsonl");
  const source = `
    import { openMemoryStore } from ${JSON.stringify(join(import.meta.dirname, "../../../src/mcp/builtin/memoryStore.ts"))};
    const [file, who] = process.argv.slice(1);
    const store = openMemoryStore(file);
    const ids = [];
    for (let n = 0; n < 40; n++) {
      const shared = await store.write("run_1/shared" + n, { kind: "item", category: "shared", content: n });
      ids.push(shared.id + shared.at);
      await store.write("run_1/" + who + n, { kind: "item", category: who, content: n });
    }
    process.stdout.write(ids.join());`;
  const writers = ["ann", "bob", "cid"].map((who) =>
    spawn(process.execPath, ["--input-type=module", "-e", source, file, who], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const answers = await Promise.all(
    writers.map(async (writer) => {
      let text = "";
      writer.stdout.on("data", (chunk) => {
        text += chunk;
      });
      await once(writer, "close");
      return text;
    }),
  );
  assert.equal(new Set(answers).size, 1, "every process was told the same entry for a shared task");
  const entries = await openMemoryStore(file).entries();
  assert.equal(entries.length, 40 * 4);
});
