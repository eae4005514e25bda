/** The queue of escalations over two processes: one drives, another lists, claims and answers, a third party only looks. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { callTool } from "../../src/app/agentTools/agentTool.ts";
import { agentTools } from "../../src/app/agentTools/agentTools.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { json, loopback } from "../http/loopback.ts";
import { CLI, endOf } from "./cli/spawnCli.ts";
import {
  asks,
  ends,
  resultOf,
  type Scene,
  scene,
  stand,
  start,
  workflow,
} from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const STEPS = `
steps:
  - id: write
    type: delegate
    agent: "@poor"
    instructions: Write the release notes of version 2
    supervise: { max_iterations: 1, escalation: { owner: ann, priority: high, deadline: 1h } }
  - { id: end, type: return, value: "{{ steps.write.response }}" }
`;

/** The CLI in a process of its own. */
function cliIn({ workspace: cwd, env }: Scene) {
  return (...args: readonly string[]) =>
    endOf(spawn(process.execPath, [CLI, ...args], { cwd, env: { ...env, NO_COLOR: "1" } }));
}

test("an escalation is listed, claimed and edited from another process, and the run goes on", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", STEPS) });
  const script = join(place.root, "agent.json");
  await writeFile(script, JSON.stringify([{ response: "I am sorry, I can't do that." }]));
  const app = await place.open({
    settings: { agents: { "@poor": { adapter: "scripted", script } } },
  });
  const run = await start(app, "it");
  const { id } = await asks(app, run, "write");
  const fermata = cliIn(place);

  const [line = ""] = (await fermata("escalations", "--json")).stdout.trim().split("\n");
  const { type, run: named, breakpoint, owner, priority, due } = JSON.parse(line);
  assert.deepEqual(
    [type, named, breakpoint, owner, priority],
    ["escalation", run, id, "ann", "high"],
  );
  assert.ok(due > Date.now());
  assert.match((await fermata("claim", run, id)).stdout, /It is yours/);

  const tools = agentTools({ app: () => app, allowed: async () => "questions" });
  const call = (name: string, input: JsonObject) => {
    const tool = tools.find((one) => one.name === name) ?? assert.fail(name);
    return callTool(tool, input, { name: "agent over MCP", signal: new AbortController().signal });
  };
  const listed = await call("list_escalations", {});
  assert.ok(
    listed.ok && JSON.stringify(listed.facts).includes('"claimed_by"'),
    listed.ok ? "" : listed.message,
  );
  const claimed = await call("claim_question", { run, question: id });
  assert.ok(!claimed.ok && /waits for a person/.test(claimed.message));

  await place.write("notes.md", "Version 2 is out.\n");
  const answered = await fermata("answer", run, id, "--edit", "notes.md");
  assert.equal(answered.code, 0, answered.stderr);
  const state = await ends(app, run);
  assert.equal(state.value, "Version 2 is out.\n", stand(state));
  assert.equal((await fermata("escalations")).stdout, "Nothing is escalated.\n");
});

/** Escalated only for what is no answer at all. */
const LENIENT =
  "max_iterations: 1, quality: { threshold: 1 }, confidence: { threshold: 1 }, breakpoints: { quality_too_low: 0, low_confidence: 0 }";

const EACH_WAY = `
steps:
  - { id: again, type: delegate, agent: "@poor", instructions: Write the notes, supervise: { ${LENIENT} } }
  - id: other
    type: delegate
    agent: "@poor"
    instructions: Write the summary
    supervise: { ${LENIENT}, escalation: { reroute: ["@rich"] } }
  - { id: unsure, type: delegate, agent: "@far", instructions: Count the records }
  - id: typed
    type: delegate
    agent: "@far"
    instructions: Count the counties
    output_schema: { type: object, required: [n], properties: { n: { type: number } } }
  - id: lost
    type: delegate
    agent: "@poor"
    instructions: Write the epilogue
    supervise: { ${LENIENT} }
    on_error: continue
  - id: end
    type: return
    value: { again: "{{ steps.again.response }}", other: "{{ steps.other.response }}", unsure: "{{ steps.unsure.response }}", typed: "{{ steps.typed.data.n }}", lost: "{{ steps.lost.error.message }}" }
`;

test("a host in another process follows every word on an escalation: again, elsewhere, put right, lost", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", EACH_WAY) });
  const script = join(place.root, "agent.json");
  const rules = [
    { instructions: "Name the version", response: "Version 2 is out." },
    { agent: "@rich", response: "All went well." },
    { response: "I am sorry, I can't do that." },
  ];
  await writeFile(script, JSON.stringify(rules));
  const worker = await loopback(t, ({ url, body }, response) => {
    if (url === "/health") return json(response, { status: "healthy" });
    const { correction, output_schema } = JSON.parse(body).parameters;
    const result = output_schema ? { n: 1 } : `Counted, ${correction ?? "as asked"}.`;
    json(response, { status: "completed", result, confidence_score: correction ? 0.9 : 0.3 });
  });
  const scripted = { adapter: "scripted", script };
  const settings = {
    agents: {
      ...{ "@poor": scripted, "@rich": scripted },
      "@far": { adapter: "http", api_url: worker.origin },
    },
  };
  const host = await remote(t, place, { settings });
  const started = await host.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.ok(started.ok, JSON.stringify(started));
  const { run } = started;
  const looking = await place.open({ settings });
  const fermata = cliIn(place);
  const say = async (path: string, ...words: readonly string[]) => {
    const { form } = await asks(looking, run, path);
    assert.equal(form.kind, "escalation");
    return fermata("answer", run, path, ...words);
  };
  const said = async (path: string, ...words: readonly string[]) => {
    const { code, stdout, stderr } = await say(path, ...words);
    assert.equal(code, 0, `${stdout}${stderr}`);
  };

  await said("again", "--retry", "Name the version.");
  const stranger = await say("other", "--reroute", "@nobody");
  assert.equal(stranger.code, 1, stranger.stderr);
  assert.match(stranger.stderr, /may go to: @rich/);
  await said("other", "--reroute", "@rich", "--retry", "Keep it short.");
  await said("unsure", "--retry", "without the test records");
  await place.write("count.json", '{"m": 2}\n');
  const wrong = await say("typed", "--edit", "count.json");
  assert.match(wrong.stderr, /does not fit the step's output_schema/);
  await place.write("count.json", '{"n": 67}\n');
  await said("typed", "--edit", "count.json");
  await said("lost", "--reject", "Not worth it.");

  const state = await ends(looking, run);
  const { lost, ...others } = resultOf(state);
  assert.match(String(lost), /was escalated .* let it fail: Not worth it\.$/);
  assert.deepEqual(others, {
    again: "Version 2 is out.",
    other: "All went well.",
    unsure: "Counted, without the test records.",
    typed: 67,
  });
});

const TWICE = `
steps:
  - id: write
    type: delegate
    agent: "@poor"
    instructions: Write the release notes of version 2
    supervise: { max_iterations: 1 }
  - { id: end, type: return, value: "{{ steps.write.response }}" }
`;

test("of several people who answer at once, where nobody drives the run, one is told yes and the others why not", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", TWICE) });
  const script = join(place.root, "agent.json");
  await writeFile(script, JSON.stringify([{ response: "I am sorry, I can't do that." }]));
  const settings = { agents: { "@poor": { adapter: "scripted", script } } };
  const app = await place.open({ settings });
  const run = await start(app, "it");
  await asks(app, run, "write");
  await app.dispose();
  const fermata = cliIn(place);
  const said = await Promise.all(
    ["one", "two", "three"].map((word) => fermata("answer", run, "write", "--reject", word)),
  );
  assert.deepEqual(said.map(({ code }) => code).sort(), [0, 1, 1], JSON.stringify(said));
  for (const { stderr } of said.filter(({ code }) => code === 1))
    assert.match(stderr, /already|no longer|not waiting|answered/i);
});
