/** A run whose attempt with the real claude program was lost, cancelled while it is found out what became of it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ComposeOptions } from "../../src/app/compose.ts";
import { until } from "../process/until.ts";
import { startModelServer } from "../vendors/modelServer.ts";
import type { ModelTurn } from "../vendors/modelTurn.ts";
import { processesIn } from "./harness/processes.ts";
import { ends, scene } from "./harness/product.ts";
import { remote } from "./harness/remote.ts";
import { COUNT } from "./real/count.ts";

const PROGRAM = fileURLToPath(new URL("../../node_modules/.bin/claude", import.meta.url));
const skip = existsSync(PROGRAM) ? false : "claude is not installed in node_modules";

async function claudeScene(t: TestContext, turns: readonly ModelTurn[]) {
  const place = await scene(t, {
    "workflows/count.workflow.yaml": COUNT,
    "src/limits.ts": "// 100 requests per minute\n",
  });
  const server = await startModelServer(turns);
  t.after(() => server.stop());
  const { FERMATA_AGENT: _offline, ...plain } = place.env;
  const env = {
    ...plain,
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: "sk-test",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  };
  const agent = { adapter: "claude", command: [PROGRAM], permission_mode: "acceptEdits" };
  const settings = { agents: { "@task": agent } };
  const options: Partial<ComposeOptions> = { env, settings };
  return { place: { ...place, env }, server, options, settings };
}

test("a cancel ends the looking into a lost attempt, in this process and from another", {
  skip,
}, async (t) => {
  for (const from of ["here", "elsewhere"] as const) {
    const { place, server, options, settings } = await claudeScene(t, [{ hang: "Let me think" }]);
    const host = await remote(t, place, { settings });
    const started = await host.startRun({ template: "count", inputs: {}, startedBy: "t" });
    assert.ok(started.ok);
    const { run } = started;
    await server.asked(1);
    await host.kill("SIGKILL");
    const app = await place.open(options);
    assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
    await server.asked(2);
    const speaker = from === "here" ? app : await place.open(options);
    assert.ok((await speaker.signal(run, { type: "cancel", by: "t" })).ok);
    const state = await ends(app, run);
    assert.equal(state.status, "cancelled");
    await until("claude to be gone", () => processesIn(place.workspace).length === 0);
  }
});
