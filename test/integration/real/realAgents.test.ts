/**
 * The real agents' programs through the whole product, each against a loopback server that speaks its vendor's protocol.
 * One that cannot be had is skipped and named; a run of the tests without any fails.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { agentProgram } from "../../../scripts/testing/agentPrograms.ts";
import type { ComposeOptions } from "../../../src/app/compose.ts";
import { isFinished } from "../../../src/run/state.ts";
import { startModelServer } from "../../vendors/modelServer.ts";
import type { ModelTurn } from "../../vendors/modelTurn.ts";
import { processesIn } from "../harness/processes.ts";
import { answer, asks, reaches, resultOf, scene, start, workflow } from "../harness/product.ts";
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

const say = (line: string): void => void process.stderr.write(`${line}\n`);

type Found = RealAgent & { readonly path: string | undefined; readonly skip: string | false };

const found: readonly Found[] = await Promise.all(
  REAL_AGENTS.map(async (agent) => {
    try {
      return { ...agent, path: await agentProgram(agent.program, say), skip: false as const };
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
    "limits.txt": "100 requests per minute\n",
  };
  const place = await scene(t, files);
  const server = await startModelServer(turns(place.workspace));
  t.after(() => server.stop());
  const { FERMATA_AGENT: _offline, ...plain } = place.env;
  const env = { ...plain, ...(await agent.env(server.url)) };
  const settings = { agents: { "@task": agent.settings(agent.path ?? "", server.url) } };
  const options: Partial<ComposeOptions> = { env, settings };
  return { place: { ...place, env }, server, settings, open: () => place.open(options) };
}

test("real agents are here: two at least where everything is checked", () => {
  const here = found.filter(({ skip }) => skip === false);
  const missing = found.flatMap(({ skip }) => (skip === false ? [] : [skip]));
  assert.ok(here.length >= (process.env.CI ? 2 : 1), missing.join("\n"));
});

for (const agent of found) {
  const { program, skip } = agent;
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
