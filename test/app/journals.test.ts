/** Runs whose journals were cut, damaged, or written by a newer version: what may be read is, nothing else is touched. */
import assert from "node:assert/strict";
import { appendFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import type { Recorded } from "../../src/run/event.ts";
import { parseQuery } from "../../src/run/history/query.ts";
import {
  answer,
  asks,
  ends,
  type Scene,
  scene,
  start,
  workflow,
} from "../integration/harness/product.ts";

const ASKING = workflow(
  "it",
  `
steps:
  - { id: first, type: prompt, input: text, message: "1?" }
  - { id: second, type: prompt, input: text, message: "2?" }
  - { id: end, type: return, value: "{{ steps.first.input }} {{ steps.second.input }}" }
`,
);

interface Left {
  readonly place: Scene;
  /** The product after a restart. */
  readonly app: App;
  readonly run: string;
  /** Another run, which nothing happened to. */
  readonly other: string;
  readonly folder: string;
  readonly journal: string;
}

/** Two runs that wait at their second question, one of them tampered with while nobody drove it. */
async function left(t: TestContext, tamper: (journal: string) => Promise<void>): Promise<Left> {
  const place = await scene(t, { "workflows/it.workflow.yaml": ASKING });
  const before = await place.open();
  const runs = [await start(before, "it"), await start(before, "it")];
  for (const run of runs) {
    await answer(before, run, "first", "A");
    await asks(before, run, "second");
  }
  await before.dispose();
  const [run = "", other = ""] = runs;
  const folder = join(before.stateFolder, "runs", run);
  const journal = join(folder, "journal.jsonl");
  await tamper(journal);
  return { place, app: await place.open(), run, other, folder, journal };
}

/** Every file of a folder with its bytes and its time. */
async function picture(folder: string): Promise<readonly unknown[]> {
  const names = await readdir(folder, { recursive: true });
  return Promise.all(
    names.sort().map(async (name) => {
      const file = join(folder, name);
      const info = await stat(file);
      return [name, info.mtimeMs, info.isFile() ? await readFile(file, "utf8") : ""];
    }),
  );
}

/** No verb opens, answers or cancels the run; the other one is as ever; the run's files are as they were. */
async function assertUntouched({ app, run, other, folder }: Left, says: RegExp): Promise<void> {
  const before = await picture(folder);
  for (const takeOver of [false, true]) {
    const opened = await app.openRun(run, { takeOver });
    assert.match(opened.ok ? "" : opened.failure.message, says);
  }
  for (const signal of [
    { type: "answer", breakpoint: "second", answer: "B", by: "t" },
    { type: "cancel", by: "t" },
  ] as const) {
    const said = await app.signal(run, signal);
    assert.match(said.ok ? "" : said.reason, says);
  }
  await assert.rejects(app.watchRun(run), says);
  assert.deepEqual(await app.resumeInterrupted(), [other]);
  const listed = new Map((await app.listRuns()).map((summary) => [summary.run, summary]));
  assert.match(listed.get(run)?.damage ?? "", says);
  assert.deepEqual([listed.get(other)?.damage, listed.get(other)?.waiting], [undefined, 1]);
  assert.deepEqual(await picture(folder), before, "something was written");
}

const edit =
  (change: (text: string) => string) =>
  async (journal: string): Promise<void> =>
    writeFile(journal, change(await readFile(journal, "utf8")));

test("a journal of a newer version is refused and left as it is, to the last file", async (t) => {
  const newer = edit((text) => text.replace('"format":1', '"format":2'));
  const refused = await left(t, newer);
  await assertUntouched(refused, /newer/i);
  await assert.rejects(refused.app.exportRun(refused.run), /newer/i);
});

test("a journal that is broken in the middle stops its run alone, and says at which byte", async (t) => {
  // Later batches saw it durable, so that it cannot be a write that was cut short.
  const broken = edit((text) => text.replace('"breakpoint_opened"', '"breakpoint_opeNed"'));
  const damaged = await left(t, broken);
  const text = await readFile(damaged.journal, "utf8");
  const line = text.lastIndexOf("\n", text.indexOf("breakpoint_opeNed")) + 1;
  await assertUntouched(damaged, new RegExp(`\\b${line}\\b`));
});

test("a damaged run is listed and found by what stands before the damage, which can be exported", async (t) => {
  const broken = edit((text) => text.replace('"breakpoint_opened"', '"breakpoint_opeNed"'));
  const { app, run, other, journal } = await left(t, broken);
  const found = async (text: string): Promise<readonly string[]> => {
    const asked = parseQuery(text, Date.now());
    assert.ok(asked.ok, text);
    return (await app.listRuns({ query: asked.query })).map((summary) => summary.run);
  };
  for (const text of ["status:failed", "status:finished", "it", "workflow:it", "-status:done"])
    assert.ok((await found(text)).includes(run), text);
  assert.deepEqual(await found("status:failed since:1h"), [run]);
  assert.deepEqual(await found("status:waiting"), [other]);
  for (const text of ["-status:failed", "since:2100-01-01", "tokens:>=0", "-by:nobody"])
    assert.ok(!(await found(text)).includes(run), text);

  const summary = (await app.listRuns()).find((listed) => listed.run === run) ?? assert.fail();
  const first = JSON.parse((await readFile(journal, "utf8")).split("\n")[1] ?? "");
  assert.deepEqual(
    [summary.workflow, summary.status, summary.started_at],
    ["it", "failed", first.at],
  );
  assert.equal(summary.updated_at, (await stat(journal)).mtimeMs);

  const exported = await app.exportRun(run);
  assert.match(String(exported.damage), /damaged at byte/);
  assert.equal(exported.status, "running");
  const types = (exported.records as unknown as readonly Recorded[]).map(({ event }) => event.type);
  assert.deepEqual(types, ["run_started"]);
});

test("of a damaged run of which nothing can be read there is at least a time", async (t) => {
  const broken = edit((text) => text.replace('"run_started"', '"run_stArted"'));
  const { app, run, journal } = await left(t, broken);
  const summary = (await app.listRuns()).find((listed) => listed.run === run) ?? assert.fail();
  assert.equal(summary.started_at, (await stat(journal)).mtimeMs);
  await assert.rejects(app.exportRun(run), /damaged at byte/);
});

test("a torn last line is cut off; what was acknowledged is there and the run goes on", async (t) => {
  const torn = (journal: string) => appendFile(journal, '{"seq":99,"fence":1,"at":17');
  const { place, run } = await left(t, torn);
  const said: string[] = [];
  const app = await place.open({ log: (message) => said.push(message) });
  assert.equal((await app.listRuns()).find((found) => found.run === run)?.damage, undefined);
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  assert.match(said.join(), new RegExp(`${run}: 27 bytes of a write that a crash cut short`));
  await answer(app, run, "second", "B");
  assert.equal((await ends(app, run)).value, "A B");
});

test("a run cut short anywhere at a line's end is an earlier state of it, and goes on from there", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": ASKING });
  const app = await place.open();
  const run = await start(app, "it");
  await answer(app, run, "first", "A");
  await asks(app, run, "second");
  await app.dispose();
  const journal = join(app.stateFolder, "runs", run, "journal.jsonl");
  const lines = (await readFile(journal, "utf8")).split("\n");
  const asked = lines.findIndex((line) => line.includes('"breakpoint_answered"'));
  await writeFile(journal, `${lines.slice(0, asked).join("\n")}\n`);
  const next = await place.open();
  assert.deepEqual(await next.resumeInterrupted(), [run]);
  await answer(next, run, "first", "other");
  await answer(next, run, "second", "B");
  assert.equal((await ends(next, run)).value, "other B");
});

test("names that are no run's lead nowhere", async (t) => {
  const place = await scene(t);
  await place.write("runs/run_x/journal.jsonl", "");
  const app = await place.open();
  for (const name of ["run_aaaaaaaaaaaa", "../../../work", "..", "", "/etc", "run_x"]) {
    const opened = await app.openRun(name);
    assert.match(opened.ok ? "" : opened.failure.message, /There is no run/, name);
    const said = await app.signal(name, { type: "cancel", by: "t" });
    assert.match(said.ok ? "" : said.reason, /There is no run/, name);
    assert.equal(await app.watchRun(name), undefined, name);
    assert.deepEqual(await app.readOutput(name, "x"), [], name);
    await assert.rejects(app.exportRun(name), /There is no run/);
    await assert.rejects(app.settled(name), /There is no run/);
  }
});
