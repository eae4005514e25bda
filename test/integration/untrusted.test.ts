/**
 * A folder that nobody trusted: every verb is tried, and nothing starts, connects or reads a secret. The folder is full
 * of traps: each leaves a mark when it is sprung.
 */
import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import { composeApp } from "../../src/app/compose.ts";
import { ends, type Scene, scene, start, workflow } from "./harness/product.ts";
import { remote } from "./harness/remote.ts";
import { findStrace } from "./harness/strace.ts";

const STRACE = findStrace();

const STEPS = `
steps:
  - { id: ask, type: prompt, input: confirm, message: "Go on?" }
  - { id: run, type: shell, command: "touch ../marks/shell" }
  - { id: tool, type: mcp_call, tool: trap.work, parameters: {}, on_error: continue }
  - { id: http, type: mcp_call, tool: web.search, parameters: { query: x }, on_error: continue }
  - { id: agent, type: delegate, agent: "@trap", instructions: x, on_error: continue }
`;

interface Trapped extends Scene {
  /** The marks that sprung traps left, and the connections that were made. */
  readonly sprung: () => Promise<readonly string[]>;
  readonly connections: () => number;
}

async function trapped(t: TestContext): Promise<Trapped> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", STEPS) });
  const marks = join(place.root, "marks");
  const bin = join(place.root, "bin");
  await mkdir(marks);
  await mkdir(bin);
  await writeFile(join(bin, "claude"), `#!/bin/sh\ntouch ${join(marks, "claude")}\n`);
  await chmod(join(bin, "claude"), 0o755);
  const touch = (name: string) => ["sh", "-c", `touch ${join(marks, name)}`];
  await place.write(
    ".mcp.json",
    JSON.stringify({
      mcpServers: {
        trap: { command: "sh", args: touch("mcp").slice(1) },
        net: { type: "http", url: `${url}/mcp`, headers: { key: `\${env:SECRET}` } },
      },
    }),
  );
  await place.write(
    ".fermata/settings.json",
    JSON.stringify({
      searchEndpoint: url,
      env: ["SECRET"],
      agents: { "@trap": { adapter: "command", command: touch("agent") } },
    }),
  );
  await place.write(".fermata/agents/trap.md", "---\nname: trap\n---\nA trap.\n");
  const { FERMATA_AGENT: _offline, ...env } = place.env;
  return {
    ...place,
    env: {
      ...env,
      PATH: `${bin}${delimiter}${env.PATH}`,
      SECRET: "s3cret",
      ANTHROPIC_API_KEY: "k",
    },
    sprung: () => readdir(marks),
    connections: () => connections,
  };
}

async function tryEverything(app: App, run: string): Promise<void> {
  for (const template of ["it", "interactive-planning", "workflows/it.workflow.yaml"]) {
    const inputs = template === "interactive-planning" ? { task_description: "Add it" } : {};
    const started = await app.startRun({ template, inputs, startedBy: "t" });
    assert.ok(!started.ok);
    assert.equal(started.failure.code, "untrusted", JSON.stringify(started));
    assert.match(started.failure.message, /is not trusted, so nothing may run there.*--trust/);
    await app.validate(template);
  }
  assert.deepEqual(await app.resumeInterrupted(), []);
  for (const takeOver of [false, true]) {
    const opened = await app.openRun(run, { takeOver });
    assert.equal(opened.ok ? "" : opened.failure.code, "untrusted");
  }
  assert.ok((await app.listTemplates()).length >= 3);
  const findings = await app.doctor();
  assert.ok(findings.some(({ about, status }) => about === "Trust" && status === "warning"));
  assert.equal((await app.listRuns())[0]?.run, run);
  assert.equal((await app.exportRun(run)).status, "running");
  await app.readOutput(run, "run");
}

test("trusted, the traps do spring: a start asks the server what its tool does", async (t) => {
  const place = await trapped(t);
  const app = await place.open({ env: place.env });
  const started = await app.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.ok(!started.ok, "a trap is no server");
  assert.deepEqual(await place.sprung(), ["mcp"]);
});

test("untrusted, no verb springs a trap, and looking still works", async (t) => {
  const place = await trapped(t);
  const run = await interrupted(t, place);
  const app = await place.open({ env: place.env, trusted: false });
  assert.equal(app.isTrusted(), false);
  await tryEverything(app, run);
  assert.deepEqual([await place.sprung(), place.connections()], [[], 0]);
});

test("untrusted, a host starts no process and opens no connection, by the system's own word", {
  skip: STRACE.missing ?? false,
}, async (t) => {
  const place = await trapped(t);
  const run = await interrupted(t, place);
  const log = join(place.root, "calls");
  const under = [
    STRACE.path ?? "",
    "-f",
    "-qq",
    "-s",
    "400",
    "-e",
    "trace=execve,connect",
    "-o",
    log,
  ];
  const host = await remote(t, place, { trusted: false }, under);
  const started = await host.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.equal(started.ok ? "" : started.failure.code, "untrusted");
  const opened = await host.openRun(run);
  assert.equal(opened.ok ? "" : opened.failure.code, "untrusted");
  assert.deepEqual(await host.resumeInterrupted(), []);
  const cancelled = await host.signal(run, { type: "cancel", by: "t" });
  assert.ok(cancelled.ok, "a word to a run starts nothing, so it is heard");
  await host.dispose();
  const calls = (await readFile(log, "utf8"))
    .split("\n")
    .filter((line) => /execve|connect/.test(line));
  assert.equal(calls.length, 1, calls.join("\n"));
  assert.match(calls[0] ?? "", /execve\(.*remoteHost\.ts/);
  assert.deepEqual([await place.sprung(), place.connections()], [[], 0]);
});

test("the person's yes is recorded for this folder alone, and holds from then on", async (t) => {
  const steps = `steps: [{ id: x, type: shell, command: "touch ran" }]`;
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", steps) });
  const { env } = place;
  const asRecorded = async (workspace: string): Promise<App> => {
    const app = await composeApp({ workspace, env });
    t.after(() => app.dispose());
    return app;
  };
  const app = await asRecorded(place.workspace);
  assert.equal(app.isTrusted(), false);
  await app.trust();
  assert.equal(app.isTrusted(), true);
  const run = await start(app, "it");
  await ends(app, run);
  assert.equal((await asRecorded(place.workspace)).isTrusted(), true);
  await mkdir(join(place.workspace, "inner"));
  assert.equal((await asRecorded(join(place.workspace, "inner"))).isTrusted(), false);
});

/** A run that was interrupted while the folder was still trusted. */
async function interrupted(t: TestContext, place: Trapped): Promise<string> {
  const asking = workflow(
    "asking",
    `steps: [{ id: ask, type: prompt, input: confirm, message: "?" }, { id: run, type: shell, command: "touch ../marks/shell" }]`,
  );
  await place.write("workflows/asking.workflow.yaml", asking);
  const host = await remote(t, place);
  const started = await host.startRun({ template: "asking", inputs: {}, startedBy: "t" });
  assert.ok(started.ok, JSON.stringify(started));
  await host.settled(started.run);
  await host.kill("SIGKILL");
  return started.run;
}
