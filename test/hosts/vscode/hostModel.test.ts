/** What a window knows of runs, over a real app: runs come, move on, wait, end, and another process's are followed. */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { App } from "../../../src/app/app.ts";
import { composeApp } from "../../../src/app/compose.ts";
import { countRuns } from "../../../src/hosts/vscode/attention/attentionText.ts";
import { createHostModel, type HostModel } from "../../../src/hosts/vscode/hostModel.ts";
import { shownRun } from "../../../src/hosts/vscode/tree/shownRow.ts";

const scratch = mkdtempSync(join(realpathSync(tmpdir()), "fermata-model-"));
const opened: (() => Promise<void> | void)[] = [];
after(async () => {
  for (const close of opened.reverse()) await close();
  rmSync(scratch, { recursive: true, force: true });
});

const ASK = `
name: ask
version: 1.0.0
inputs:
  about: { type: string, default: "the weather" }
steps:
  - id: question
    name: One question
    type: prompt
    input: text
    message: "How is {{ inputs.about }}?"
  - id: end
    type: return
    value: "{{ steps.question }}"
`;

async function openApp(): Promise<App> {
  const workspace = join(scratch, "workspace");
  mkdirSync(workspace, { recursive: true });
  writeFileSync(join(workspace, "ask.workflow.yaml"), ASK);
  const app = await composeApp({
    workspace,
    env: {
      ...process.env,
      XDG_STATE_HOME: join(scratch, "state"),
      XDG_CONFIG_HOME: join(scratch, "config"),
    },
    trusted: true,
    shippedTemplates: join(scratch, "none"),
  });
  opened.push(() => app.dispose());
  return app;
}

function openModel(app: App): HostModel {
  const model = createHostModel({
    app: () => app,
    names: async () => readdirSync(join(app.stateFolder, "runs")),
    fault: (message, cause) => assert.fail(`${message}: ${cause}`),
  });
  opened.push(() => model.dispose());
  return model;
}

function until(model: HostModel, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      if (!holds()) return false;
      stop();
      resolve();
      return true;
    };
    const stop = model.onChange(look);
    look();
  });
}

test("a run is followed from its start to its end, here and in a second window", async () => {
  const app = await openApp();
  const here = openModel(app);
  const there = openModel(await openApp());
  await here.refresh();
  assert.deepEqual(here.list(), []);
  const started = await app.startRun({ template: "ask", inputs: {}, startedBy: "tester" });
  assert.ok(started.ok, JSON.stringify(started));
  await here.follow(started.run);
  await until(here, () => here.waiting().length === 1);
  const [waiting] = here.waiting();
  assert.equal(waiting?.ownership, "here");
  assert.deepEqual(countRuns(here.list(), here.waiting()), { running: 0, waiting: 1 });
  await there.look();
  await until(there, () => there.waiting().length === 1);
  assert.equal(there.waiting()[0]?.ownership, "elsewhere");
  const entry = here.find(started.run);
  assert.ok(entry);
  const row = shownRun(entry, "tester", entry.summary.started_at);
  assert.equal(row.label, "ask");
  assert.match(row.description, /^Waiting for you · 0s · the weather$/);
  assert.equal(row.flags, "run cancellable stateful pausable asking");
  assert.deepEqual(
    row.children?.map(({ label, dimmed }) => [label, dimmed]),
    [
      ["One question", false],
      ["end", true],
    ],
  );
  const signal = { type: "answer", breakpoint: "question", answer: "fine", by: "tester" } as const;
  assert.ok((await app.signal(started.run, signal)).ok);
  for (const model of [here, there]) {
    await until(model, () => model.find(started.run)?.summary.status === "done");
    await until(model, () => model.find(started.run)?.ownership === "nobody");
    assert.deepEqual(model.waiting(), []);
  }
});

test("a run of before is listed; its rows are read when somebody looks", async () => {
  const model = openModel(await openApp());
  await model.refresh();
  const [entry] = model.list();
  assert.ok(entry);
  assert.equal(entry.state, undefined);
  assert.equal(shownRun(entry, "tester", Date.now()).children, undefined);
  await model.follow(entry.run);
  assert.equal(shownRun(entry, "tester", Date.now()).children?.length, 2);
});

test("a run that was removed is forgotten, and comes back when it is put there again", async () => {
  const app = await openApp();
  const here = openModel(app);
  const model = openModel(await openApp());
  const started = await app.startRun({ template: "ask", inputs: {}, startedBy: "tester" });
  assert.ok(started.ok);
  await here.follow(started.run);
  await model.look();
  await until(model, () => model.waiting().length === 1);
  const folder = join(app.stateFolder, "runs", started.run);
  renameSync(folder, `${scratch}/away`);
  await model.look();
  assert.equal(model.find(started.run), undefined);
  assert.deepEqual(model.waiting(), []);
  await here.look();
  assert.ok(here.find(started.run), "forgotten while it is driven here");
  renameSync(`${scratch}/away`, folder);
  await model.look();
  await until(model, () => model.waiting().length === 1);
});

test("a run counts as gone only once the list was read, and only beside others that are there", async () => {
  const app = await openApp();
  for (const about of ["rain", "snow"])
    assert.ok((await app.startRun({ template: "ask", inputs: { about }, startedBy: "me" })).ok);
  const [first = "", second = ""] = (await app.listRuns()).map(({ run }) => run);
  const model = openModel(await openApp());
  await model.follow(first);
  assert.equal(model.isGone(second), false, "it was only not looked for");
  await model.refresh();
  assert.deepEqual([model.isGone(second), model.isGone("run_aaaaaaaaaaaa")], [false, true]);
  const runs = join(app.stateFolder, "runs");
  renameSync(runs, `${runs}.away`);
  mkdirSync(runs);
  await model.look();
  assert.equal(model.isGone(second), false, "a disk that is not there takes nothing along");
  rmSync(runs, { recursive: true });
  renameSync(`${runs}.away`, runs);
});
