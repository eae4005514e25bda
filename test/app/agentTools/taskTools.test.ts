/** What other agents can do about one task: stop it, tell its agent something, have it made again, run its gates alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { reaches, start, workflow } from "../../integration/harness/product.ts";
import { list, openDesk, text } from "./desk.ts";

const FILES = {
  "workflows/work.workflow.yaml": workflow(
    "work",
    `
steps:
  - { id: write, type: delegate, agent: "@slow", instructions: Write the notes }
  - { id: end, type: return, value: "{{ steps.write.response }}" }
`,
  ),
  "workflows/checked.workflow.yaml": workflow(
    "checked",
    `
inputs: { least: { type: number, default: 1 } }
initial_state: { times: 2 }
steps:
  - id: look
    type: shell
    command: "test -f flag && echo {{ state.times }}"
    gates:
      - { name: flagged, category: build, check: { command: "cat flag" } }
      - { name: enough, check: "output.stdout | int >= inputs.least" }
`,
  ),
};

test("a task is stopped, put back to work and guided, each by whoever asked for it", async (t) => {
  const rules = [{ attempt: 3, response: "Version 2 is out." }, { hang: true }];
  const files = { ...FILES, "agent.json": JSON.stringify(rules) };
  const agents = { "@slow": { adapter: "scripted", script: "agent.json" } };
  const desk = await openDesk(t, files, { settings: { agents } });
  const run = await start(desk.app, "work");
  const task = { run, task: "write" };
  const running = (attempt: number) =>
    reaches(
      desk.app,
      run,
      `attempt ${attempt}`,
      ({ tasks }) =>
        tasks.get("write")?.status === "running" && tasks.get("write")?.attempts === attempt,
    );
  await running(1);
  await desk.ask("stop_task", task);
  const stopped = await desk.ask("wait_for_run", { run });
  assert.equal(stopped.status, "Failed");
  assert.match(await desk.refused("stop_task", task), /write/);
  await desk.ask("retry_run", task);
  await running(2);
  assert.match(await desk.refused("guide_task", { ...task, task: "wrote", text: "x" }), /wrote/);
  await desk.ask("guide_task", { ...task, text: "It is Version 2." });
  const done = await desk.ask("wait_for_run", { run });
  assert.deepEqual([done.status, done.value], ["Done", "Version 2 is out."]);
  const events = await desk.app.readEvents(run);
  const by = events.flatMap(({ event }) => (event.type === "retry_requested" ? [event.by] : []));
  assert.deepEqual(by, ["tester over MCP"]);
  const told = events.flatMap(({ event }) =>
    event.type === "task_started" && event.correction !== undefined ? [event.correction] : [],
  );
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /It is Version 2\./);
});

test("gates run alone, of a run's task and of a workflow's step; a fork does the work again", async (t) => {
  const { app, place, ask, refused } = await openDesk(t, FILES);
  await place.write("flag", "it is here\n");
  const run = await start(app, "checked");
  await ask("wait_for_run", { run });
  const again = await ask("run_gates", { run, task: "look" });
  assert.deepEqual(
    list(again, "gates").map(({ name, status }) => [name, status]),
    [
      ["flagged", "PASS"],
      ["enough", "PASS"],
    ],
  );
  assert.match(JSON.stringify(list(again, "gates")[0]?.evidence), /it is here/);
  const of = { workflow: "checked", inputs: { least: 5 }, output: { stdout: "4" } };
  const [, enough] = list(await ask("run_gates", of), "gates");
  assert.equal(enough?.status, "FAIL");
  assert.match(await refused("run_gates", { run, workflow: "checked" }), /either a `run`/);
  assert.match(await refused("run_gates", { run }), /Name the `task`/);
  assert.match(await refused("run_gates", { workflow: "cheked" }), /Did you mean `checked`/);
  assert.match(await refused("run_gates", { ...of, step: "lok" }), /Did you mean look/);
  const forked = text(await ask("fork_run", { run, task: "look", set: { times: 7 } }), "run");
  assert.notEqual(forked, run);
  const facts = await ask("wait_for_run", { run: forked });
  assert.match(JSON.stringify(facts.value), /7/);
  assert.match(await refused("fork_run", { run, task: "lok" }), /lok/);
});
