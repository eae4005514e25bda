/**
 * What every real agent must come through: a turn with a tool, a permission where it asks for one, a file, a host that dies,
 * and an answer in the session that was there before; and a cancel in the middle of a turn.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { processesIn } from "../harness/processes.ts";
import { answer, asks, ends, resultOf, start } from "../harness/product.ts";
import { remote } from "../harness/remote.ts";
import { COUNT } from "./count.ts";
import { type Found, PATIENCE_MS, setting } from "./foundAgents.ts";

const FILES = {
  "workflows/count.workflow.yaml": COUNT,
  "limits.txt": "100 requests per minute\n",
};

/** The tests of each of these agents. */
export function testTurns(agents: readonly Found[]): void {
  for (const agent of agents) testTurnsOf(agent);
}

function testTurnsOf(agent: Found): void {
  const { skip } = agent;
  const program = `${agent.program}${agent.over ? ` over ${agent.over}` : ""}`;
  const asking = agent.asks ? "asks, " : "";

  test(`${program} uses a tool, ${asking}writes, loses its host, and answers in its session`, {
    skip,
  }, async (t) => {
    const { place, server, settings, open } = await setting(t, agent, FILES, (folder) => [
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
    const state = await ends(app, run, PATIENCE_MS);
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
    const { place, server, open } = await setting(t, agent, FILES, () => [
      { hang: "Let me think" },
    ]);
    const app = await open();
    const run = await start(app, "count");
    await server.asked(1);
    assert.ok((await app.signal(run, { type: "cancel", by: "t" })).ok);
    const state = await ends(app, run, PATIENCE_MS);
    assert.equal(state.status, "cancelled");
    assert.deepEqual(processesIn(place.workspace), []);
  });
}
