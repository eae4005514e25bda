/** Runs whose agent is the real claude program, against a loopback server that speaks its vendor's protocol. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ComposeOptions } from "../../src/app/compose.ts";
import { isFinished } from "../../src/run/state.ts";
import { until } from "../process/until.ts";
import { startModelServer } from "../vendors/modelServer.ts";
import type { ModelTurn } from "../vendors/modelTurn.ts";
import { processesIn } from "./harness/processes.ts";
import { reaches, resultOf, scene, start, workflow } from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const PROGRAM = fileURLToPath(new URL("../../node_modules/.bin/claude", import.meta.url));
const skip = existsSync(PROGRAM) ? false : "claude is not installed in node_modules";

const COUNT = workflow(
  "count",
  `
steps:
  - id: look
    type: delegate
    agent: "@task"
    instructions: Which limit holds? Write it down.
    output_schema: { type: object, required: [limit], properties: { limit: { type: number } } }
  - { id: end, type: return, value: { limit: "{{ steps.look.data.limit }}", files: "{{ steps.look.files_changed }}" } }
`,
);

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

const ANSWER: readonly ModelTurn[] = [
  { tool: "Read", input: { file_path: "src/limits.ts" } },
  { tool: "Write", input: { file_path: "notes.md", content: "100 a minute\n" } },
  { tool: "StructuredOutput", input: { limit: 100 } },
  { text: "Done." },
];

test("a delegate step is a whole turn of claude: tools, schema, files, tokens, transcript", {
  skip,
}, async (t) => {
  const { place, server, options } = await claudeScene(t, ANSWER);
  const app = await place.open(options);
  const run = await start(app, "count");
  const state = await app.settled(run);
  assert.deepEqual(resultOf(state), { limit: 100, files: ["notes.md"] });
  assert.equal(await readFile(join(place.workspace, "notes.md"), "utf8"), "100 a minute\n");
  assert.ok(state.tokens > 0);
  const chosen = state.started.agents["@task"];
  assert.deepEqual([chosen?.adapter, chosen?.effects], ["claude", "once"]);
  assert.match(JSON.stringify(server.requests[0]?.body.messages), /Which limit holds/);
  const transcript = await app.readOutput(run, "look");
  assert.ok(
    transcript.some(({ kind, text }) => kind === "tool_call" && text.includes("limits.ts")),
  );
});

test("cancelled in the middle of an answer, claude and all of its tree are gone", {
  skip,
}, async (t) => {
  const { place, server, options } = await claudeScene(t, [{ hang: "Let me think" }]);
  const app = await place.open(options);
  const run = await start(app, "count");
  await server.asked(1);
  assert.ok((await app.signal(run, { type: "cancel", by: "t" })).ok);
  const state = await reaches(app, run, "its end", isFinished);
  assert.equal(state.status, "cancelled");
  assert.deepEqual(await processesIn(place.workspace), []);
});

test("after the host's death the turn goes on in claude's own session, as the same attempt", {
  skip,
}, async (t) => {
  const { place, server, options, settings } = await claudeScene(t, [
    { hang: "Let me think" },
    { tool: "StructuredOutput", input: { limit: 7 } },
    { text: "Done." },
  ]);
  const host = await remote(t, place, { settings });
  const started = await host.startRun({ template: "count", inputs: {}, startedBy: "t" });
  assert.ok(started.ok);
  await server.asked(1);
  await host.kill("SIGKILL");
  const app = await place.open(options);
  assert.deepEqual(await app.resumeInterrupted(), [started.run]);
  const state = await reaches(app, started.run, "its end", isFinished);
  assert.deepEqual(resultOf(state), { limit: 7, files: [] });
  assert.equal(state.tasks.get("look")?.attempts, 1);
});

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
    const state = await reaches(app, run, "its end", isFinished);
    assert.equal(state.status, "cancelled");
    await until("claude to be gone", () => processesIn(place.workspace).length === 0);
  }
});
