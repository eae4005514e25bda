/** Archive, restore and prune as the product's verbs: what may go where, and what is never touched. */
import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { App } from "../../src/app/app.ts";
import { isFinished } from "../../src/run/state.ts";
import { DAY, storeRun } from "../journal/history/storedRuns.ts";
import { answer, asks, ends, play, scene, start, workflow } from "./harness/product.ts";

const FILES = {
  "workflows/asking.workflow.yaml": workflow(
    "asking",
    `
steps:
  - { id: first, type: prompt, input: text, message: "What?" }
  - { id: end, type: return, value: "{{ steps.first.input }}" }
`,
  ),
  "workflows/quick.workflow.yaml": workflow(
    "quick",
    `
steps:
  - { id: note, type: set_state, updates: { said: "yes" } }
  - { id: end, type: return, value: "{{ state.said }}" }
`,
  ),
  "workflows/failing.workflow.yaml": workflow(
    "failing",
    `
steps:
  - { id: work, type: shell, command: "test -e ready || { touch ready; exit 3; }" }
  - { id: end, type: return, value: done }
`,
  ),
};

const names = async (app: App) => (await app.listRuns()).map(({ run }) => run).sort();

test("a run that waits comes back in another folder, goes on only when told to, and ends there", async (t) => {
  const here = await scene(t, FILES);
  const there = await scene(t, FILES);
  const first = await here.open();
  const run = await start(first, "asking");
  const file = join(here.root, "run.gz");
  const driven = await first.archiveRun(run, file);
  assert.match(
    driven.ok ? "" : driven.failure.message,
    /is being driven\. Archive it once it is over/,
  );
  await asks(first, run, "first");
  await first.dispose();
  const idle = await here.open();
  const archived = await idle.archiveRun(run, file);
  assert.ok(archived.ok && archived.bytes > 300);
  const twice = await idle.archiveRun(run, file);
  assert.match(
    twice.ok ? "" : twice.failure.message,
    /is there already, and stays\. Name another file/,
  );
  const app = await there.open();
  assert.deepEqual(await app.restoreRun(file), { ok: true, run });
  const again = await app.restoreRun(file);
  assert.match(
    again.ok ? "" : again.failure.message,
    /its run run_\w+ is here already\. Nothing was restored\./,
  );
  assert.deepEqual(await app.resumeInterrupted(), [], "it went on by itself");
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  await answer(app, run, "first", "hello");
  assert.equal((await ends(app, run)).value, "hello");
});

test("a failed run that came back can be retried", async (t) => {
  const here = await scene(t, FILES);
  const there = await scene(t, FILES);
  const first = await here.open();
  const state = await play(first, "failing");
  const { run } = state.started;
  const file = join(here.root, "run.gz");
  await first.dispose();
  assert.ok((await (await here.open()).archiveRun(run, file)).ok);
  const app = await there.open();
  await app.restoreRun(file);
  // It works where it was restored, not in the folder that its record names.
  await rm(join(here.workspace, "ready"));
  await there.write("ready", "");
  assert.ok((await app.signal(run, { type: "retry", by: "t" })).ok);
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  assert.equal((await ends(app, run)).value, "done");
});

test("what is no run, no file or no archive is said in a sentence", async (t) => {
  const place = await scene(t, FILES);
  const app = await place.open();
  const none = await app.archiveRun("run_aaaaaaaaaaaa", join(place.root, "x"));
  assert.match(none.ok ? "" : none.failure.message, /^There is no run run_aaaaaaaaaaaa/);
  const missing = await app.restoreRun(join(place.root, "nowhere.gz"));
  assert.match(
    missing.ok ? "" : missing.failure.message,
    /^There is no .*nowhere\.gz\. Name a file/,
  );
  const folder = await app.restoreRun(place.root);
  assert.match(folder.ok ? "" : folder.failure.message, /is a folder\. Name a file/);
  await place.write("notes.gz", "# Notes");
  const text = await app.restoreRun(join(place.workspace, "notes.gz"));
  assert.equal(
    text.ok ? "" : text.failure.message,
    `${join(place.workspace, "notes.gz")} was not taken: it is broken or no archive of a run. Nothing was restored.`,
  );
});

test("prune takes finished runs past the limits; what waits, is driven or is damaged stays", async (t) => {
  const place = await scene(t, FILES);
  const app = await place.open();
  const asking = await start(app, "asking");
  await asks(app, asking, "first");
  const stored = await Promise.all(
    Array.from({ length: 12 }, (_, number) => storeRun(app.stateFolder, number)),
  );
  const idsOf = (over: boolean) =>
    stored.filter((state) => isFinished(state) === over).map(({ started }) => started.run);
  const [damaged = "", ...old] = idsOf(true);
  const waiting = idsOf(false);
  assert.ok(old.length > 3 && waiting.length > 0);
  const journal = join(app.stateFolder, "runs", damaged, "journal.jsonl");
  const text = await readFile(journal, "utf8");
  await writeFile(journal, text.replace('"type":"task_started"', '"type":"task_sTarted"'));
  const before = await names(app);
  const plan = await app.prune({ max_age: 30 * DAY }, { dryRun: true });
  assert.deepEqual(
    plan.leaving.map(({ run, why }) => [run, why]),
    old.map((run) => [run, "age"]),
  );
  assert.ok(plan.leaving.every(({ bytes, subject }) => bytes > 1000 && subject !== ""));
  assert.deepEqual(await names(app), before, "a dry run removed something");
  const pruned = await app.prune({ max_runs: 1, max_size: 1 });
  assert.deepEqual(
    pruned.leaving.map(({ run }) => run),
    old,
  );
  assert.deepEqual(pruned.kept, []);
  assert.deepEqual(await names(app), [asking, damaged, ...waiting].sort());
  assert.deepEqual(await readdir(join(app.stateFolder, "leaving")), []);
  await answer(app, asking, "first", "x");
  assert.equal((await ends(app, asking)).value, "x");
});

test("a run that another process holds when its turn comes stays, with the reason", async (t) => {
  const place = await scene(t, FILES);
  const app = await place.open();
  const { run } = (await play(app, "failing")).started;
  const other = await place.open();
  assert.ok((await other.signal(run, { type: "retry", by: "t" })).ok);
  const pruned = await app.prune({ max_runs: 1, max_age: 0 });
  assert.deepEqual(pruned.leaving, []);
  assert.deepEqual(await names(app), [run]);
});

test("limits that are set are kept to when a run starts; without any nothing goes", async (t) => {
  const place = await scene(t, FILES);
  const free = await place.open();
  await play(free, "quick");
  await play(free, "quick");
  await free.dispose();
  assert.equal((await (await place.open()).listRuns()).length, 2);
  const said: string[] = [];
  const app = await place.open({
    settings: { retention: { max_runs: 1 } },
    log: (message) => said.push(message),
  });
  const last = await play(app, "quick");
  await app.dispose();
  const kept = await names(await place.open());
  assert.ok(kept.length <= 2 && kept.includes(last.started.run), said.join());
  assert.ok(
    said.some((line) => /runs past the limits were removed/.test(line)),
    said.join(),
  );
  const wrong = await place.open({ settings: { retention: { max_age: "soon" } } });
  const limits = await wrong.retention();
  assert.match(limits.ok ? "" : limits.message, /soon is no length of time/);
});

test("an archive is a text once it is unpacked, and only its owner may read it", async (t) => {
  const place = await scene(t, FILES);
  const app = await place.open();
  const { run } = (await play(app, "quick")).started;
  await app.dispose();
  const file = join(place.root, "run.gz");
  assert.ok((await (await place.open()).archiveRun(run, file)).ok);
  const { gunzipSync } = await import("node:zlib");
  const lines = gunzipSync(await readFile(file))
    .toString("utf8")
    .split("\n");
  assert.equal(JSON.parse(lines[0] ?? "").run, run);
  assert.equal(JSON.parse(lines[2] ?? "").type, "journal");
});
