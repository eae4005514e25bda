/** An agent asks in the middle of its turn, through the whole product: answered here, elsewhere, by a policy, and never. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../../src/app/app.ts";
import { isFinished } from "../../src/run/state.ts";
import {
  answer,
  asks,
  jsonLines,
  reaches,
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
  return reaches(app, run, "its end", isFinished);
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
