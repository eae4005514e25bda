/** What the product tells of itself while it works: its log and its health. */
import assert from "node:assert/strict";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parseQuery } from "../../src/run/history/query.ts";
import type { LogEntry } from "../../src/run/log/entry.ts";
import { until } from "../process/until.ts";
import { asks, jsonLines, play, scene, start, workflow } from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const FILES = {
  "workflows/failing.workflow.yaml": workflow(
    "failing",
    `
inputs:
  token: { type: string, default: "hunter2" }
steps:
  - { id: work, type: shell, command: "echo {{ inputs.token }} >&2; exit 3", retry: { max_attempts: 2, delay: 10ms }, effects: repeatable }
`,
  ),
  "workflows/asking.workflow.yaml": workflow(
    "asking",
    `
steps:
  - { id: first, type: prompt, input: text, message: "What?" }
`,
  ),
};

test("a failing run leaves lines that belong together, each as grave as it is, and no secret", async (t) => {
  const place = await scene(t, FILES);
  const told: LogEntry[] = [];
  const app = await place.open({
    redact: (text) => text.replaceAll("hunter2", "***"),
    logged: (entry) => told.push(entry),
  });
  const { run } = (await play(app, "failing")).started;
  await app.dispose();
  const lines = await jsonLines(app.logFile);
  assert.deepEqual(
    lines.map(({ level, event, attempt }) => [level, event, attempt]),
    [
      ["info", "run_started", undefined],
      ["warn", "attempt_failed", 1],
      ["warn", "attempt_failed", 2],
      ["warn", "task_closed", undefined],
      ["error", "run_finished", undefined],
    ],
  );
  assert.deepEqual(new Set(lines.map((line) => line.run)), new Set([run]));
  assert.equal(new Set(lines.map(({ trace }) => trace)).size, 1);
  assert.equal(new Set(lines.map(({ span }) => span)).size, 3);
  assert.deepEqual(
    told.map(({ message }) => message),
    lines.map(({ message }) => message),
  );
  const text = JSON.stringify([lines, told]);
  assert.ok(text.includes("***") && !text.includes("hunter2"), text);
  assert.match(text, /"code":"command_failed"/);
});

test("the level is the environment's, else the setting's; what is below is left out", async (t) => {
  const place = await scene(t, FILES);
  const levels = async (env: Record<string, string>, setting?: string) => {
    const settings = setting === undefined ? {} : { settings: { logLevel: setting } };
    const app = await place.open({ env: { ...place.env, ...env }, ...settings });
    await rm(app.logFile, { force: true });
    await play(app, "failing");
    await app.dispose();
    return new Set((await jsonLines(app.logFile)).map(({ level }) => level));
  };
  assert.deepEqual(await levels({ FERMATA_LOG_LEVEL: "error" }, "debug"), new Set(["error"]));
  assert.deepEqual(await levels({}, "debug"), new Set(["info", "debug", "warn", "error"]));
  assert.deepEqual(await levels({ FERMATA_LOG_LEVEL: "loud" }), new Set(["info", "warn", "error"]));
});

test("health tells live, waiting and interrupted runs apart, and what is broken", async (t) => {
  const place = await scene(t, FILES);
  const app = await place.open();
  const about = async (what: string) =>
    (await app.health()).checks.find((check) => check.about === what) ?? assert.fail(what);
  assert.equal((await about("Owners")).message, "0 unfinished, 0 driven.");
  assert.equal((await about("Storage")).status, "ok");
  assert.equal((await about("Memory")).status, "ok");
  const asking = await start(app, "asking");
  await asks(app, asking, "first");
  assert.equal((await about("Owners")).message, "1 unfinished, 1 driven.");
  assert.equal((await about("Queues")).figures?.questions, 1);
  const other = await remote(t, place);
  const started = await other.startRun({ template: "asking", inputs: {}, startedBy: "t" });
  assert.ok(started.ok);
  await asks(app, started.run, "first");
  assert.equal((await about("Owners")).message, "2 unfinished, 2 driven.");
  await other.kill("SIGKILL");
  const owners = await about("Owners");
  assert.deepEqual(owners.figures, { unfinished: 2, live: 1, stale: 0, dead: 1, interrupted: 0 });
  assert.equal(owners.status, "ok", "a run that only waits for a person needs nobody");
  await writeFile(join(app.stateFolder, "runs", started.run, "inbox", "m"), "unread");
  assert.equal((await about("Queues")).figures?.unread, 1);
});

test("an agent that could be set up is the doctor's matter: nothing ails", async (t) => {
  const place = await scene(t, { "bin/codex": "#!/bin/sh\nexit 1\n" });
  const bin = join(place.workspace, "bin");
  await chmod(join(bin, "codex"), 0o755);
  const env = { ...place.env, PATH: `${bin}:${place.env.PATH}`, FERMATA_AGENT: "" };
  const app = await place.open({ env });
  const said = (await app.doctor()).filter(({ status }) => status === "warning");
  assert.ok(said.some(({ message }) => /^codex was found at .*nothing shows/.test(message)));
  assert.equal((await app.health()).status, "healthy");
});

test("health calls a run interrupted when nobody drives what should go on", async (t) => {
  const place = await scene(t, {
    "workflows/long.workflow.yaml": workflow(
      "long",
      "steps:\n  - { id: work, type: shell, command: sleep 60, timeout: 100s }\n",
    ),
  });
  const app = await place.open();
  const other = await remote(t, place);
  const started = await other.startRun({ template: "long", inputs: {}, startedBy: "t" });
  assert.ok(started.ok);
  const watch = (await app.watchRun(started.run)) ?? assert.fail();
  await until("its work to begin", () => watch.state.running === 1);
  watch.dispose();
  await other.kill("SIGKILL");
  const asked = parseQuery("status:interrupted", Date.now());
  assert.ok(asked.ok);
  const interrupted = await app.listRuns({ query: asked.query });
  assert.deepEqual(
    interrupted.map(({ run }) => run),
    [started.run],
  );
  const { status, checks } = await app.health();
  const queues = checks.find((check) => check.about === "Queues");
  assert.deepEqual([queues?.figures?.running, queues?.figures?.queued], [0, 0]);
  const owners = checks.find((check) => check.about === "Owners");
  assert.equal(owners?.status, "warning");
  assert.match(owners?.message ?? "", new RegExp(`1 interrupted \\(${started.run}\\)`));
  assert.equal(owners?.fix, "Go on with: fermata resume RUN");
  assert.notEqual(status, "healthy");
});

test("health does not call an index well that cannot be written", async (t) => {
  const place = await scene(t, {
    "workflows/it.workflow.yaml": workflow("it", "steps: [{ id: end, type: return, value: 1 }]"),
  });
  const app = await place.open();
  await app.settled(await start(app, "it"));
  await mkdir(join(app.stateFolder, "index.sqlite"));
  const index = (await app.health()).checks.find((check) => check.about === "Index");
  assert.equal(index?.status, "warning");
  assert.match(index?.message ?? "", /^1 run in .*; it cannot be written \(.*index\.sqlite/);
});

test("health is unhealthy where nothing can be written, and still says the rest", async (t) => {
  const place = await scene(t, FILES);
  const app = await place.open();
  await rm(app.stateFolder, { recursive: true, force: true });
  await mkdir(join(app.stateFolder, ".."), { recursive: true });
  await writeFile(app.stateFolder, "a file where the folder should be");
  const { status, checks } = await app.health();
  assert.equal(status, "unhealthy");
  const storage = checks.find(({ about }) => about === "Storage");
  assert.equal(storage?.status, "problem");
  assert.match(storage?.message ?? "", /cannot be written/);
  assert.ok(checks.some(({ about }) => about === "Tools"));
});
