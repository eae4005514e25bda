/**
 * The real agents' programs through the whole product, each against a loopback server that speaks its vendor's protocol.
 * One that cannot be had is skipped and named; a run of the tests without any fails.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { agentProgram } from "../../../scripts/testing/agentPrograms.ts";
import type { ComposeOptions } from "../../../src/app/compose.ts";
import { isFinished } from "../../../src/run/state.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import { noServer, startServer } from "../../agents/cli/sshServer.ts";
import { startModelServer } from "../../vendors/modelServer.ts";
import type { ModelTurn } from "../../vendors/modelTurn.ts";
import { processesIn } from "../harness/processes.ts";
import {
  answer,
  asks,
  reaches,
  resultOf,
  type Scene,
  scene,
  start,
  workflow,
} from "../harness/product.ts";
import { remote } from "../harness/remote.ts";
import { REAL_AGENTS, type RealAgent } from "./agents.ts";

/** The biggest of them takes long to start where others are at work. */
const PATIENCE_MS = 240_000;

const COUNT = workflow(
  "count",
  `
steps:
  - id: look
    type: delegate
    agent: "@task"
    instructions: Which limit holds? Write it down.
    output_schema:
      { type: object, required: [limit], properties: { limit: { type: number } }, additionalProperties: false }
  - { id: end, type: return, value: { limit: "{{ steps.look.data.limit }}", files: "{{ steps.look.files_changed }}" } }
`,
);

const APART = workflow(
  "apart",
  `
steps:
  - { id: look, type: delegate, agent: "@task", instructions: Write the limit down, isolation: worktree }
  - { id: end, type: return, value: "{{ steps.look.isolation }}" }
`,
);

const say = (line: string): void => void process.stderr.write(`${line}\n`);

type Found = RealAgent & { readonly path: string | undefined; readonly skip: string | false };

const found: readonly Found[] = await Promise.all(
  REAL_AGENTS.map(async (agent) => {
    try {
      const path = await agentProgram(agent.program, say);
      return { ...agent, path, skip: agent.over === "ssh" && noServer() };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ...agent, path: undefined, skip: `the real ${agent.program} is missing: ${why}` };
    }
  }),
);

async function setting(
  t: TestContext,
  agent: Found,
  turns: (workspace: string) => readonly ModelTurn[],
) {
  const files = {
    "workflows/count.workflow.yaml": COUNT,
    "workflows/apart.workflow.yaml": APART,
    "limits.txt": "100 requests per minute\n",
  };
  const place = await scene(t, files);
  const server = await startModelServer(turns(place.workspace));
  t.after(() => server.stop());
  const { FERMATA_AGENT: _offline, ...plain } = place.env;
  const own = await agent.env(server.url);
  const local = agent.settings(agent.path ?? "", server.url);
  const task = agent.over === "ssh" ? await overSsh(t, local, place, own) : local;
  const env = { ...plain, ...(agent.over === "ssh" ? {} : own) };
  const settings = { agents: { "@task": task } };
  const options: Partial<ComposeOptions> = { env, settings };
  return { place: { ...place, env }, server, settings, open: () => place.open(options) };
}

/** The settings of a local agent as those of one behind an SSH server. */
async function overSsh(
  t: TestContext,
  local: JsonObject,
  { workspace, env }: Scene,
  own: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const { host, ssh_command } = await startServer(t);
  const environment = { PATH: env.PATH ?? "", HOME: env.HOME ?? "", ...own };
  const { adapter: profile = "", ...rest } = local;
  const there = { folder: workspace, environment };
  return { ...rest, adapter: "ssh", profile, host, ssh_command: [...ssh_command], ...there };
}

test("real agents are here: two at least where everything is checked", () => {
  const here = found.filter(({ skip }) => skip === false);
  const missing = found.flatMap(({ skip }) => (skip === false ? [] : [skip]));
  assert.ok(here.length >= (process.env.CI ? 2 : 1), missing.join("\n"));
});

for (const agent of found) {
  const { skip } = agent;
  const program = `${agent.program}${agent.over ? ` over ${agent.over}` : ""}`;
  const asking = agent.asks ? "asks, " : "";

  test(`${program} uses a tool, ${asking}writes, loses its host, and answers in its session`, {
    skip,
  }, async (t) => {
    const { place, server, settings, open } = await setting(t, agent, (folder) => [
      agent.reads(join(folder, "limits.txt")),
      agent.writes(join(folder, "notes.md"), "100 a minute"),
      { hang: "Let me think" },
      ...agent.answers({ limit: 100 }),
    ]);
    const host = await remote(t, place, { settings });
    const started = await host.startRun({ template: "count", inputs: {}, startedBy: "t" });
    assert.ok(started.ok, JSON.stringify(started));
    const { run } = started;
    const app = await open();
    if (agent.asks) {
      const { form } = await asks(app, run, "look", PATIENCE_MS);
      assert.match(form.kind === "permission" ? form.message : form.kind, /notes\.md/);
      await answer(app, run, "look", "allow_once");
    }
    const { body } = await server.asked(3);
    assert.match(JSON.stringify(body), /100 requests per minute/);
    const notes = join(place.workspace, "notes.md");
    assert.equal((await readFile(notes, "utf8")).trim(), "100 a minute");
    await host.kill("SIGKILL");

    assert.deepEqual(await app.resumeInterrupted(), [run]);
    const state = await reaches(app, run, "its end", isFinished, PATIENCE_MS);
    assert.deepEqual(resultOf(state), { limit: 100, files: [] });
    assert.equal(state.tasks.get("look")?.attempts, 1);
    assert.ok(state.tokens > 0);
    const last = JSON.stringify(server.requests.at(-1)?.body);
    assert.match(last, /Which limit holds\?.*connection was lost/s);
    const transcript = await app.readOutput(run, "look");
    assert.ok(transcript.some(({ kind }) => kind === "tool_call"));
    assert.deepEqual(processesIn(place.workspace), []);
  });

  test(`${program} is gone with its whole tree when the run is cancelled in its turn`, {
    skip,
  }, async (t) => {
    const { place, server, open } = await setting(t, agent, () => [{ hang: "Let me think" }]);
    const app = await open();
    const run = await start(app, "count");
    await server.asked(1);
    assert.ok((await app.signal(run, { type: "cancel", by: "t" })).ok);
    const state = await reaches(app, run, "its end", isFinished, PATIENCE_MS);
    assert.equal(state.status, "cancelled");
    assert.deepEqual(processesIn(place.workspace), []);
  });
}

/** One that is told in which folder it works, and one that finds itself there. */
const APART_BY = ["opencode", "codex"] as const;

for (const agent of found.filter(
  ({ program, over }) => !over && APART_BY.some((one) => one === program),
)) {
  test(`${agent.program} in a git worktree of its own: its work is seen, then merged`, {
    skip: agent.skip,
  }, async (t) => {
    const { place, server, open } = await setting(t, agent, () => [
      agent.reads("limits.txt"),
      agent.writes("notes.md", "100 a minute"),
      { text: "It is written down." },
    ]);
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...words], {
        cwd: place.workspace,
        encoding: "utf8",
      }).trim();
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    const app = await open();
    const run = await start(app, "apart");
    if (agent.asks) {
      await asks(app, run, "look/isolated-work", PATIENCE_MS);
      await answer(app, run, "look/isolated-work", "allow_once");
    }
    const { form } = await asks(app, run, "look/isolated-review", PATIENCE_MS);
    assert.ok(form.kind === "approval");
    assert.match(form.plan, /^- created notes\.md\n/);
    const { body } = await server.asked(2);
    assert.match(JSON.stringify(body), /100 requests per minute/);
    assert.equal(git("status", "--porcelain"), "", "the workspace is as it was");
    await answer(app, run, "look/isolated-review", { approved: true });
    const state = await reaches(app, run, "its end", isFinished, PATIENCE_MS);
    assert.equal(resultOf(state).merged, true);
    const notes = await readFile(join(place.workspace, "notes.md"), "utf8");
    assert.equal(notes.trim(), "100 a minute");
    assert.equal(git("worktree", "list").split("\n").length, 1);
  });
}
