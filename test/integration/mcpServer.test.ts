/** This engine as an MCP server, by real clients of both protocol eras, over a real process. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { agentTools } from "../../src/app/agentTools/agentTools.ts";
import { isList, isObject, type JsonObject } from "../../src/util/json.ts";
import { CLI, makePlace, type Place } from "./cli/spawnCli.ts";

const ASKING = `name: asking
version: 1.0.0
description: Asks one thing
inputs: { word: { type: string, required: true } }
steps:
  - { id: ask, type: prompt, input: text, message: "Which one?" }
  - { id: say, type: shell, command: "echo {{ inputs.word }}" }
  - { id: end, type: return, value: "{{ steps.ask }} {{ steps.say.stdout | trim }}" }
`;

interface Answer {
  readonly text: string;
  readonly isError: boolean;
  readonly facts: JsonObject;
}

interface Peer {
  readonly names: () => Promise<readonly string[]>;
  readonly call: (name: string, input: JsonObject) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

function placeOf(t: TestContext, env: NodeJS.ProcessEnv = {}): Place {
  const place = makePlace({ FERMATA_AGENT: "offline", ...env });
  t.after(() => place.remove());
  place.write("asking.workflow.yaml", ASKING);
  return place;
}

function launch(place: Place, ...options: readonly string[]) {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(place.env)) if (value !== undefined) env[name] = value;
  const args = [CLI, "mcp", "--workspace", place.workspace, ...options];
  return { command: process.execPath, args, env, stderr: "inherit" as const };
}

/** A client of the protocol of 2026, which does not fall back. */
async function modern(t: TestContext, place: Place, ...options: string[]): Promise<Peer> {
  const client = new Client(
    { name: "modern-test", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await client.connect(new StdioClientTransport(launch(place, ...options)));
  t.after(() => client.close());
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, input) => answerOf(await client.callTool({ name, arguments: input })),
    close: () => client.close(),
  };
}

/** The SDK of the protocol of 2025; it checks what it gets against the tools' output schemas. */
async function old(t: TestContext, place: Place, ...options: string[]): Promise<Peer> {
  const client = new OldClient({ name: "old-test", version: "1.0.0" });
  await client.connect(new OldTransport(launch(place, ...options)));
  t.after(() => client.close());
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, input) => answerOf(await client.callTool({ name, arguments: input })),
    close: () => client.close(),
  };
}

function answerOf(result: object): Answer {
  const { content, structuredContent, isError }: JsonObject = JSON.parse(JSON.stringify(result));
  const first = isList(content) ? content[0] : undefined;
  const text = isObject(first) && typeof first.text === "string" ? first.text : "";
  return {
    text,
    isError: isError === true,
    facts: isObject(structuredContent) ? structuredContent : {},
  };
}

const ALLOWED = JSON.stringify({ agentAnswers: "questions" });

for (const [era, connect] of Object.entries({ modern, old })) {
  test(`a client of the ${era} protocol runs a workflow from its start to its end`, async (t) => {
    const place = placeOf(t, { FERMATA_SETTINGS: ALLOWED });
    const peer = await connect(t, place, "--trust");
    const uncalled = () => assert.fail("no tool is called");
    const all = agentTools({ app: uncalled, allowed: uncalled }).map(({ name }) => name);
    assert.deepEqual(await peer.names(), all);
    const listed = await peer.call("list_workflows", {});
    assert.match(listed.text, /asking: Asks one thing/);
    const wrong = await peer.call("start_workflow", { workflow: "asking" });
    assert.deepEqual([wrong.isError, /word/.test(wrong.text)], [true, true]);
    const begun = await peer.call("start_workflow", { workflow: "asking", inputs: { word: "b" } });
    const { run = "" } = begun.facts;
    const asked = await peer.call("wait_for_run", { run });
    const [open] = isList(asked.facts.questions) ? asked.facts.questions : [];
    assert.ok(isObject(open) && open.answerable === true, asked.text);
    const { question = "", shown = "" } = open;
    assert.match(asked.text, new RegExp(`question ${question}, shown ${shown}`));
    const told = await peer.call("answer_question", { run, question, shown, answer: "a" });
    assert.equal(told.isError, false, told.text);
    const end = await peer.call("wait_for_run", { run });
    assert.deepEqual([end.facts.status, end.facts.value], ["Done", "a b"], end.text);
    await peer.close();
    const shown2 = await place.run("export", String(run));
    assert.match(shown2.stdout, new RegExp(`"answered_by": ?"${era}-test over MCP"`));
  });
}

test("without anybody's yes a client starts nothing and answers nothing", async (t) => {
  const place = placeOf(t);
  const peer = await modern(t, place);
  const refused = await peer.call("start_workflow", { workflow: "asking", inputs: { word: "b" } });
  assert.equal(refused.isError, true);
  assert.match(refused.text, /is not trusted, so nothing may run there/);
  assert.deepEqual((await peer.call("list_runs", {})).facts.runs, []);
  const trusting = await modern(t, place, "--trust");
  const begun = await trusting.call("start_workflow", {
    ...{ workflow: "asking", inputs: { word: "b" } },
  });
  const { run = "" } = begun.facts;
  const asked = await trusting.call("wait_for_run", { run });
  const [open] = isList(asked.facts.questions) ? asked.facts.questions : [];
  assert.ok(isObject(open), asked.text);
  const { question = "", shown = "" } = open;
  const told = await trusting.call("answer_question", { run, question, shown, answer: "a" });
  assert.deepEqual([told.isError, /waits for a person/.test(told.text)], [true, true]);
});

test("a run outlives its client, and another one goes on with it", async (t) => {
  const place = placeOf(t, { FERMATA_SETTINGS: ALLOWED });
  const first = await modern(t, place, "--trust");
  const begun = await first.call("start_workflow", { workflow: "asking", inputs: { word: "b" } });
  const { run = "" } = begun.facts;
  await first.call("wait_for_run", { run });
  await first.close();
  const second = await old(t, place, "--trust");
  const seen = await second.call("get_run", { run });
  assert.deepEqual([seen.facts.status, seen.facts.driven], ["Waiting for you", false], seen.text);
  const [open] = isList(seen.facts.questions) ? seen.facts.questions : [];
  const { question = "", shown = "" } = isObject(open) ? open : {};
  await second.call("answer_question", { run, question, shown, answer: "a" });
  assert.equal((await second.call("wait_for_run", { run })).facts.value, "a b");
});
