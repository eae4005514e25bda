/** What people and machines do to a run that nobody planned: odd folders, hostile values, floods, and bad timing. */
import assert from "node:assert/strict";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isList } from "../../src/util/json.ts";
import {
  answer,
  asks,
  ends,
  play,
  resultOf,
  scene,
  stand,
  start,
  workflow,
} from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const ASK = `
steps:
  - { id: ask, type: prompt, input: text, message: "?" }
  - { id: end, type: return, value: "{{ steps.ask.input }}" }
`;

test("a folder with spaces, quotes and other scripts in its name is a folder", async (t) => {
  const place = await scene(t);
  const workspace = join(place.root, `my "work" $(touch x); 'é' 日本`);
  await mkdir(join(workspace, "workflows"), { recursive: true });
  const steps = `
steps:
  - { id: here, type: shell, command: "pwd; ls" }
  - { id: list, type: shell, command: [ls] }
  - { id: find, type: mcp_call, tool: workspace.search, parameters: { query: "needle in this haystack" } }
  - { id: end, type: return, value: { here: "{{ steps.here.stdout }}", list: "{{ steps.list.stdout }}", found: "{{ steps.find.results[0].path }}" } }
`;
  await writeFile(join(workspace, "workflows", "it.workflow.yaml"), workflow("it", steps));
  await writeFile(join(workspace, "hay stack.txt"), "a needle in this haystack\n");
  const app = await place.open({ workspace });
  const value = resultOf(await play(app, "it"));
  assert.equal(value.here, `${workspace}\nhay stack.txt\nworkflows\n`);
  assert.equal(value.list, "hay stack.txt\nworkflows\n");
  assert.equal(value.found, "hay stack.txt");
});

test("values are values: templates, quotes and line ends in them are never read as code", async (t) => {
  const place = await scene(t, {
    "workflows/it.workflow.yaml": workflow(
      "it",
      `
inputs: { text: { type: string, required: true } }
initial_state: { kept: null }
steps:
  - { id: set, type: set_state, updates: { kept: "{{ inputs.text }}" } }
  - { id: ask, type: prompt, input: text, message: "{{ state.kept }}" }
  - { id: echo, type: shell, command: "printf '%s|%s' {{ inputs.text }} {{ steps.ask.input }}" }
  - { id: save, type: mcp_call, tool: memory.save, parameters: { key: "{{ inputs.text }}", value: "{{ state }}" } }
  - { id: end, type: return, value: { echo: "{{ steps.echo.stdout }}", kept: "{{ state.kept }}" } }
`,
    ),
  });
  const app = await place.open();
  const text = `{{ 1 / 0 }}{% raw %} '"\`$(touch hacked)\n; rm -rf x #\\`;
  const run = await start(app, "it", { inputs: { text } });
  const asked = await asks(app, run, "ask");
  assert.equal(asked.form.kind === "prompt" && asked.form.message, text);
  await answer(app, run, "ask", text);
  const state = await ends(app, run);
  assert.deepEqual(resultOf(state), { echo: `${text}|${text}`, kept: text });
});

test("two answers at the same moment: one is taken, the other refused", async (t) => {
  const app = await (await scene(t, { "workflows/it.workflow.yaml": workflow("it", ASK) })).open();
  const run = await start(app, "it");
  const { id } = await asks(app, run, "ask");
  const said = await Promise.all(
    ["one", "two", "three"].map((text) =>
      app.signal(run, { type: "answer", breakpoint: id, answer: text, by: text }),
    ),
  );
  assert.deepEqual(
    said.map(({ ok }) => ok),
    [true, false, false],
  );
  assert.equal((await ends(app, run)).value, "one");
});

test("two hosts that wake up at once share the interrupted runs, each run to one of them", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", ASK) });
  const before = await place.open();
  const runs = await Promise.all(Array.from({ length: 6 }, () => start(before, "it")));
  for (const run of runs) await asks(before, run, "ask");
  await before.dispose();
  const hosts = [await remote(t, place), await remote(t, place)] as const;
  const shares = await Promise.all(hosts.map((host) => host.resumeInterrupted()));
  assert.deepEqual(shares.flat().sort(), [...runs].sort());
  const third = await place.open();
  assert.ok((await third.listRuns()).every(({ ownership }) => ownership === "elsewhere"));
});

test("a command that floods its output is cut, not kept", async (t) => {
  const steps = `
steps:
  - { id: flood, type: shell, command: "yes 0123456789 | head -c 30000000" }
  - { id: end, type: return, value: { cut: "{{ steps.flood.truncated }}", kept: "{{ steps.flood.stdout | length }}" } }
`;
  const app = await (
    await scene(t, { "workflows/it.workflow.yaml": workflow("it", steps) })
  ).open();
  const value = resultOf(await play(app, "it"));
  assert.equal(value.cut, true);
  assert.ok(Number(value.kept) < 1_100_000, `${value.kept} characters`);
});

test("files that change under a run do not disturb it: workflow, agents, settings", async (t) => {
  const place = await scene(t, {
    "workflows/it.workflow.yaml": workflow(
      "it",
      `
steps:
  - { id: ask, type: prompt, input: text, message: "?" }
  - { id: say, type: delegate, agent: "@poet", instructions: x }
  - { id: part, type: workflow, workflow: part }
  - { id: end, type: return, value: "{{ steps.say }} {{ steps.part }}" }
`,
    ),
    "workflows/part.workflow.yaml": workflow(
      "part",
      `steps: [{ id: r, type: return, value: old }]`,
    ),
    ".fermata/agents/poet.md": "---\nname: poet\n---\nYou rhyme.\n",
  });
  await writeFile(join(place.root, "script.json"), JSON.stringify([{ response: "first" }]));
  const agents = { "@poet": { adapter: "scripted", script: join(place.root, "script.json") } };
  const app = await place.open({ settings: { agents } });
  const run = await start(app, "it");
  await asks(app, run, "ask");
  await app.dispose();
  await place.write("workflows/it.workflow.yaml", "nonsense: [");
  await place.write(
    "workflows/part.workflow.yaml",
    workflow("part", `steps: [{ id: r, type: return, value: new }]`),
  );
  await rename(join(place.workspace, ".fermata"), join(place.root, "away"));
  const next = await place.open();
  assert.deepEqual(await next.resumeInterrupted(), [run]);
  await answer(next, run, "ask", "go");
  const state = await ends(next, run);
  assert.equal(state.value, "first old", stand(state));
});

test("a run whose folder is gone says so, while it runs and when it is taken up, and goes on when it is back", async (t) => {
  const steps = `
steps:
  - { id: ask, type: prompt, input: text, message: "?" }
  - { id: work, type: shell, command: "echo done" }
  - { id: end, type: return, value: "{{ steps.ask.input }}" }
`;
  const place = await scene(t, { "it.workflow.yaml": workflow("it", steps) });
  const [app, gone] = [await place.open(), `${place.workspace}-gone`];
  const failing = await start(app, "it.workflow.yaml");
  const waiting = await start(app, "it.workflow.yaml");
  for (const run of [failing, waiting]) await asks(app, run, "ask");
  await rename(place.workspace, gone);
  await answer(app, failing, "ask", "yes");
  const failed = await app.settled(failing);
  const said = `The folder that this run works in, ${place.workspace}, is not there: it was deleted or moved. Put it back, then retry.`;
  assert.equal(failed.failure?.message, said, stand(failed));
  await rename(gone, place.workspace);
  const other = await place.open();
  await app.dispose();
  await rename(place.workspace, gone);
  const refused = await other.openRun(waiting);
  assert.equal(refused.ok ? "" : refused.failure.message, said);
  await rename(gone, place.workspace);
  assert.ok((await other.openRun(waiting)).ok);
  await answer(other, waiting, "ask", "yes");
  assert.equal((await other.settled(waiting)).value, "yes");
  assert.ok((await other.signal(failing, { type: "retry", by: "t" })).ok);
  assert.ok((await other.openRun(failing)).ok);
  assert.equal((await other.settled(failing)).value, "yes");
});

test("without a network the planning still comes to a plan, and says what it could not reach", async (t) => {
  const place = await scene(t, {
    "docs/limits.md": "Rate limiting must allow 100 requests per minute per API key.\n",
    ".mcp.json": JSON.stringify({ mcpServers: { far: { url: "http://127.0.0.1:9/mcp" } } }),
  });
  const app = await place.open({ settings: { searchEndpoint: "http://127.0.0.1:9" } });
  const inputs = { task_description: "Add rate limiting", require_approval: false };
  const state = await play(app, "interactive-planning", inputs, { "gather-requirements": "x" });
  assert.match(String(resultOf(state).plan), /docs\/limits\.md:1\b/);
  const searches = [...state.tasks.values()].filter(({ id }) => id === "search-web");
  assert.ok(searches.length > 0 && searches.every(({ status }) => status === "done"));
  const used = await app.startRun({
    template: "far",
    inputs: {},
    startedBy: "t",
  });
  assert.ok(!used.ok);
  await place.write(
    "workflows/far.workflow.yaml",
    workflow("far", `steps: [{ id: x, type: mcp_call, tool: far.work, parameters: {} }]`),
  );
  const far = await app.startRun({ template: "far", inputs: {}, startedBy: "t" });
  assert.ok(!far.ok);
  assert.match(
    far.diagnostics[0]?.message ?? far.failure.message,
    /`far` cannot be reached at http:\/\/127\.0\.0\.1:9\/mcp.*Is it running/s,
  );
});

test("letting go while a run starts, works or waits leaves a run that the next host takes up", async (t) => {
  const steps = `
steps:
  - { id: many, type: foreach, items: "{{ range(8) }}", steps: [{ id: s, type: shell, command: "echo {{ item }}", effects: repeatable }] }
  - { id: end, type: return, value: "{{ steps.many | map(attribute='stdout') | join('') }}" }
`;
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", steps) });
  const app = await place.open();
  const run = await start(app, "it");
  await app.dispose();
  for (let round = 0; round < 3; round += 1) {
    const next = await place.open();
    await next.openRun(run);
    await next.dispose();
  }
  const last = await place.open();
  await last.openRun(run);
  const state = await ends(last, run);
  assert.equal(state.value, "0\n1\n2\n3\n4\n5\n6\n7\n", stand(state));
  const { records } = await last.exportRun(run);
  assert.ok(isList(records ?? null));
});

test("a hundred runs at once all end, and are listed", async (t) => {
  const steps = `
inputs: { n: { type: number, required: true } }
steps:
  - { id: save, type: mcp_call, tool: memory.add, parameters: { category: n, content: "{{ inputs.n }}" } }
  - { id: end, type: return, value: "{{ inputs.n }}" }
`;
  const app = await (
    await scene(t, { "workflows/it.workflow.yaml": workflow("it", steps) })
  ).open();
  const runs = await Promise.all(
    Array.from({ length: 100 }, (_, n) => start(app, "it", { inputs: { n } })),
  );
  const states = await Promise.all(runs.map((run) => ends(app, run, 60_000)));
  assert.deepEqual(
    states.map(({ value }) => value),
    runs.map((_, n) => n),
  );
  const listed = await app.listRuns();
  assert.ok(listed.length === 100 && listed.every(({ status }) => status === "done"));
});
