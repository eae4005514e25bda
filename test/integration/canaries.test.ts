/**
 * A canary in headers, in the environment of servers and in what tools and agents answer, in every form: nothing that is
 * kept, sent to a view, exported or said holds it. Each look finds a word that is no secret.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { App } from "../../src/app/app.ts";
import { createFeed } from "../../src/hosts/vscode/runView/feed.ts";
import { parseQuery } from "../../src/run/history/query.ts";
import type { Json, JsonObject } from "../../src/util/json.ts";
import { type Asked, loopback } from "../http/loopback.ts";
import { assertNowhere, CANARY, printed, texts } from "./harness/canary.ts";
import { asks, reaches, type Scene, scene, start, workflow } from "./harness/product.ts";

interface Kept {
  readonly place: Scene;
  readonly app: App;
  readonly run: string;
}

/** Starts a workflow where the canary is known, with every word of the product heard. */
async function heard(
  t: TestContext,
  steps: string,
  files = {},
  settings: JsonObject = {},
  { head = "", inputs = {} }: { readonly head?: string; readonly inputs?: JsonObject } = {},
) {
  const text = workflow("a", `${head}steps:\n${steps}`);
  const place = await scene(t, { "a.workflow.yaml": text, ...files });
  const said: string[] = [];
  const app = await place.open({
    env: { ...place.env, FERMATA_SECRET_CANARY: CANARY, FERMATA_LOG_LEVEL: "debug", MINE: CANARY },
    settings: { env: ["MINE"], ...settings },
    log: (message, cause) => said.push(message, cause instanceof Error ? `${cause.stack}` : ""),
    logged: (entry) => said.push(JSON.stringify(entry)),
  });
  const run = await start(app, "a.workflow.yaml", { inputs });
  const posted: string[] = [];
  const feed = createFeed({
    ...{ app: () => app, run, me: "me", locked: () => undefined, now: Date.now },
    post: (message) => posted.push(JSON.stringify(message)),
  });
  t.after(() => feed.dispose());
  await feed.begin();
  return { place, app, run, said, posted, feed };
}

/** Looks at everything that there is of a run that has ended. */
async function assertClean(
  { place, app, run }: Kept,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const rows = JSON.stringify(await app.listRuns({ query: queryOf("status:done") }));
  assert.match(rows, new RegExp(run), "the index knows it");
  const exported = JSON.stringify(await app.exportRun(run));
  const doctor = JSON.stringify([await app.doctor(), await app.listTools(), await app.health()]);
  await app.dispose();
  const again = await place.open();
  const file = join(place.root, "run.archive");
  const archived = await again.archiveRun(run, file);
  assert.ok(archived.ok, JSON.stringify(archived));
  const archive = gunzipSync(await readFile(file)).toString("latin1");
  await again.dispose();
  const files = await texts(app.stateFolder);
  const all = files.map(([, text]) => text).join("\n");
  for (const [where, text] of Object.entries({ exported, archive, all })) {
    assert.ok(text.includes("NOT-A-SECRET"), `${where}: the look finds what is there`);
    assert.ok(text.includes("[secret CANARY]"), `${where}: the canary came by`);
  }
  for (const wanted of [/^index\.sqlite$/, /^log\//, /^runs\/.*journal/])
    assert.ok(
      files.some(([name]) => wanted.test(name)),
      `${wanted} in ${files.map(([name]) => name)}`,
    );
  for (const [name, text] of files) assertNowhere(name, text);
  for (const [where, text] of Object.entries({ exported, archive, rows, doctor, ...more }))
    assertNowhere(where, text);
}

function queryOf(text: string) {
  const read = parseQuery(text, Date.now());
  return read.ok ? read.query : assert.fail(read.message);
}

/** Waits for the end, and gives what the run view was told meanwhile and is told when it is opened again. */
async function toldToView({ app, run, feed, posted, said }: Awaited<ReturnType<typeof heard>>) {
  const { status, failure } = await app.settled(run);
  assert.equal(status, "done", JSON.stringify(failure));
  await feed.begin();
  const view = posted.join("\n");
  assert.ok(view.includes("NOT-A-SECRET") && view.includes("[secret CANARY]"), "the view is told");
  return { view, said: said.join("\n") };
}

function echo({ headers, url }: Asked, response: ServerResponse): void {
  const secret = String(headers["x-key"] ?? "").replace(/^Key /, "");
  const basic = Buffer.from(`us:${secret}`).toString("base64");
  const said = {
    "x-echo": secret,
    "x-url": encodeURIComponent(secret),
    "x-basic": `Basic ${basic}`,
  };
  const json = { "content-type": "application/json" };
  if (url === "/forms") response.writeHead(200, { ...said, ...json });
  if (url === "/forms") return void response.end(JSON.stringify({ [secret]: printed(secret) }));
  if (url === "/broken") return void response.writeHead(200, json).end(`{"x": "${printed(secret)}`);
  if (url === "/away")
    return void response
      .writeHead(302, { location: `http://127.0.0.2:9/?key=${encodeURIComponent(secret)}` })
      .end();
  if (url === "/cut") {
    response.writeHead(200, { "content-length": "1000" }).write(printed(secret).slice(0, 60));
    return void setImmediate(() => response.destroy());
  }
  if (url === "/health") return void response.writeHead(200, json).end('{"status":"healthy"}');
  response.writeHead(500, said).end(printed(secret));
}

test("a header's secret that a server says back is in nothing that is kept or shown", async (t) => {
  const server = await loopback(t, echo);
  const key = "headers: { X-Key: \"{{ secret('CANARY') }}\" }";
  const http = (id: string, more = "") =>
    `  - { id: ${id}, type: http, url: "${server.origin}/${id}", effects: repeatable, ${key}, on_error: continue${more} }\n`;
  const steps = [
    http("forms"),
    http("error"),
    http("broken"),
    http("away"),
    http("cut"),
    http("forms2", ", expect: { status: 500, schema: { type: number } }"),
    `  - { id: wide, type: http, url: "${server.origin}/forms", headers: { Authorization: "Basic {{ secret('CANARY') }}", X-Key: "Key {{ secret('CANARY') }}" } }\n`,
    `  - { id: work, type: worker_call, worker: "${server.origin}", operation: x, ${key}, on_error: continue }\n`,
    `  - { id: end, type: return, value: { all: "{{ steps }}", mine: "{{ env('MINE') }}" } }\n`,
  ].join("");
  const kept = await heard(t, steps);
  await assertClean(kept, await toldToView(kept));
  assert.ok(
    server.asked.some(({ headers }) => headers["x-key"] === CANARY),
    "it was given",
  );
});

const ECHO = fileURLToPath(new URL("../mcp/servers/echoServer.ts", import.meta.url));
// Written apart, because a template string would take it for its own.
const SECRET = ["$", "{secret:CANARY}"].join("");
const SERVERS = JSON.stringify({
  mcpServers: {
    canary: { command: process.execPath, args: [ECHO], env: { KEY: SECRET } },
  },
});

test("what a tool server with a secret in its environment says is told without it", async (t) => {
  const call = (tool: string) =>
    `  - { id: ${tool}, type: mcp_call, tool: canary.${tool}, on_error: continue, effects: repeatable }\n`;
  const tools = ["say", "give", "fail", "refuse", "die"].map(call).join("");
  const kept = await heard(
    t,
    `${tools}  - { id: end, type: return, value: { all: "{{ steps }}" } }\n`,
    { ".mcp.json": SERVERS },
  );
  await assertClean(kept, await toldToView(kept));
});

const LOUD = `
const { readFileSync } = require("node:fs");
const s = readFileSync("leak.txt", "utf8");
process.stderr.write(s + "\\n");
console.log("NOT-A-SECRET", s, JSON.stringify({ s }), encodeURIComponent(s), Buffer.from(s).toString("base64"));
process.exit(Number(process.argv[2]));
`;

test("what agents say, ask, show and change is told without a secret that they came by", async (t) => {
  const said = printed(CANARY);
  const lines = ["text", "tool_call", "tool_result", "thought", "stdout", "stderr"];
  const rule = {
    lines: lines.map((kind) => ({ [kind]: said })),
    ask: said,
    response: `It is done: ${said}`,
    data: { [CANARY]: said },
    files: { "made.txt": said },
  };
  const supervise =
    "{ max_iterations: 1, quality: { threshold: 0 }, confidence: { threshold: 0 }, breakpoints: { quality_too_low: 0, low_confidence: 0 } }";
  const steps = `
  - { id: leak, type: shell, command: [node, -e, "require('node:fs').writeFileSync('leak.txt', process.env.KEY)"], env: { KEY: "{{ secret('CANARY') }}" } }
  - { id: loud, type: delegate, agent: "@loud", instructions: say it }
  - { id: lost, type: delegate, agent: "@lost", instructions: say it, on_error: continue }
  - { id: made, type: delegate, agent: "@made", instructions: Make made.txt, supervise: ${supervise}, context: { files: [leak.txt] } }
  - { id: end, type: return, value: { all: "{{ steps }}" } }
`;
  const command = (code: string) => ({
    adapter: "command",
    command: [process.execPath, "loud.cjs", code],
    effects: "repeatable",
  });
  const agents = {
    "@loud": command("0"),
    "@lost": command("3"),
    "@made": { adapter: "scripted", script: "rules.json" },
  };
  const files = { "loud.cjs": LOUD, "rules.json": JSON.stringify({ rules: [rule] }) };
  const kept = await heard(t, steps, files, { agents });
  const { app, run } = kept;
  const question = await asks(app, run, "made");
  assertNowhere("the question", JSON.stringify(question));
  const { id: breakpoint, hash: shown } = question;
  await app.signal(run, { type: "answer", breakpoint, answer: "yes", by: "tester", shown });
  await assertClean(kept, await toldToView(kept));
});

test("what people type is kept and shown without a secret that it holds", async (t) => {
  const said = printed(CANARY);
  const steps = `
  - { id: leak, type: shell, command: [node, -e, "process.stdout.write('NOT-A-SECRET')"], env: { KEY: "{{ secret('CANARY') }}" } }
  - { id: why, type: prompt, input: text, message: Why? }
  - { id: ok, type: approve, plan: "- {{ inputs.given }}", allow: [edit, comment], revise: [{ id: again, type: return, value: "{{ item.comments | tojson }}" }] }
  - { id: outside, type: wait, signal: go }
  - { id: work, type: delegate, agent: "@slow", instructions: do it }
  - { id: end, type: return, value: { all: "{{ steps }}", state: "{{ state }}", given: "{{ inputs }}" } }
`;
  const rules = [{ attempt: 1, hang: true }, { response: "NOT-A-SECRET" }];
  const kept = await heard(
    t,
    steps,
    { "rules.json": JSON.stringify({ rules }) },
    { agents: { "@slow": { adapter: "scripted", script: "rules.json" } } },
    {
      head: `inputs: { given: { type: string }, n: { type: number } }\ninitial_state: { f: null }\n`,
      inputs: { given: `x ${said}`, n: 7 },
    },
  );
  const { app, run, place } = kept;
  const by = "tester";
  const answered = async (path: string, answer: Json): Promise<void> => {
    const { id: breakpoint, hash: shown } = await asks(app, run, path);
    const admission = await app.signal(run, { type: "answer", breakpoint, answer, by, shown });
    assert.ok(admission.ok, JSON.stringify(admission));
  };
  await answered("why", { input: CANARY });
  await asks(app, run, "ok");
  // Another process hands it in through the run's inbox.
  const other = await place.open({ env: { ...place.env, FERMATA_SECRET_CANARY: CANARY } });
  assert.ok((await other.signal(run, { type: "set", updates: { f: said }, by })).ok);
  await other.dispose();
  await answered("ok", { request_changes: true, comments: [{ line: 1, text: said }] });
  await reaches(app, run, "the next version", ({ breakpoints }) => breakpoints.has("ok@2"));
  await answered("ok", { approved: true, plan: `- ${said}` });
  await reaches(app, run, "the wait", ({ open }) => open.get("outside")?.state.is === "waiting");
  assert.ok(
    (await app.signal(run, { type: "signal", name: "go", payload: { [CANARY]: said }, by })).ok,
  );
  await reaches(app, run, "the work", ({ open }) => open.get("work")?.state.is === "running");
  assert.ok((await app.signal(run, { type: "guide", path: "work", text: said, by })).ok);
  await assertClean(kept, await toldToView(kept));
});

test("a run is refused without quoting a secret that was typed, and a number may be one", async (t) => {
  const place = await scene(t, {
    "a.workflow.yaml": workflow(
      "a",
      'inputs: { given: { type: string, validation: { max_length: 3 } }, n: { type: array } }\nsteps: [{ id: end, type: return, value: "{{ inputs }}" }]\n',
    ),
  });
  const app = await place.open({
    env: { ...place.env, FERMATA_SECRET_CANARY: CANARY, FERMATA_SECRET_PIN: "4711081" },
  });
  const request = { template: "a.workflow.yaml", startedBy: "tester" };
  const refused = await app.startRun({ ...request, inputs: { given: CANARY } });
  assert.equal(refused.ok, false);
  assertNowhere("the refusal", JSON.stringify(refused));
  const run = await start(app, request.template, { inputs: { given: "x", n: [1, 4711081] } });
  const { value } = await app.settled(run);
  assert.deepEqual(value, { given: "x", n: [1, "[secret PIN]"] });
  assert.doesNotMatch(JSON.stringify(await app.readEvents(run)), /4711081/);
});

/** Throws outside of everything that catches, once a run has come to know the secret. */
const CRASH = `
const look = setInterval(() => {
  if (!require("node:fs").existsSync("leak.txt")) return;
  clearInterval(look);
  const error = new Error("NOT-A-SECRET " + ${JSON.stringify(printed(CANARY))});
  if (process.env.HOW === "rejection") Promise.reject(error);
  else throw error;
}, 5);
`;

for (const how of ["exception", "rejection"]) {
  test(`the last words of a program that an uncaught ${how} ends are without secrets`, async (t) => {
    const leak = `
steps:
  - { id: leak, type: shell, command: [node, -e, "require('node:fs').writeFileSync('leak.txt', process.env.KEY)"], env: { KEY: "{{ secret('CANARY') }}" } }
  - { id: wait, type: wait, duration: 1h }
`;
    const files = { "a.workflow.yaml": workflow("a", leak), "crash.cjs": CRASH };
    const place = await scene(t, files);
    const main = fileURLToPath(new URL("../../src/hosts/cli/main.ts", import.meta.url));
    const child = spawn(
      process.execPath,
      ["--require", join(place.workspace, "crash.cjs"), main, "run", "a.workflow.yaml", "--trust"],
      {
        cwd: place.workspace,
        env: { ...place.env, FERMATA_SECRET_CANARY: CANARY, FERMATA_DEBUG: "1", HOW: how },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    t.after(() => child.kill("SIGKILL"));
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    const [code] = await once(child, "close");
    assert.notEqual(code, 0);
    assert.match(said, /NOT-A-SECRET/);
    assert.match(said, /\[secret CANARY\]/);
    assertNowhere("the last words", said);
  });
}
