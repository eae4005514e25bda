/** An agent asks in the middle of its turn, through the whole product: answered here, elsewhere, by a policy, and never. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { App } from "../../src/app/app.ts";
import {
  answer,
  asks,
  ends,
  jsonLines,
  reaches,
  resultOf,
  scene,
  stand,
  start,
  workflow,
} from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const FILES = {
  "workflows/it.workflow.yaml": workflow(
    "it",
    `
steps:
  - { id: work, type: delegate, agent: "@task", instructions: do, timeout: 2s }
  - { id: end, type: return, value: "{{ steps.work.response }}" }
`,
  ),
  "script.yaml": "log: calls.jsonl\nrules:\n  - {ask: May I run ls?, response: did it}\n",
};

async function setting(t: Parameters<typeof scene>[0]) {
  const place = await scene(t, FILES);
  const env = { ...place.env, FERMATA_SCRIPTED_AGENT: `${place.workspace}/script.yaml` };
  return { ...place, env, open: () => place.open({ env }) };
}

async function ended(app: App, run: string) {
  return ends(app, run);
}

test("the task waits for you beyond its own time, and goes on with the answer", async (t) => {
  const app = await (await setting(t)).open();
  const run = await start(app, "it");
  const { form } = await asks(app, run, "work");
  assert.ok(form.kind === "permission");
  await app.settled(run);
  // Longer than the step's own time, which must not run.
  await sleep(2_300);
  const blind = { type: "answer", breakpoint: "work", answer: "allow_once", by: "t" } as const;
  assert.match(JSON.stringify(await app.signal(run, blind)), /names the text/);
  await answer(app, run, "work", "allow_once");
  const state = await ended(app, run);
  assert.equal(state.value, "did it", stand(state));
  assert.equal(state.tasks.get("work")?.answered_by, "tester");
});

test("what is rejected fails, a policy may allow, and a cancel ends the asking", async (t) => {
  const app = await (await setting(t)).open();
  const rejected = await start(app, "it");
  await answer(app, rejected, "work", "reject_once");
  assert.match(String((await ended(app, rejected)).failure?.message), /was not allowed to/);
  const answers = { id: "file", answers: { work: "allow_once" } };
  const policed = await ended(app, await start(app, "it", { answers }));
  assert.equal(policed.tasks.get("work")?.answered_by, "policy file");
  const cancelled = await start(app, "it");
  await asks(app, cancelled, "work");
  assert.ok((await app.signal(cancelled, { type: "cancel", by: "t" })).ok);
  assert.equal((await ended(app, cancelled)).status, "cancelled");
});

test("killed while its agent asks, the run is taken up, asks again, and the agent was asked twice", async (t) => {
  const place = await setting(t);
  const host = await remote(t, place);
  const started = await host.startRun({ template: "it", inputs: {}, startedBy: "t" });
  const run = started.ok ? started.run : assert.fail();
  const other = await place.open();
  const { id } = await asks(other, run, "work");
  assert.equal(id, "work@1.1");
  await host.kill("SIGKILL");
  assert.ok((await other.openRun(run)).ok);
  const again = await reaches(other, run, "the question again", ({ breakpoints }) =>
    breakpoints.has("work@2.1"),
  );
  assert.equal(again.breakpoints.size, 1, "that of the lost attempt is gone");
  await answer(other, run, "work", "allow_always");
  assert.equal((await ended(other, run)).value, "did it");
  assert.equal((await jsonLines(`${place.workspace}/calls.jsonl`)).length, 2);
});

const PEER = fileURLToPath(new URL("../agents/acp/peer.ts", import.meta.url));
const OPTIONS = [
  { optionId: "y", name: "Yes", kind: "allow_once" },
  { optionId: "n", name: "No", kind: "reject_once" },
];

/** A product whose agent asks in the middle of each of its turns. `capabilities`: how it goes on with an old session. */
async function peers(t: Parameters<typeof scene>[0], capabilities: object) {
  const said = { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "did it" } };
  const toolCall = { toolCallId: "c1", title: "Delete the build folder", kind: "delete" };
  const turn = [{ ask: { toolCall, options: OPTIONS } }, { update: said }, { stop: "end_turn" }];
  const command = [process.execPath, "--no-warnings", PEER, JSON.stringify({ capabilities, turn })];
  const settings = { agents: { "@task": { adapter: "acp", command } }, defaultAgent: "@task" };
  // Without a time of its own: a program takes as long to start as the machine has it.
  const place = await scene(t, {
    "free.workflow.yaml": workflow(
      "free",
      "steps: [{ id: work, type: delegate, instructions: do }]",
    ),
  });
  const host = await remote(t, place, { settings });
  const started = await host.startRun({
    template: "free.workflow.yaml",
    inputs: {},
    startedBy: "t",
  });
  const run = started.ok ? started.run : assert.fail(JSON.stringify(started));
  const other = await place.open({ settings });
  assert.equal((await asks(other, run, "work")).id, "work@1.1");
  await host.kill("SIGKILL");
  assert.ok((await other.openRun(run)).ok);
  return { other, run };
}

test("killed while it asks, an agent's session goes on, and its question is asked and answered there", async (t) => {
  const { other, run } = await peers(t, { sessionCapabilities: { resume: {} } });
  const again = await reaches(other, run, "the question again", ({ breakpoints }) =>
    breakpoints.has("work@1.2"),
  );
  assert.deepEqual([...again.breakpoints.keys()], ["work@1.2"], "the dead host's question is gone");
  const late = { type: "answer", breakpoint: "work@1.1", answer: "reject_once", by: "t" } as const;
  assert.equal((await other.signal(run, late)).ok, false);
  await answer(other, run, "work", "allow_once");
  const state = await ended(other, run);
  assert.equal(resultOf(state).response, "did it", stand(state));
  assert.equal(state.tasks.get("work")?.attempts, 1);
});

test("killed while it asks, an agent that cannot go on leaves what it asked for to whoever decides", async (t) => {
  const { other, run } = await peers(t, {});
  const lost = await reaches(other, run, "the question about it", ({ breakpoints }) =>
    breakpoints.has("work@1"),
  );
  const form = lost.breakpoints.get("work@1")?.form;
  assert.match(
    form?.kind === "outcome" ? form.message : "",
    /was asking for this when its host died[\s\S]*Delete the build folder/,
  );
  await answer(other, run, "work", "retry");
  await reaches(other, run, "its next question", ({ breakpoints }) => breakpoints.has("work@2.1"));
  await answer(other, run, "work", "allow_once");
  const state = await ended(other, run);
  assert.equal(resultOf(state).response, "did it", stand(state));
});
