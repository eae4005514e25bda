/** Settings as a run meets them: who wins, when they are read, and what a broken file does. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import { type ComposeOptions, composeApp } from "../../src/app/compose.ts";
import { ends, type Scene, scene, start, workflow } from "../integration/harness/product.ts";

const SAY = {
  "workflows/it.workflow.yaml": workflow(
    "it",
    `
steps:
  - { id: say, type: delegate, agent: "@poet", instructions: x }
  - { id: env, type: shell, command: 'printf %s "$WORD"' }
  - { id: end, type: return, value: "{{ steps.say }} {{ steps.env.stdout }} {{ env('WORD', 'hidden') }}" }
`,
  ),
};

async function script(place: Scene, response: string): Promise<Readonly<Record<string, string>>> {
  const file = join(place.root, `${response}.json`);
  await writeFile(file, JSON.stringify([{ response }]));
  return { adapter: "scripted", script: file };
}

async function resultOf(app: App): Promise<unknown> {
  const run = await start(app, "it");
  return (await ends(app, run)).value;
}

async function compose(
  t: TestContext,
  { workspace, env }: Scene,
  more: Partial<ComposeOptions> = {},
): Promise<App> {
  const app = await composeApp({ workspace, env: { ...env, WORD: "word" }, ...more });
  t.after(() => app.dispose());
  return app;
}

test("the host's settings win over the folder's, and those over the person's own", async (t) => {
  const place = await scene(t, SAY);
  await mkdir(join(place.root, "config", "fermata"), { recursive: true });
  const own = { agents: { "@poet": await script(place, "own") }, env: ["WORD"] };
  await writeFile(join(place.root, "config", "fermata", "settings.json"), JSON.stringify(own));
  assert.equal(await resultOf(await compose(t, place, { trusted: true })), "own word word");
  const folders = { agents: { "@poet": await script(place, "folder") } };
  await place.write(".fermata/settings.json", JSON.stringify(folders));
  assert.equal(await resultOf(await compose(t, place, { trusted: true })), "folder word word");
  // With or without its "@", it is the same agent.
  const plain = { agents: { poet: await script(place, "plain") } };
  await place.write(".fermata/settings.json", JSON.stringify(plain));
  assert.equal(await resultOf(await compose(t, place, { trusted: true })), "plain word word");
  const settings = { agents: { "@poet": await script(place, "host") }, env: [] };
  assert.equal(
    await resultOf(await compose(t, place, { trusted: true, settings })),
    "host  hidden",
  );
});

test("a workflow's own agents stand behind steps that name none, too", async (t) => {
  const place = await scene(t, {
    "workflows/own.workflow.yaml": workflow(
      "own",
      `
agents: { "@task": { adapter: scripted, script: own.json } }
steps:
  - { id: named, type: delegate, agent: "@task", instructions: x }
  - { id: unnamed, type: delegate, instructions: x }
  - { id: end, type: return, value: "{{ steps.named }} {{ steps.unnamed }}" }
`,
    ),
    "own.json": JSON.stringify([{ response: "own" }]),
  });
  const app = await compose(t, place, { trusted: true });
  const run = await start(app, "own");
  assert.equal((await ends(app, run)).value, "own own");
});

test("a folder's settings hold from the moment it is trusted, and as they are at each start", async (t) => {
  const place = await scene(t, SAY);
  const write = async (response: string, env: readonly string[]) =>
    place.write(
      ".fermata/settings.json",
      JSON.stringify({ agents: { "@poet": await script(place, response) }, env }),
    );
  await write("first", ["WORD"]);
  const app = await compose(t, place);
  const refused = await app.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.ok(!refused.ok);
  await app.trust();
  assert.equal(await resultOf(app), "first word word");
  await write("second", []);
  assert.equal(await resultOf(app), "second  hidden");
});

test("a broken settings file is left out, doctor says which, and no run starts on the rest", async (t) => {
  const place = await scene(t, SAY);
  await place.write(".fermata/settings.json", "{ nonsense");
  const app = await compose(t, place, { trusted: true });
  const findings = await app.doctor();
  const found = findings.find(({ about }) => about === "Settings");
  assert.equal(found?.status, "problem");
  assert.match(found?.message ?? "", /\.fermata.settings\.json: It is not a JSON object/);
  const refused = await app.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.ok(!refused.ok);
  assert.match(refused.failure.message, /settings\.json: It is not a JSON object.*Mend it/);
});

test("settings that are mistyped or of another form are told, and no run starts on them", async (t) => {
  const place = await scene(t, SAY);
  const app = await compose(t, place, { trusted: true });
  const wrong = async (settings: object): Promise<string> => {
    await place.write(".fermata/settings.json", JSON.stringify(settings));
    const refused = await app.startRun({ template: "it", inputs: {}, startedBy: "t" });
    return refused.ok ? "" : refused.failure.message.replace(/^.*settings\.json: /, "");
  };
  assert.equal(
    await wrong({ defaultAgnt: "claude" }),
    "There is no setting defaultAgnt. Did you mean defaultAgent?",
  );
  assert.equal(await wrong({ maxAgents: "x" }), "maxAgents must be a whole number from 1.");
  assert.equal(
    await wrong({ logLevel: "loud" }),
    "logLevel must be one of debug, info, warn, error.",
  );
  assert.equal(await wrong({ env: "CI" }), "env must be a list of names of variables.");
  assert.match(await wrong({ workers: { q: 5 } }), /^workers must be .* each an address or/);
  assert.match(await wrong({ prices: { m: 1 } }), /^prices must be .* each as \{"input": 1/);
  assert.equal(
    await wrong({ agents: { "@poet": {}, poet: {} } }),
    'agents says "poet" and "@poet", which are one agent. Keep one.',
  );
  assert.match(
    await wrong({ agents: { "@task": "claude" } }),
    /^agents must be .*, each with an object/,
  );
  await place.write(".fermata/settings.json", JSON.stringify({ defaultAgnt: 1, env: 1 }));
  const findings = (await app.doctor()).filter(({ about }) => about === "Settings");
  assert.equal(findings.length, 2);
  const sound = { agents: { "@poet": await script(place, "fine") }, somebodyElses: 1 };
  await place.write(".fermata/settings.json", JSON.stringify(sound));
  assert.equal(await resultOf(app), "fine  hidden");
});

test("what a file says under names that every object has counts for nothing else", async (t) => {
  const place = await scene(t, SAY);
  const said = '{"agentAnswers": "all", "retention": {"max_runs": 1}}';
  for (const name of ["__proto__", "constructor", "prototype"]) {
    await place.write(".fermata/settings.json", `{"${name}": ${said}}`);
    const app = await compose(t, place, { trusted: true });
    assert.deepEqual(await app.retention(), { ok: true, retention: {} }, name);
    assert.equal(await app.agentAnswers(), "never", name);
  }
});

test("a folder cannot have runs removed, and limits that are wrong remove nothing; doctor says so", async (t) => {
  const place = await scene(t, SAY);
  await place.write(".fermata/settings.json", JSON.stringify({ retention: { max_runs: 1 } }));
  const app = await compose(t, place, { trusted: true });
  assert.deepEqual(await app.retention(), { ok: true, retention: {} });
  await mkdir(join(place.root, "config", "fermata"), { recursive: true });
  const own = join(place.root, "config", "fermata", "settings.json");
  await writeFile(own, JSON.stringify({ retention: { max_runs: 7 } }));
  assert.deepEqual(await app.retention(), { ok: true, retention: { max_runs: 7 } });
  await writeFile(own, JSON.stringify({ retention: { max_runs: "few" } }));
  const messages = (await app.doctor())
    .filter(({ about }) => about === "Settings")
    .map(({ message }) => message);
  assert.equal(messages.length, 2);
  assert.match(messages[0] ?? "", /max_runs: few is no count.*Until then nothing is removed\.$/);
  assert.match(messages[1] ?? "", /retention counts only in your own settings/);
});
