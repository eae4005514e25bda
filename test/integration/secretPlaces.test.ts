/** Places where a secret may turn up that nobody thinks of: a workflow's own text, settings, a debugger's stops, gates alone. */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { json, loopback } from "../http/loopback.ts";
import { until } from "../process/until.ts";
import { assertNowhere, CANARY, printed, texts } from "./harness/canary.ts";
import { ends, reaches, type Scene, scene, start, workflow } from "./harness/product.ts";

const LEAK =
  "  - { id: leak, type: shell, command: [node, -e, \"require('node:fs').writeFileSync('leak.txt', process.env.KEY)\"], env: { KEY: \"{{ secret('CANARY') }}\" } }\n";

async function opened(
  t: TestContext,
  steps: string,
  settings: JsonObject = {},
): Promise<readonly [App, Scene]> {
  const place = await scene(t, { "a.workflow.yaml": workflow("a", `steps:\n${steps}`) });
  const env = { ...place.env, FERMATA_SECRET_CANARY: CANARY };
  return [await place.open({ env, settings }), place];
}

async function assertKeptClean(app: App): Promise<void> {
  await app.dispose();
  for (const [name, text] of await texts(app.stateFolder)) assertNowhere(name, text);
}

test("a workflow that holds a secret's value is refused by the secret's name, and nothing keeps it", async (t) => {
  const steps = `${LEAK}  - { id: call, type: http, url: "http://127.0.0.1:9/", headers: { X-Key: ${JSON.stringify(CANARY)} } }\n`;
  const [app] = await opened(t, steps);
  const started = await app.startRun({ template: "a", inputs: {}, startedBy: "t" });
  assert.ok(!started.ok);
  assert.match(started.failure.message, /holds the value of the secret CANARY.*secret\('CANARY'\)/);
  assertNowhere("the refusal", JSON.stringify(started));
  assert.deepEqual(await app.listRuns(), []);
  await app.dispose();
});

test("so is an agent whose settings hold one", async (t) => {
  const agents = {
    "@web": { adapter: "http", api_url: "http://127.0.0.1:9", headers: { "x-key": CANARY } },
  };
  const steps = `${LEAK}  - { id: ask, type: delegate, agent: "@web", instructions: go }\n`;
  const [app] = await opened(t, steps, { agents });
  const started = await app.startRun({ template: "a", inputs: {}, startedBy: "t" });
  assert.ok(!started.ok);
  assert.match(started.failure.message, /settings of the agent @web .*CANARY/);
  assertNowhere("the refusal", JSON.stringify(started));
  assert.deepEqual(await app.listRuns(), []);
  await app.dispose();
});

test("a debugger's conditions and messages are kept without a secret that they hold", async (t) => {
  const [app] = await opened(t, `${LEAK}  - { id: end, type: return, value: 1 }\n`);
  const said = printed(CANARY);
  const stops = {
    session: "s",
    by: "ann",
    places: [
      { at: "a:leak", condition: `'${CANARY}' == env('X')`, log: said },
      { at: "a:end", condition: `"${encodeURIComponent(CANARY)}" == 'x'` },
    ],
  };
  const run = await start(app, "a", { stops });
  assert.ok((await app.setStops(run, stops)).ok);
  await ends(app, run);
  const events = JSON.stringify(await app.readEvents(run));
  assert.match(events, /\[secret CANARY\]/);
  assertNowhere("the events", events);
  await assertKeptClean(app);
});

test("gates run alone tell nothing of a secret, wherever they come by it", async (t) => {
  const gates = `
  - id: look
    type: shell
    command: "true"
    gates:
      - { name: seen, check: { command: "echo NOT-A-SECRET; cat leak.txt", metric: "(.*)", expect: ">= 1" }, severity: warn }
      - { name: shaped, check: { schema: { type: object, properties: { a: { enum: [1] } }, additionalProperties: false } } }
`;
  const [app, place] = await opened(t, `${LEAK}${gates}`);
  await place.write("leak.txt", CANARY);
  const output = { a: CANARY, [CANARY]: printed(CANARY) };
  const of = { template: "a", step: "look", inputs: {}, output };
  const ran = await app.runGates(of, AbortSignal.timeout(20_000));
  assert.ok(ran.ok && ran.results.length === 2);
  const told = JSON.stringify(ran);
  assert.match(told, /NOT-A-SECRET/);
  assert.match(told, /\[secret CANARY\]/);
  assertNowhere("the verdicts", told);
  const run = await start(app, "a");
  await ends(app, run);
  const again = JSON.stringify(
    await app.runGates({ run, path: "look" }, AbortSignal.timeout(20_000)),
  );
  assert.match(again, /NOT-A-SECRET/);
  assertNowhere("the verdicts of a run", again);
  assert.equal(await readFile(join(place.workspace, "leak.txt"), "utf8"), CANARY);
  await assertKeptClean(app);
});

test("what a model's server or a worker says back of its key is not told by doctor or health", async (t) => {
  const server = await loopback(t, ({ headers, url }, response) => {
    const said = printed(String(headers.authorization ?? headers["x-key"]).replace("Bearer ", ""));
    if (url.endsWith("/health")) return json(response, { status: said });
    return json(response, { error: { message: said } }, 401);
  });
  const key = ["$", "{secret:CANARY}"].join("");
  const agents = {
    "@model": { adapter: "openai", api_url: `${server.origin}/v1`, api_key: key, model: "m" },
    "@web": { adapter: "http", api_url: server.origin, headers: { "x-key": key } },
  };
  const steps = ["@model", "@web"].map(
    (agent, at) =>
      `  - { id: ask${at}, type: delegate, agent: "${agent}", instructions: go, on_error: continue }\n`,
  );
  const [app] = await opened(t, steps.join(""), { agents });
  const told = JSON.stringify([
    await app.doctor(),
    await app.health(),
    await app.listAgents({ chosen: true }),
  ]);
  assert.match(told, /NOT-A-SECRET/);
  assertNowhere("doctor", told);
  const run = await start(app, "a");
  await ends(app, run);
  assertNowhere("the run", JSON.stringify(await app.exportRun(run)));
  await assertKeptClean(app);
});

test("what a watched agent's attempt began with is kept without a secret that a file holds", async (t) => {
  const supervise = "{ max_iterations: 1 }";
  const [app, place] = await opened(
    t,
    `${LEAK}  - { id: work, type: delegate, agent: "@slow", instructions: go, supervise: ${supervise} }\n`,
    { agents: { "@slow": { adapter: "scripted", script: "rules.json" } } },
  );
  await place.write("rules.json", JSON.stringify({ rules: [{ hang: true }] }));
  await place.write("plain.txt", "NOT-A-SECRET");
  const run = await start(app, "a");
  await reaches(app, run, "the work", ({ open }) => open.get("work")?.state.is === "running");
  const name = () => globSync("runs/**/*.before", { cwd: app.stateFolder })[0];
  const file = join(app.stateFolder, await until("what it began with", name));
  const kept = await readFile(file, "utf8");
  assert.match(kept, /"plain\.txt",.*NOT-A-SECRET/);
  assert.match(kept, /"leak\.txt",/);
  assertNowhere("what it began with", kept);
  assert.ok((await app.signal(run, { type: "kill", by: "t" })).ok);
  await ends(app, run);
  await assertKeptClean(app);
});
