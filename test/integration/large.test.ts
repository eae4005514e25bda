/** Large values, and where things are kept: blobs, a megabyte of state, modes, places outside the workspace. */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { stateHash } from "../../src/run/stateHash.ts";
import {
  answer,
  asks,
  ends,
  play,
  reaches,
  resultOf,
  scene,
  stand,
  start,
  workflow,
} from "./harness/product.ts";

const LARGE = workflow(
  "it",
  `
initial_state: { big: null }
steps:
  - { id: make, type: shell, command: [node, -e, "process.stdout.write('x'.repeat(200_000))"], output_to: big }
  - { id: ask, type: prompt, input: confirm, message: "Go on?" }
  - { id: end, type: return, value: { size: "{{ state.big.stdout | length }}", tail: "{{ state.big.stdout[-3:] }}" } }
`,
);

test("a large result lies beside the journal, and comes back after a restart", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": LARGE });
  const first = await place.open();
  const run = await start(first, "it");
  await asks(first, run, "ask");
  const folder = join(first.stateFolder, "runs", run);
  const { size } = await stat(join(folder, "journal.jsonl"));
  assert.ok(size < 20_000, `the journal has ${size} bytes`);
  const blobs = await readdir(join(folder, "blobs"));
  assert.equal(blobs.length, 1, blobs.join());
  const before = await reaches(first, run, "the question", () => true);
  const hash = stateHash(before);
  await first.dispose();
  const second = await place.open();
  assert.ok((await second.openRun(run)).ok);
  const after = await reaches(
    second,
    run,
    "the question",
    ({ breakpoints }) => breakpoints.size === 1,
  );
  assert.equal(stateHash(after), hash);
  await answer(second, run, "ask", true);
  const state = await ends(second, run);
  assert.deepEqual(resultOf(state), { size: 200_000, tail: "xxx" });
});

test("a megabyte of state is carried, and costs the journal one copy", async (t) => {
  const text = "0123456789abcdef".repeat(1024);
  const place = await scene(t, {
    "workflows/it.workflow.yaml": workflow(
      "it",
      `
inputs: { text: { type: string, required: true } }
initial_state: { all: null }
steps:
  - { id: fill, type: set_state, updates: { all: "{{ inputs.text }}" } }
  - { id: count, type: foreach, items: "{{ range(20) }}", sequential: true, steps: [{ id: n, type: return, value: "{{ item + (state.all | length) }}" }] }
  - { id: end, type: return, value: { size: "{{ state.all | length }}", last: "{{ steps.count[19] }}" } }
`,
    ),
  });
  const app = await place.open();
  const state = await play(app, "it", { text: text.repeat(63) });
  assert.deepEqual(resultOf(state), { size: 16_384 * 63, last: 16_384 * 63 + 19 });
  const [summary] = await app.listRuns();
  const folder = join(app.stateFolder, "runs", summary?.run ?? "");
  const sizes = await Promise.all(
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total < 3 * 16_384 * 63, `the run's folder has ${total} bytes`);
});

test("what a run keeps lies outside the workspace, for its owner's eyes only", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": LARGE });
  const app = await place.open();
  assert.match(relative(place.workspace, app.stateFolder), /^\.\./);
  const run = await start(app, "it");
  await asks(app, run, "ask");
  const folder = join(app.stateFolder, "runs", run);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const above = [app.stateFolder, join(app.stateFolder, "runs"), folder];
  for (const path of [...above, ...entries.map((one) => join(one.parentPath, one.name))]) {
    const { mode } = await stat(path);
    assert.equal(mode & 0o077, 0, `${path} has the mode ${(mode & 0o777).toString(8)}`);
  }
  assert.equal((await stat(join(folder, "inbox.key"))).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder, "journal.jsonl"))).mode & 0o777, 0o600);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
});

test("a link to the workspace leads to the same runs; another folder of its name does not", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": LARGE });
  const app = await place.open();
  const link = join(place.root, "link");
  await symlink(place.workspace, link);
  assert.equal((await place.open({ workspace: link })).stateFolder, app.stateFolder);
  const other = join(place.root, "elsewhere", "work");
  await mkdir(other, { recursive: true });
  assert.notEqual((await place.open({ workspace: other })).stateFolder, app.stateFolder);
});

test("an agent's and a shell step's environment has neither the inbox key nor what was not allowed", async (t) => {
  const place = await scene(t, {
    "workflows/it.workflow.yaml": workflow(
      "it",
      `steps: [{ id: look, type: shell, command: env }, { id: end, type: return, value: "{{ steps.look.stdout }}" }]`,
    ),
  });
  const app = await place.open({ env: { ...place.env, SECRET_TOKEN: "s3cret" } });
  const run = await start(app, "it");
  const state = await ends(app, run);
  const key = (await readFile(join(app.stateFolder, "runs", run, "inbox.key"), "utf8")).trim();
  assert.equal(state.status, "done", stand(state));
  assert.ok(!String(state.value).includes(key));
  assert.ok(!String(state.value).includes("s3cret"));
});
