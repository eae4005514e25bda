/** Cancel, kill, pause, resume, retry and time-outs of runs with real processes in them. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { App } from "../../src/app/app.ts";
import { isAlive, readText, until } from "../process/until.ts";
import { processesIn } from "./harness/processes.ts";
import {
  answer,
  asks,
  ends,
  reaches,
  resultOf,
  type Scene,
  scene,
  stand,
  start,
  workflow,
} from "./harness/product.ts";

const STUBBORN = fileURLToPath(new URL("../agents/stubbornAgent.ts", import.meta.url));

async function place(t: TestContext, steps: string): Promise<[App, Scene]> {
  const made = await scene(t, { "workflows/it.workflow.yaml": workflow("it", steps) });
  const stubborn = {
    adapter: "command",
    command: [process.execPath, STUBBORN, join(made.root, "pids")],
  };
  return [await made.open({ settings: { agents: { "@stubborn": stubborn } } }), made];
}

const TREE = `
steps:
  - id: both
    type: parallel
    branches:
      - id: script
        steps:
          - { id: tree, type: shell, command: "sleep 301 & (sleep 302 & sleep 303) & touch up; wait", timeout: 10m }
      - id: agent
        steps:
          - { id: ask, type: delegate, agent: "@stubborn", instructions: go }
`;

test("cancel: the trees of shell steps and agents are gone within 5 s, even those that ignore TERM", async (t) => {
  const [app, { root, workspace }] = await place(t, TREE);
  const run = await start(app, "it");
  await until(
    "both to run",
    () => readText(join(root, "pids")) !== "" && existsSync(join(workspace, "up")),
  );
  const { agent, child } = JSON.parse(readText(join(root, "pids")));
  await until("the sleeps", () => processesIn(workspace).length >= 5);
  const from = performance.now();
  assert.ok((await app.signal(run, { type: "cancel", by: "t", reason: "enough" })).ok);
  const gone = () => !isAlive(agent) && !isAlive(child) && processesIn(workspace).length === 0;
  await until("all of them to be gone", gone);
  assert.ok(performance.now() - from < 8000, `it took ${performance.now() - from} ms`);
  const state = await ends(app, run);
  assert.equal(state.status, "cancelled", stand(state));
  assert.match(
    await app.signal(run, { type: "cancel", by: "t" }).then((said) => (said.ok ? "" : said.reason)),
    /is over \(cancelled\)/,
  );
});

test("a second cancel is a kill: nothing more is waited for", async (t) => {
  const [app, { root, workspace }] = await place(t, TREE);
  const run = await start(app, "it");
  await until("the agent", () => readText(join(root, "pids")) !== "");
  assert.ok((await app.signal(run, { type: "cancel", by: "t" })).ok);
  const second = await app.signal(run, { type: "cancel", by: "t" });
  assert.ok(second.ok && second.events[0]?.type === "kill_requested");
  const state = await ends(app, run);
  assert.equal(state.status, "cancelled");
  await until("all of them to be gone", () => processesIn(workspace).length === 0);
});

test("cancel while it waits for a person ends it at once, and the question is gone", async (t) => {
  const [app] = await place(t, `steps: [{ id: ask, type: prompt, input: text, message: "?" }]`);
  const run = await start(app, "it");
  await asks(app, run, "ask");
  assert.ok((await app.signal(run, { type: "cancel", by: "t" })).ok);
  const state = await ends(app, run);
  assert.deepEqual([state.status, state.breakpoints.size], ["cancelled", 0]);
  const late = await app.signal(run, { type: "answer", breakpoint: "ask", answer: "x", by: "t" });
  assert.match(late.ok ? "" : late.reason, /is over \(cancelled\)/);
});

test("a cancel in the moment of the start ends the run before anything runs", async (t) => {
  const [app, { workspace }] = await place(
    t,
    `steps: [{ id: ran, type: shell, command: "sleep 0.5; touch ran" }]`,
  );
  const run = await start(app, "it");
  const said = await app.signal(run, { type: "cancel", by: "t" });
  assert.ok(said.ok, said.ok ? "" : said.reason);
  assert.equal((await ends(app, run)).status, "cancelled");
  assert.ok(!existsSync(join(workspace, "ran")));
});

test("pause lets what runs finish, starts nothing new, and resume goes on", async (t) => {
  const [app, { workspace, write }] = await place(
    t,
    `
steps:
  - { id: first, type: shell, command: "touch up; until test -e go; do sleep 0.02; done; echo one" }
  - { id: second, type: shell, command: "echo two" }
  - { id: end, type: return, value: "{{ steps.first.stdout | trim }} {{ steps.second.stdout | trim }}" }
`,
  );
  const run = await start(app, "it");
  await until("the first to run", () => existsSync(join(workspace, "up")));
  assert.ok((await app.signal(run, { type: "pause", by: "t" })).ok);
  await write("go", "");
  const paused = await app.settled(run);
  assert.equal(paused.status, "paused");
  const finished = await reaches(
    app,
    run,
    "the first's end",
    ({ tasks }) => tasks.get("first")?.status === "done",
  );
  assert.equal(finished.tasks.get("second"), undefined);
  assert.ok((await app.signal(run, { type: "resume", by: "t" })).ok);
  assert.equal((await ends(app, run)).value, "one two");
});

test("a paused run stays paused over a restart, and can be cancelled there", async (t) => {
  const [app, made] = await place(
    t,
    `
steps:
  - { id: ask, type: prompt, input: confirm, message: "?" }
  - { id: next, type: shell, command: "touch never" }
`,
  );
  const run = await start(app, "it");
  await asks(app, run, "ask");
  assert.ok((await app.signal(run, { type: "pause", by: "t" })).ok);
  await answer(app, run, "ask", true);
  await app.dispose();
  const again = await made.open();
  assert.deepEqual(await again.resumeInterrupted(), [run]);
  const state = await again.settled(run);
  assert.deepEqual([state.status, state.tasks.has("next")], ["paused", false]);
  assert.ok((await again.signal(run, { type: "cancel", by: "t" })).ok);
  assert.equal((await ends(again, run)).status, "cancelled");
});

test("retry of a failed run does only what failed, with the state as it is", async (t) => {
  const [app, { workspace, write }] = await place(
    t,
    `
initial_state: { made: null }
steps:
  - { id: once, type: shell, command: "echo x >> count; echo made", output_to: made }
  - { id: fails, type: shell, command: "test -e mended" }
  - { id: end, type: return, value: "{{ state.made.stdout | trim }}" }
`,
  );
  const run = await start(app, "it");
  const failed = await app.settled(run);
  assert.equal(failed.status, "failed");
  assert.deepEqual([failed.failure?.code, failed.failure?.path], ["command_failed", "fails"]);
  const wrong = await app.signal(run, { type: "retry", path: "once", by: "t" });
  assert.match(wrong.ok ? "" : wrong.reason, /once has not failed\. Failed: fails\./);
  await write("mended", "");
  assert.ok((await app.signal(run, { type: "retry", by: "t" })).ok);
  assert.ok((await app.openRun(run)).ok);
  assert.equal((await ends(app, run)).value, "made");
  assert.equal(readText(join(workspace, "count")), "x\n");
});

test("a time-out ends the attempt's whole tree and fails the step, or its policy tries again", async (t) => {
  const [app, { workspace }] = await place(
    t,
    `
steps:
  - id: slow
    type: shell
    command: "echo x >> count; sleep 304 & sleep 305"
    effects: repeatable
    timeout: 3s
    retry: { max_attempts: 2, delay: 10ms, retry_on: [timeout] }
    on_error: continue
  - { id: end, type: return, value: "{{ steps.slow.error.code }}" }
`,
  );
  const run = await start(app, "it");
  const state = await ends(app, run);
  assert.equal(state.value, "timeout", stand(state));
  assert.equal(readText(join(workspace, "count")), "x\nx\n");
  assert.equal(state.tasks.get("slow")?.attempts, 2);
  await until("the sleeps to be gone", () => processesIn(workspace).length === 0);
});

test("automatic retries wait, count, and end with the answer that works", async (t) => {
  const [app, { workspace }] = await place(
    t,
    `
steps:
  - id: flaky
    type: shell
    command: "echo x >> count; test $(wc -l < count) -ge 3"
    retry: { max_attempts: 5, delay: 20ms, backoff: exponential }
  - { id: end, type: return, value: { tries: "{{ steps.flaky.exit_code }}" } }
`,
  );
  const run = await start(app, "it");
  assert.deepEqual(resultOf(await ends(app, run)), { tries: 0 });
  assert.equal(readText(join(workspace, "count")), "x\nx\nx\n");
});
