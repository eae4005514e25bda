/** One name, other settings: each workflow of a run reaches its own agent, also after a kill -9 and in a fork. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isFinished } from "../../src/run/state.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { answer, asks, reaches, resultOf, scene, workflow } from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

/** An answer and a judgement in one, which say by which settings the agent was called. */
const said = (word: string): string =>
  JSON.stringify({ pass: true, reason: word, evidence: ["it says so"] });

const says = (word: string): JsonObject => ({ adapter: "command", command: ["echo", said(word)] });

/** A workflow with settings of its own that asks an agent by its name, as the default, and in a gate. */
const called = (name: string, agents: JsonObject): string =>
  workflow(
    name,
    `
agents: ${JSON.stringify(agents)}
steps:
  - { id: named, type: delegate, agent: "@coder", instructions: Work }
  - { id: unnamed, type: delegate, instructions: Work }
  - id: judged
    type: gate
    gates: [{ name: good, severity: warn, check: { agent: "@coder", criteria: Is it good? } }]
  - id: end
    type: return
    value:
      - "{{ (steps.named.response | parse_json).reason }}"
      - "{{ (steps.unnamed.response | parse_json).reason }}"
      - "{{ steps.judged.results[0].reason }}"
`,
  );

const MAIN = `
agents: ${JSON.stringify({ coder: says("main"), task: says("main default") })}
steps:
  - { id: own, type: delegate, agent: "@coder", instructions: Work }
  - { id: before, type: workflow, workflow: scripted }
  - { id: plain, type: workflow, workflow: plain }
  - { id: same, type: workflow, workflow: same }
  - { id: go, type: prompt, input: confirm, message: Go on? }
  - { id: after, type: workflow, workflow: scripted }
  - { id: items, type: foreach, agent: "@coder", items: [1], task: scripted }
  - { id: last, type: delegate, instructions: Work }
  - id: end
    type: return
    value:
      own: "{{ (steps.own.response | parse_json).reason }}"
      before: "{{ steps.before }}"
      plain: "{{ steps.plain }}"
      same: "{{ steps.same }}"
      after: "{{ steps.after }}"
      items: "{{ steps.items }}"
      last: "{{ (steps.last.response | parse_json).reason }}"
`;

const EXPECTED = {
  own: "main",
  before: ["scripted", "catalogue default", "scripted"],
  plain: ["catalogue", "catalogue default", "catalogue"],
  same: ["main", "catalogue default", "main"],
  after: ["scripted", "catalogue default", "scripted"],
  // Who works for a step that names nobody is what the foreach around it says.
  items: [["scripted", "main", "scripted"]],
  last: "main default",
};

test("a called workflow's own settings reach its agents, after a kill -9 and in a fork as well", async (t) => {
  const place = await scene(t, {
    "workflows/main.workflow.yaml": workflow("main", MAIN),
    "workflows/same.workflow.yaml": called("same", { "@coder": says("main") }),
    "workflows/plain.workflow.yaml": called("plain", {}),
  });
  const script = join(place.root, "agent.json");
  await writeFile(script, JSON.stringify([{ agent: "@coder", response: said("scripted") }]));
  await place.write(
    "workflows/scripted.workflow.yaml",
    called("scripted", { coder: { adapter: "scripted", script } }),
  );
  const { FERMATA_AGENT: _offline, ...env } = place.env;
  const settings = {
    agents: { "@coder": says("catalogue"), "@task": says("catalogue default") },
  };
  const host = await remote(t, { ...place, env }, { settings });
  const started = await host.startRun({ template: "main", inputs: {}, startedBy: "test" });
  assert.ok(started.ok, JSON.stringify(started));
  const { run } = started;
  await host.settled(run);
  await host.kill("SIGKILL");

  const app = await place.open({ env, settings });
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  await asks(app, run, "go");
  await answer(app, run, "go", true);
  const state = await reaches(app, run, "its end", isFinished);
  assert.deepEqual(resultOf(state), EXPECTED);

  const forked = await app.forkRun({ run, from: "after", startedBy: "test" });
  assert.ok(forked.ok, JSON.stringify(forked));
  assert.deepEqual(resultOf(await app.settled(forked.run)), EXPECTED);

  const { agents } = state.started;
  const chosen = Object.entries(agents).map(([key, { adapter }]) => [key, adapter]);
  assert.deepEqual(chosen, [
    ["@coder", "command"],
    ["@task", "command"],
    ["@coder@scripted", "scripted"],
    ["@task@scripted", "command"],
    ["@coder@plain", "command"],
  ]);
  assert.equal(new Set(Object.values(agents).map(({ hash }) => hash)).size, 5);
  const asked = ["own", "before/named", "before/unnamed", "plain/named", "same/named"];
  assert.deepEqual(
    asked.map((path) => state.tasks.get(path)?.agent),
    ["@coder", "@coder@scripted", "@task@scripted", "@coder@plain", "@coder"],
  );
});

test("what is wrong with a called workflow's agents is told where it stands, and nothing starts", async (t) => {
  const steps = `
steps:
  - { id: code, type: delegate, agent: "@Coder.One", instructions: Work }
`;
  const sub = (agents: string) => workflow("sub", `\nagents: ${agents}${steps}`);
  const place = await scene(t, {
    "workflows/main.workflow.yaml": workflow(
      "main",
      '\nagents: { Coder.One: { adapter: command, command: [echo, main] } }\nsteps:\n  - { id: call, type: workflow, workflow: sub }\n  - { id: end, type: return, value: "{{ steps.call.response }}" }\n',
    ),
    "workflows/sub.workflow.yaml": sub("{}"),
  });
  const app = await place.open();
  const told = async (agents: string): Promise<readonly string[]> => {
    await place.write("workflows/sub.workflow.yaml", sub(agents));
    const started = await app.startRun({ template: "main", inputs: {}, startedBy: "test" });
    if (started.ok) return [String((await app.settled(started.run)).value).trim()];
    const errors = started.diagnostics.filter(({ severity }) => severity === "error");
    return errors.length === 0
      ? [started.failure.message]
      : errors.map(({ fileName, message }) => `${fileName.split("/").at(-1)}: ${message}`);
  };
  assert.deepEqual(await told("{}"), ["sub.workflow.yaml: There is no agent `@Coder.One`."]);
  assert.deepEqual(await told("{ Coder.One: { modle: x } }"), [
    "sub.workflow.yaml: An agent has no setting `modle`.",
  ]);
  assert.deepEqual(await told("{ Coder.One: { adapter: command } }"), [
    'Agent @Coder.One has the adapter command but no command. Add "command": ["program", "argument"] to its settings.',
  ]);
  const echo = "{ adapter: command, command: [echo, sub] }";
  assert.deepEqual(await told(`{ Coder.One: ${echo}, constructor: {} }`), ["sub"]);
});
