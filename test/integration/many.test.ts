/** Many at once and in a hurry: runs, items, updates, starts and stops; and nothing of them is left afterwards. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parseQuery } from "../../src/run/history/query.ts";
import { until } from "../process/until.ts";
import { processesIn } from "./harness/processes.ts";
import { ends, play, reaches, resultOf, scene, stand, start, workflow } from "./harness/product.ts";

const steps = (count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      `  - { id: s${index}, type: set_state, updates: { sum: "{{ state.sum + inputs.number }}" } }`,
  ).join("\n");

const FILES = {
  "workflows/ten.workflow.yaml": workflow(
    "ten",
    `
inputs: { number: { type: number, required: true } }
initial_state: { sum: 0 }
steps:
${steps(8)}
  - { id: ask, type: delegate, instructions: "Say {{ inputs.number }}" }
  - { id: end, type: return, value: { sum: "{{ state.sum }}" } }
`,
  ),
  "workflows/items.workflow.yaml": workflow(
    "items",
    `
limits: { max_parallel: 100 }
steps:
  - id: each
    type: foreach
    items: "{{ range(100) | list }}"
    max_parallel: 100
    steps:
      - { id: call, type: shell, command: ["sh", "-c", "echo $1", "sh", "{{ item }}"] }
      - { id: item, type: return, value: "{{ steps.call.stdout | trim | int }}" }
  - { id: end, type: return, value: { all: "{{ steps.each }}" } }
`,
  ),
  "workflows/updates.workflow.yaml": workflow(
    "updates",
    `
limits: { max_iterations: 1001 }
initial_state: { count: 0 }
steps:
  - id: loop
    type: while
    condition: "{{ state.count < 1000 }}"
    max_iterations: 1001
    steps:
      - { id: more, type: set_state, updates: { count: "{{ state.count + 1 }}" } }
  - { id: end, type: return, value: { count: "{{ state.count }}" } }
`,
  ),
  "workflows/long.workflow.yaml": workflow(
    "long",
    `
steps:
  - id: both
    type: parallel
    branches:
      - { id: a, steps: [{ id: sleep, type: shell, command: "sleep 300 & sleep 300", timeout: 400s }] }
      - { id: b, steps: [{ id: wait, type: wait, duration: 400s }] }
`,
  ),
};

/** Open files, sockets and watchers of this process. */
const openFiles = (): number => readdirSync("/proc/self/fd").length;

/** What would keep this process alive, by kind. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const NEEDS_PROC = existsSync("/proc/self/fd") ? {} : { skip: "needs /proc" };

test(
  "100 runs at once end right, each by itself, and leave nothing open",
  NEEDS_PROC,
  async (t) => {
    const place = await scene(t, FILES);
    const app = await place.open();
    await play(app, "ten", { number: 1 });
    const before = openFiles();
    const runs = await Promise.all(
      Array.from({ length: 100 }, (_, number) => start(app, "ten", { inputs: { number } })),
    );
    const states = await Promise.all(runs.map((run) => app.settled(run)));
    for (const [number, state] of states.entries()) {
      assert.deepEqual(resultOf(state), { sum: 8 * number }, stand(state));
    }
    const query = parseQuery("status:done", Date.now());
    assert.ok(query.ok);
    assert.equal((await app.listRuns({ query: query.query })).length, 101);
    const { runs: figures, steps: kinds } = await app.stats();
    assert.deepEqual([figures.done, figures.completion_rate], [101, 1]);
    assert.equal(kinds.set_state?.tasks, 808);
    await until("every journal to be let go", () => openFiles() <= before);
    for (const run of runs) {
      const names = await readdir(join(app.stateFolder, "runs", run));
      await until("the owner to let go", () =>
        readdirSync(join(app.stateFolder, "runs", run)).includes("released.1"),
      );
      assert.ok(!names.some((name) => name.endsWith(".tmp")), names.join());
    }
  },
);

test(
  "100 items at once, each a process, come back in order, and no process stays",
  NEEDS_PROC,
  async (t) => {
    const place = await scene(t, FILES);
    const app = await place.open();
    const { all } = resultOf(await play(app, "items"));
    assert.deepEqual(
      all,
      Array.from({ length: 100 }, (_, index) => index),
    );
    await until("every process to be gone", () => processesIn(place.workspace).length === 0);
  },
);

test("1,000 updates of the state are counted right, and the fold of the journal is the same state", async (t) => {
  const place = await scene(t, FILES);
  const app = await place.open();
  const state = await play(app, "updates");
  assert.deepEqual(resultOf(state), { count: 1000 });
  const { run } = state.started;
  const hash = (await app.exportRun(run)).state_hash;
  await app.dispose();
  const next = await place.open();
  assert.equal((await next.exportRun(run)).state_hash, hash);
});

test(
  "100 runs are started and stopped at any moment: no process, handle, file or folder is left",
  NEEDS_PROC,
  async (t) => {
    const place = await scene(t, FILES);
    const warm = await place.open();
    const first = await start(warm, "long");
    await warm.signal(first, { type: "kill", by: "t" });
    await ends(warm, first);
    await warm.dispose();
    const [files, kinds] = [openFiles(), resources()];
    const app = await place.open();
    const stopOne = async (number: number): Promise<string> => {
      const run = await start(app, "long");
      // At once, once it has begun, or once its processes run.
      if (number % 3 === 1) await reaches(app, run, "an attempt", (now) => now.running > 0);
      if (number % 3 === 2)
        await until("its guard", () => guarded(join(app.stateFolder, "runs", run)));
      const type = number % 2 === 0 ? "cancel" : "kill";
      const admission = await app.signal(run, { type, by: "t" });
      assert.ok(admission.ok, admission.ok ? "" : admission.reason);
      return run;
    };
    const stopped: string[] = [];
    let most = 0;
    for (let number = 0; number < 100; number += 10) {
      const batch = Array.from({ length: 10 }, (_, index) => stopOne(number + index));
      stopped.push(...(await Promise.all(batch)));
      most = Math.max(most, processesIn(place.workspace).length);
    }
    for (const run of stopped) {
      const state = await ends(app, run);
      assert.equal(state.status, "cancelled", stand(state));
    }
    assert.ok(most > 0, "no process was ever seen");
    await until("every process to be gone", () => processesIn(place.workspace).length === 0);
    await app.dispose();
    assert.equal((await readdir(join(app.stateFolder, "runs"))).length, 101);
    assert.deepEqual((await readdir(app.stateFolder)).filter(isStray), []);
    for (const run of stopped) {
      const folder = join(app.stateFolder, "runs", run);
      assert.deepEqual((await readdir(folder)).filter(isStray), [], run);
      assert.deepEqual((await readdir(join(folder, "inbox"))).filter(isStray), [], run);
    }
    await until("every file to be closed", () => openFiles() <= files);
    await until("every handle to be let go", () =>
      Object.entries(resources()).every(([kind, count]) => count <= (kinds[kind] ?? 0)),
    );
  },
);

test(
  "a product that is disposed of in the middle leaves its runs to the next, and nothing else",
  NEEDS_PROC,
  async (t) => {
    const place = await scene(t, FILES);
    const app = await place.open();
    const runs = await Promise.all(Array.from({ length: 20 }, () => start(app, "long")));
    await app.dispose();
    await until("every process to be gone", () => processesIn(place.workspace).length === 0);
    const next = await place.open();
    for (const run of runs) {
      const admission = await next.signal(run, { type: "kill", by: "t" });
      assert.ok(admission.ok, admission.ok ? "" : admission.reason);
    }
    for (const run of runs) assert.deepEqual((await next.openRun(run)).ok, true);
    for (const run of runs) await ends(next, run);
    await next.dispose();
    await until("every process to be gone", () => processesIn(place.workspace).length === 0);
  },
);

/** True once a process of the run is on record. */
function guarded(folder: string): boolean {
  const guards = join(folder, "guards");
  return existsSync(guards) && readdirSync(guards).length > 0;
}

/** What a process leaves that did not clear up after itself. */
function isStray(name: string): boolean {
  return name.endsWith(".tmp") || name.startsWith("probe.") || name.startsWith("m");
}
