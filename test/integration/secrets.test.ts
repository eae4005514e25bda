/**
 * A canary goes through everything that prints: whatever form it takes, no file of the run, no export, no log, no live
 * line and no screen holds it. And the positive control: the same look finds a word that is no secret.
 */
import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App, RunChange } from "../../src/app/app.ts";
import { assertNowhere, CANARY, texts } from "./harness/canary.ts";
import { type Scene, scene, stand, start, workflow } from "./harness/product.ts";

const PRINTS = `
const s = process.env.KEY;
const b = (x) => Buffer.from(x).toString("base64");
console.log("plain", s);
console.log("NOT-A-SECRET");
console.log(JSON.stringify({ s }), JSON.stringify(JSON.stringify(s)));
console.log(encodeURIComponent(s), String(new URLSearchParams({ s })));
console.log(b(s), b("u:" + s), b("us:" + s));
console.error("error", s);
require("node:fs").writeFileSync("leak.txt", s);
process.stdout.write("x".repeat(70000) + s.slice(0, 5));
setTimeout(() => { process.stdout.write(s.slice(5) + "\\n"); process.exit(Number(process.argv[2])); }, 20);
`;

const LEAKY = workflow(
  "leaky",
  `
steps:
  - { id: print, type: shell, command: [node, prints.cjs, "0"], env: { KEY: "{{ secret('CANARY') }}" }, output_to: out }
  - { id: fail, type: shell, command: [node, prints.cjs, "3"], env: { KEY: "{{ secret(CANARY) }}", AUTH: "Bearer {{ secret('CANARY') }}!" }, on_error: continue }
  - { id: other, type: shell, command: [cat, leak.txt] }
  - { id: unseen, type: shell, command: [node, -e, "process.exit(process.env.FERMATA_SECRET_CANARY || process.env.CANARY ? 1 : 0)"] }
  - { id: gate, type: gate, gates: [{ name: seen, check: { command: [cat, leak.txt], metric: "(.*)", expect: ">= 1" }, severity: warn }] }
  - { id: end, type: return, value: { out: "{{ state.out }}", other: "{{ steps.other }}" } }
`,
);

async function leakyScene(t: TestContext): Promise<Scene> {
  const place = await scene(t, { "workflows/leaky.workflow.yaml": LEAKY });
  await place.write("prints.cjs", PRINTS);
  return place;
}

/** Runs the workflow and gives everything that was said about it besides its files. */
async function watched(app: App, run: string): Promise<readonly RunChange[]> {
  const watch = (await app.watchRun(run)) ?? assert.fail("no run");
  const changes: RunChange[] = [];
  const stop = watch.onChange((change) => changes.push(change));
  const state = await app.settled(run);
  stop();
  assert.equal(state.status, "done", stand(state));
  changes.push({ type: "live", path: "state", text: JSON.stringify([...state.tasks.values()]) });
  watch.dispose();
  return changes;
}

test("a canary is nowhere but in the processes that were given it", async (t) => {
  const place = await leakyScene(t);
  const logged: string[] = [];
  const app = await place.open({
    env: { ...place.env, FERMATA_SECRET_CANARY: CANARY },
    log: (message, cause) => logged.push(message, String(cause)),
  });
  const run = await start(app, "leaky");
  const changes = await watched(app, run);
  const exported = JSON.stringify(await app.exportRun(run));
  const output = JSON.stringify(await app.readOutput(run, "print"));
  await app.dispose();
  const files = await texts(app.stateFolder);
  const all = files.map(([, text]) => text).join("\n");
  assert.ok(all.includes("NOT-A-SECRET"), "the look finds what is there");
  assert.ok(all.includes("[secret CANARY]"), "the canary came by, and was taken out");
  assert.ok(output.includes("NOT-A-SECRET") && output.includes("[secret CANARY]"));
  assert.equal(await readFile(join(place.workspace, "leak.txt"), "utf8"), CANARY, "it was given");
  for (const [name, text] of files) assertNowhere(name, text);
  for (const [where, text] of Object.entries({ exported, output, logged: logged.join("\n") }))
    assertNowhere(where, text);
  assertNowhere("what watchers were told", JSON.stringify(changes));
});

test("the file of secrets is taken only while nobody else may read it", async (t) => {
  const place = await leakyScene(t);
  const folder = join(place.root, "config", "fermata");
  const file = join(folder, "secrets.json");
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify({ CANARY }), { mode: 0o644 });
  const app = await place.open();
  const refused = await app.startRun({ template: "leaky", inputs: {}, startedBy: "test" });
  assert.ok(!refused.ok);
  assert.equal(refused.failure.code, "secret_missing");
  assert.match(
    refused.failure.message,
    /^The secret CANARY is not set\. \S+secrets\.json may be read by others.*chmod 600 \S+secrets\.json\. Set/,
  );
  const findings = (await app.doctor()).filter(({ about }) => about === "Secrets");
  assert.match(JSON.stringify(findings), /may be read by others.*chmod 600/);
  assert.match(JSON.stringify(findings), /CANARY is not set; needed by leaky\./);
  assert.equal((await app.listRuns()).length, 0, "nothing was started");
  await chmod(file, 0o600);
  await watched(app, await start(app, "leaky"));
  assert.deepEqual(
    (await app.doctor()).filter(({ about }) => about === "Secrets"),
    [],
  );
});

test("a host brings its own place for secrets", async (t) => {
  const place = await leakyScene(t);
  const asked: string[] = [];
  const get = async (name: string): Promise<string | undefined> => {
    asked.push(name);
    return name === "CANARY" ? CANARY : undefined;
  };
  const app = await place.open({ secrets: { get } });
  const run = await start(app, "leaky");
  await watched(app, run);
  assert.ok(asked.length > 0 && asked.every((name) => name === "CANARY"));
  await app.dispose();
  for (const [name, text] of await texts(app.stateFolder)) assertNowhere(name, text);
});

test("no run starts whose agents need a secret that nobody set", async (t) => {
  const agent = (name: string, secret: string) => `
agents: { ${name}: { adapter: http, api_url: "http://127.0.0.1:9", headers: { key: "$\{secret:${secret}}" } } }
steps:
  - { id: ask, type: delegate, agent: "@${name}", instructions: x }
`;
  const call = "  - { id: call, type: workflow, workflow: called }\n";
  const place = await scene(t, {
    "workflows/calling.workflow.yaml": workflow("calling", `${agent("near", "NEAR")}${call}`),
    "workflows/called.workflow.yaml": workflow("called", agent("far", "FAR")),
  });
  const app = await place.open({ env: { ...place.env, FERMATA_SECRET_NEAR: CANARY } });
  const refused = await app.startRun({ template: "calling", inputs: {}, startedBy: "test" });
  assert.ok(!refused.ok);
  assert.equal(refused.failure.code, "secret_missing");
  assert.match(refused.failure.message, /^The secret FAR is not set\./);
  assert.equal((await app.listRuns()).length, 0, "nothing was started");
});
