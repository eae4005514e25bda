/** Debugging runs through the debug protocol: values that are set, and steps that are done again with them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ends } from "../harness/product.ts";
import { first, launch, only, place } from "./debugged.ts";

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
  const ended = await ends(app, run);
  assert.equal(ended.value, 70);
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
  const state = await ends(app, await only(app));
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
  const ended = await ends(app, fork);
  assert.equal(ended.status, "cancelled");
});
