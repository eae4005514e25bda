/** Debugging runs through the debug protocol: stops, steps, values, restarts, and the end of a session. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { App } from "../../../src/app/app.ts";
import { isFinished } from "../../../src/run/state.ts";
import { answer, asks, reaches, type Scene, scene, start, workflow } from "../harness/product.ts";
import { type Client, connect } from "./client.ts";

const MAIN = workflow(
  "main",
  `
inputs:
  who: { type: string, default: you }
initial_state: { n: 1, deep: { list: [1, { x: 2 }] } }
steps:
  - { id: one, type: set_state, updates: { n: "{{ state.n + 1 }}" } }
  - id: two
    type: set_state
    updates:
      n: "{{ state.n * 10 }}"
  - id: each
    type: foreach
    items: [a, b]
    sequential: true
    steps:
      - { id: say, type: set_state, updates: { said: "{{ item }}" } }
      - { id: more, type: set_state, updates: { said: "{{ item }}!" } }
  - { id: sub, type: workflow, workflow: other, inputs: { n: "{{ state.n }}" } }
  - { id: end, type: return, value: "{{ state.n }}" }
`,
);
const OTHER = workflow(
  "other",
  `
inputs:
  n: { type: number, required: true }
steps:
  - { id: inner, type: set_state, updates: { m: "{{ inputs.n }}" } }
`,
);
const SIDES = workflow(
  "sides",
  `
steps:
  - id: both
    type: parallel
    branches:
      - { id: left, steps: [{ id: l, type: set_state, updates: { l: 1 } }, { id: l2, type: set_state, updates: { l: 2 } }] }
      - { id: right, steps: [{ id: r, type: set_state, updates: { r: 1 } }] }
  - { id: ask, type: prompt, input: confirm, message: "Well?" }
`,
);
const FAILING = workflow(
  "failing",
  `
initial_state: { command: "exit 3" }
steps:
  - { id: run, type: shell, command: ["sh", "-c", "{{ state.command }}"] }
  - { id: end, type: return, value: fine }
`,
);

const FILES = {
  "workflows/main.workflow.yaml": MAIN,
  "workflows/other.workflow.yaml": OTHER,
  "workflows/sides.workflow.yaml": SIDES,
  "workflows/failing.workflow.yaml": FAILING,
};

interface Place {
  readonly app: App;
  readonly made: Scene;
  readonly client: Client;
  readonly file: (name: string) => string;
}

async function place(t: TestContext): Promise<Place> {
  const made = await scene(t, FILES);
  const app = await made.open();
  const file = (name: string) => `${made.workspace}/workflows/${name}.workflow.yaml`;
  return { app, made, client: connect(t, app), file };
}

/** Launches with breakpoints in the main file; resolves once the run has begun. */
async function launch(
  { client, file }: Place,
  name: string,
  breakpoints: readonly { readonly line: number; readonly [more: string]: string | number }[],
  more: { readonly stopOnEntry?: boolean; readonly inputs?: { readonly who: string } } = {},
): Promise<void> {
  await client.ask("initialize", { adapterID: "fermata" });
  const launched = client.ask("launch", { workflow: file(name), ...more });
  await client.hear("initialized");
  await client.ask("setBreakpoints", { source: { path: file(name) }, breakpoints });
  await client.ask("configurationDone");
  await launched;
}

const only = (app: App): Promise<string> =>
  app.listRuns().then(([run]) => run?.run ?? assert.fail("no run"));

test("the traffic of a session: a stop, values, a step over, into, out, and the end", async (t) => {
  const here = await place(t);
  const { client, file, app } = here;
  await launch(here, "main", [{ line: 10 }], { inputs: { who: "me" } });
  const stopped = await client.hear("stopped");
  assert.equal(stopped.reason, "breakpoint");
  assert.equal(await client.stack(), "two:9");
  assert.deepEqual(await client.scope("State"), [
    "n = 2",
    'deep = {"list":[1,{"x":2}]}',
    "said = null",
  ]);
  assert.deepEqual(await client.scope("Inputs"), ['who = "me"']);
  assert.deepEqual(await client.scope("Results"), ['one = {"n":2}']);
  await client.ask("next", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "each:13");
  await client.ask("stepIn", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "say:18 < each[0]:13");
  assert.deepEqual(await client.scope("Item"), [
    'item = "a"',
    'loop = {"index":1,"index0":0,"first":true,"last":false,"length":2}',
  ]);
  await client.ask("next", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "more:19 < each[0]:13");
  await client.ask("stepOut", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "sub:20");
  await client.ask("stepIn", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "inner:7 < sub:20");
  await client.ask("continue", { threadId: 1 });
  assert.equal((await client.hear("exited")).exitCode, 0);
  await client.hear("terminated");
  await client.ask("disconnect");
  golden("session", here, await only(app), file("x"));
});

test("values are set in the state, recorded with who did it, deep inside too", async (t) => {
  const here = await place(t);
  const { client, app } = here;
  await launch(here, "main", [{ line: 10 }]);
  await client.hear("stopped");
  const frames = await client.ask("stackTrace", { threadId: 1 });
  const frameId = first(frames.stackFrames).id ?? 0;
  const scopes = await client.ask("scopes", { frameId });
  const { variablesReference: state = 0 } = first(scopes.scopes);
  const set = await client.ask("setVariable", {
    variablesReference: state,
    name: "n",
    value: "state.n + 5",
  });
  assert.equal(set.value, "7");
  const variables = await client.ask("variables", { variablesReference: state });
  const { variablesReference: deep = 0 } = first(variables.variables, "deep");
  const { variablesReference: list = 0 } = first(
    (await client.ask("variables", { variablesReference: deep })).variables,
  );
  const { variablesReference: second = 0 } = first(
    (await client.ask("variables", { variablesReference: list })).variables,
    "1",
  );
  await client.ask("setVariable", { variablesReference: second, name: "x", value: '"new"' });
  assert.equal(
    (await client.ask("evaluate", { expression: "state.deep.list", frameId })).result,
    '[1,{"x":"new"}]',
  );
  const hover = { expression: "state.n * 2", frameId, context: "hover" };
  assert.equal((await client.ask("evaluate", hover)).result, "14");
  assert.equal(
    (await client.ask("evaluate", { expression: "{{ inputs.who }} and {{ state.n }}", frameId }))
      .result,
    '"you and 7"',
  );
  assert.match(
    await client.refused("evaluate", { expression: "state.nobody.x", frameId }),
    /nobody/,
  );
  assert.match(
    await client.refused("setVariable", { variablesReference: state, name: "n", value: "nobody" }),
    /nobody/,
  );
  // What the editor tries by itself, for a hover or a watch, says nothing out of its place when it cannot be.
  for (const [command, args] of Object.entries({ evaluate: { expression: "1 +" }, source: {} }))
    assert.equal(await client.refusedAloud(command, args), false, command);
  assert.equal(await client.refusedAloud("next", { threadId: 99 }), true);
  await client.ask("continue", { threadId: 1 });
  await client.hear("terminated");
  const run = await only(app);
  const events = (await app.readEvents(run)).map(({ event }) => event);
  const sets = events.filter((event) => event.type === "state_set");
  assert.deepEqual(
    sets.map(({ by, updates }) => [by, updates]),
    [
      ["ann", { n: 7 }],
      ["ann", { deep: { list: [1, { x: "new" }] } }],
    ],
  );
  const ended = await reaches(app, run, "its end", isFinished);
  assert.equal(ended.value, 70);
});

test("entry, conditions, hit counts and logpoints; what cannot be set says why", async (t) => {
  const here = await place(t);
  const { client, file } = here;
  await launch(
    here,
    "main",
    [
      { line: 18, condition: 'item == "b"' },
      { line: 19, logMessage: "{item} of {loop.length} {{ state.said }}" },
      { line: 20, hitCondition: ">= 1" },
      { line: 21, hitCondition: "often" },
      { line: 21, condition: "state." },
    ],
    { stopOnEntry: true },
  );
  const told = /< setBreakpoints (.*)/.exec(client.traffic())?.[1] ?? "";
  const breakpoints: readonly { verified: boolean; message?: string }[] =
    JSON.parse(told).breakpoints;
  assert.deepEqual(
    breakpoints.map(({ verified }) => verified),
    [true, true, true, false, false],
  );
  assert.match(breakpoints[3]?.message ?? "", /hit count often/);
  assert.match(breakpoints[4]?.message ?? "", /condition cannot be read/);
  assert.equal((await client.hear("stopped")).reason, "entry");
  assert.equal(await client.stack(), "one:8");
  const elsewhere = { source: { path: file("sides") }, breakpoints: [{ line: 5 }] };
  const other = first((await client.ask("setBreakpoints", elsewhere)).breakpoints);
  assert.equal(other.verified, false);
  await client.ask("continue", { threadId: 1 });
  const output = await client.hear("output");
  assert.equal(output.output, "a of 2 a\n");
  assert.equal(output.line, 19);
  await client.hear("stopped");
  assert.equal(await client.stack(), "say:18 < each[1]:13");
  await client.ask("continue", { threadId: 1 });
  assert.equal((await client.hear("output")).output, "b of 2 b\n");
  await client.hear("stopped");
  assert.equal(await client.stack(), "sub:20");
  await client.ask("continue", { threadId: 1 });
  await client.hear("terminated");
});

test("branches are threads that stop and go on alone", async (t) => {
  const here = await place(t);
  const { client } = here;
  await launch(here, "sides", [{ line: 8 }, { line: 9 }]);
  const both = [await client.hear("stopped"), await client.hear("stopped")];
  const stacks = await Promise.all(both.map(({ threadId }) => client.stack(Number(threadId))));
  const left = both[stacks.indexOf("l:8 < left:5")] ?? assert.fail(stacks.join(" | "));
  const right = both[stacks.indexOf("r:9 < right:5")] ?? assert.fail(stacks.join(" | "));
  assert.equal(left.allThreadsStopped, false);
  const { threads } = await client.ask("threads");
  assert.equal(Array.isArray(threads) && threads.length, 3);
  await client.ask("next", { threadId: left.threadId ?? 0 });
  const again = await client.hear("stopped");
  assert.equal(again.threadId, left.threadId);
  assert.equal(await client.stack(Number(left.threadId)), "l2:8 < left:5");
  await client.ask("continue", { threadId: right.threadId ?? 0 });
  await client.ask("continue", { threadId: left.threadId ?? 0 });
  assert.match(await client.refused("next", { threadId: 1 }), /goes on already/);
  const app = here.app;
  const run = await only(app);
  await asks(app, run, "ask");
  await client.ask("pause", { threadId: 1 });
  assert.equal((await client.hear("stopped")).reason, "pause");
  assert.equal(await client.stack(), "ask:10");
  await client.ask("continue", { threadId: 1 });
  await answer(app, run, "ask", true);
  await client.hear("terminated");
});

test("a failing step holds the run: look, set, restart", async (t) => {
  const here = await place(t);
  const { client, app } = here;
  await launch(here, "failing", []);
  const stopped = await client.hear("stopped");
  assert.equal(stopped.reason, "exception");
  assert.match(String(stopped.text), /exit/);
  assert.equal(await client.stack(), "run:6");
  assert.match(String((await client.ask("exceptionInfo", { threadId: 1 })).description), /exit/);
  const frameId = first((await client.ask("stackTrace", { threadId: 1 })).stackFrames).id ?? 0;
  const scope = first((await client.ask("scopes", { frameId })).scopes);
  const { variablesReference = 0 } = scope;
  await client.ask("setVariable", { variablesReference, name: "command", value: '"true"' });
  await client.ask("restartFrame", { frameId });
  await client.hear("terminated");
  const state = await reaches(app, await only(app), "its end", isFinished);
  assert.equal(state.value, "fine");
});

test("a restart from a frame goes on in a fork, and leaves the run as it is", async (t) => {
  const here = await place(t);
  const { client, app } = here;
  await launch(here, "main", [{ line: 18, condition: 'item == "b"' }]);
  await client.hear("stopped");
  const run = await only(app);
  const frames = (await client.ask("stackTrace", { threadId: 1 })).stackFrames;
  await client.ask("restartFrame", { frameId: Array.isArray(frames) ? frames[1].id : 0 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "each:13");
  const runs = await app.listRuns();
  assert.equal(runs.length, 2);
  assert.equal(runs.find((each) => each.run === run)?.status, "paused");
  await client.ask("continue", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "say:18 < each[1]:13");
  await client.ask("terminate");
  await client.hear("terminated");
  const fork = runs.find((each) => each.run !== run)?.run ?? "";
  const ended = await reaches(app, fork, "its end", isFinished);
  assert.equal(ended.status, "cancelled");
});

test("a run that began without a debugger is attached to; the end of the session lets it go on", async (t) => {
  const { client, app, file } = await place(t);
  const run = await start(app, "sides");
  await asks(app, run, "ask");
  await client.ask("initialize");
  const attached = client.ask("attach", { run });
  await client.hear("initialized");
  await client.ask("setBreakpoints", {
    source: { path: file("sides") },
    breakpoints: [{ line: 10 }],
  });
  await client.ask("configurationDone");
  await attached;
  await client.ask("pause", { threadId: 1 });
  await client.hear("stopped");
  await client.ask("disconnect");
  const events = (await app.readEvents(run)).map(({ event }) => event.type);
  assert.equal(events.at(-1), "stops_removed");
  const stranger = connect(t, app, "other");
  await stranger.ask("initialize");
  assert.match(await stranger.refused("attach", { run: "run_aaaaaaaaaaaa" }), /There is no run/);
  assert.match(
    await stranger.refused("launch", { workflow: "nothing" }),
    /no workflow named nothing/,
  );
  assert.match(await stranger.refused("launch", {}), /Name the workflow/);
  assert.match(await stranger.refused("stepBack", { threadId: 1 }), /knows no stepBack/);
});

test("a session outlives the app: the run of another process is heard through the next one", async (t) => {
  const { made, app: other, file } = await place(t);
  const run = await start(other, "sides");
  await asks(other, run, "ask");
  let app = await made.open();
  const listeners = new Set<() => void>();
  const onReopened = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const client = connect(t, { app: () => app, onReopened }, "watching");
  await client.ask("initialize");
  const attached = client.ask("attach", { run, workflow: file("sides") });
  await client.hear("initialized");
  await client.ask("configurationDone");
  await attached;
  const before = app;
  app = await made.open();
  await before.dispose();
  for (const listener of listeners) listener();
  await answer(other, run, "ask", true);
  await client.hear("terminated");
  assert.match(client.traffic(), /The run is done/);
  client.dispose();
  assert.equal(listeners.size, 0);
});

test("the end of an adapter, however it comes, ends its stops", async (t) => {
  const here = await place(t);
  const { client, app } = here;
  await launch(here, "sides", [{ line: 8 }]);
  await client.hear("stopped");
  client.dispose();
  await asks(app, await only(app), "ask");
});

function first(list: unknown, name?: string): Record<string, number | string> {
  const found: unknown = Array.isArray(list)
    ? list.find((each) => name === undefined || each.name === name)
    : undefined;
  return (found ?? assert.fail("an empty list")) as Record<string, number | string>;
}

function golden(name: string, { client, made }: Place, run: string, _file: string): void {
  const path = new URL(`./${name}.txt`, import.meta.url);
  const text = `${client.traffic().replaceAll(made.workspace, "WORK").replaceAll(run, "RUN")}\n`;
  if (process.env.FERMATA_ACCEPT === "1") writeFileSync(path, text);
  assert.ok(existsSync(path), `no expectation: read this, then accept it\n${text}`);
  assert.equal(text, readFileSync(path, "utf8"));
}
