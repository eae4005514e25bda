/** Stops of sessions of debugging over the real product: set before the first step, by other processes, and gone with them. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import type { Breakpoint } from "../../src/run/ask/breakpoint.ts";
import {
  answer,
  asks,
  ends,
  type Scene,
  scene,
  stand,
  start,
  workflow,
} from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const COUNTING = workflow(
  "counting",
  `
initial_state: { n: 1 }
steps:
  - { id: one, type: set_state, updates: { n: "{{ state.n + 1 }}" } }
  - { id: two, type: set_state, updates: { n: "{{ state.n * 10 }}" } }
  - id: each
    type: foreach
    items: [a, b]
    task: sub
  - { id: ask, type: prompt, input: confirm, message: "Well?" }
  - { id: end, type: return, value: "{{ state.n }}" }
tasks:
  sub:
    steps:
      - { id: say, type: shell, command: ["echo", "{{ item }}"] }
`,
);

const STOPS = { session: "s", by: "ann", places: [{ at: "counting:two" }] };

async function place(t: TestContext): Promise<readonly [App, Scene]> {
  const made = await scene(t, { "workflows/counting.workflow.yaml": COUNTING });
  return [await made.open(), made];
}

async function stop(app: App, run: string, path: string): Promise<Breakpoint> {
  const open = await asks(app, run, path);
  assert.equal(open.form.kind, "stop");
  return open;
}

test("a run that starts with stops has not passed them, and any host may let it go on", async (t) => {
  const [app] = await place(t);
  const run = await start(app, "counting", { stops: STOPS });
  const open = await stop(app, run, "two");
  assert.match(open.form.kind === "stop" ? open.form.message : "", /a breakpoint that ann set/);
  assert.ok((await app.signal(run, { type: "set", updates: { n: 5 }, by: "ann" })).ok);
  assert.ok((await app.setStops(run, { ...STOPS, places: [{ at: "counting#sub:say" }] })).ok);
  await answer(app, run, "two", "continue");
  await answer(app, run, "each[0]/say", "continue");
  await answer(app, run, "each[1]/say", "continue");
  await answer(app, run, "ask", true);
  const state = await ends(app, run);
  assert.equal(state.value, 50, stand(state));
});

test("a fork begins stopped where it was asked to be, and knows nothing of the other run's stops", async (t) => {
  const [app] = await place(t);
  const run = await start(app, "counting", { stops: STOPS });
  await stop(app, run, "two");
  await answer(app, run, "two", "continue");
  await asks(app, run, "ask");
  const stops = { session: "t", by: "ann", places: [], pace: "any" } as const;
  const forked = await app.forkRun({ run, from: "two", startedBy: "ann", stops });
  assert.ok(forked.ok);
  const open = await stop(app, forked.run, "two");
  assert.equal(open.form.kind === "stop" && open.form.why, "step");
  await answer(app, forked.run, "two", "continue");
  await answer(app, forked.run, "ask", true);
  assert.equal((await ends(app, forked.run)).value, 20);
});

test("kill -9 of the host that holds the session and the run: whoever takes it up lets it go on", async (t) => {
  const [app, made] = await place(t);
  const host = await remote(t, made);
  const started = await host.startRun({
    ...{ template: "counting", inputs: {}, startedBy: "ann", stops: STOPS },
  });
  assert.ok(started.ok);
  const { run } = started;
  await stop(app, run, "two");
  await host.kill("SIGKILL");
  assert.deepEqual(await app.resumeInterrupted(), [run]);
  await answer(app, run, "ask", true);
  const state = await ends(app, run);
  assert.equal(state.value, 20, stand(state));
  const events = (await app.readEvents(run)).map(({ event }) => event);
  const removed = events.findIndex(({ type }) => type === "stops_removed");
  const stopped = events.filter(
    ({ type }, index) => type === "breakpoint_opened" && index > removed,
  );
  assert.ok(removed > 0);
  assert.deepEqual(
    stopped.map((event) => "path" in event && event.path),
    ["ask"],
  );
});

test("kill -9 of another process that debugs a run driven here: the run goes on by itself", async (t) => {
  const [app, made] = await place(t);
  const other = await remote(t, made);
  const run = await start(app, "counting", { stops: STOPS });
  await stop(app, run, "two");
  const places = [{ at: "counting:each" }];
  assert.ok((await other.setStops(run, { session: "other", by: "bob", places })).ok);
  assert.ok((await app.signal(run, { type: "stops_end", session: "s", by: "ann" })).ok);
  await stop(app, run, "each");
  await other.kill("SIGKILL");
  await answer(app, run, "ask", true);
  assert.equal((await ends(app, run)).value, 20);
});

test("the steps of a workflow are told with their lines, those of its tasks too", async (t) => {
  const [app, made] = await place(t);
  const found = await app.findSteps("counting");
  assert.ok(found.ok);
  assert.equal(found.main, `${made.workspace}/workflows/counting.workflow.yaml`);
  assert.deepEqual(
    found.files.flatMap(({ steps }) => steps).map(({ place, range }) => [place, range.start.line]),
    [
      ["counting:one", 6],
      ["counting:two", 7],
      ["counting:each", 8],
      ["counting:ask", 12],
      ["counting:end", 13],
      ["counting#sub:say", 17],
    ],
  );
  const missing = await app.findSteps("nothing");
  assert.match(missing.ok ? "" : missing.message, /no workflow named nothing/);
});
