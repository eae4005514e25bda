/** The Ollama adapter against a fake server that speaks the real protocol. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Agent, AgentPrompt } from "../../../src/agents/agent.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import { failureOf } from "../../run/failureOf.ts";
import { type FakeOllama, type OllamaOptions, startFakeOllama } from "../../vendors/fakeOllama.ts";
import { agentsWith, openAgent } from "../opened.ts";
import { serverContract } from "./serverContract.ts";

async function serve(t: TestContext, options: OllamaOptions = {}): Promise<FakeOllama> {
  const server = await startFakeOllama(options);
  t.after(() => server.stop());
  return server;
}

const registry = (t: TestContext, environment: Record<string, string>, entry?: JsonObject) =>
  agentsWith(t, entry && { adapter: "ollama", ...entry }, {
    environment: { PATH: "", ...environment },
  });

const open = (t: TestContext, url: string, entry: JsonObject = {}) =>
  openAgent(t, { adapter: "ollama", api_url: url, model: "tiny", ...entry });

async function ask(
  t: TestContext,
  options: OllamaOptions,
  prompt: AgentPrompt,
  entry: JsonObject = {},
) {
  const server = await serve(t, options);
  const { agent, attempt } = await open(t, server.url, entry);
  return { server, attempt, outcome: await agent.prompt(prompt, attempt.context) };
}

serverContract({
  kind: "ollama",
  start: (turns) => startFakeOllama({ turns }),
  open,
  told: ({ chats }) => chats.map(({ messages }) => JSON.stringify(messages)).join("\n"),
});

test("a whole answer: what was asked, the transcript, the usage", async (t) => {
  const { server, attempt, outcome } = await ask(
    t,
    { turns: [{ thinking: "Hm.\n", text: "One line.\nAnother." }] },
    { instructions: "Say two lines.", systemPrompt: "You are brief." },
    { temperature: 0.7, max_tokens: 4096, timeout: 30 },
  );
  assert.deepEqual(outcome, {
    type: "completed",
    result: {
      response: "One line.\nAnother.",
      agent_used: "ollama tiny",
      tokens_used: 12,
      cost_usd: 0,
      files_changed: [],
    },
    usage: { input_tokens: 7, output_tokens: 5, cost_usd: 0 },
  });
  assert.deepEqual(server.chats, [
    {
      truncate: false,
      shift: false,
      model: "tiny",
      messages: [
        { role: "system", content: "You are brief." },
        { role: "user", content: "Say two lines." },
      ],
      stream: true,
      options: { num_ctx: 8192, temperature: 0.7, num_predict: 4096 },
    },
  ]);
  assert.deepEqual(attempt.lines, [
    { kind: "thought", text: "Hm." },
    { kind: "text", text: "One line." },
    { kind: "text", text: "Another." },
  ]);
  assert.ok(attempt.progress.includes("asking tiny"));
});

test("a schema is given as the format; what does not fit it fails, and the next prompt says why", async (t) => {
  const outputSchema = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
  const turns = [{ text: '{"n": "many"}' }, { text: '{"n": 3}' }];
  const server = await serve(t, { turns });
  const { agent, attempt } = await open(t, server.url);
  const prompt = { instructions: "Count.", outputSchema };
  const reason = failureOf(await agent.prompt(prompt, attempt.context));
  assert.equal(reason.code, "invalid_output");
  const correction = reason.message;
  const second = await agent.prompt({ ...prompt, correction }, attempt.context);
  assert.deepEqual(second.type === "completed" && second.result, {
    response: '{"n": 3}',
    data: { n: 3 },
    agent_used: "ollama tiny",
    tokens_used: 175,
    cost_usd: 0,
    files_changed: [],
  });
  assert.deepEqual(server.chats[1]?.format, outputSchema);
  assert.match(JSON.stringify(server.chats[1]?.messages), /could not be used/);
});

test("the window grows with the prompt, within what the model was made for", async (t) => {
  const windowOf = async (characters: number, contextLength: number, entry: JsonObject = {}) => {
    const instructions = "word ".repeat(characters / 5);
    const { server } = await ask(t, { contextLength }, { instructions }, entry);
    return (server.chats[0]?.options as JsonObject | undefined)?.num_ctx;
  };
  assert.equal(await windowOf(100, 32_768), 4096);
  assert.equal(await windowOf(20_000, 32_768), 16_384);
  assert.equal(await windowOf(20_000, 8192), 8192);
  assert.equal(await windowOf(100, 32_768, { num_ctx: 2048 }), 2048);
});

test("a prompt that did not fit is noticed, whether the server says so or not", async (t) => {
  const instructions = "word ".repeat(4000);
  for (const strict of [false, true]) {
    const { outcome } = await ask(t, { strict }, { instructions }, { num_ctx: 4096 });
    const { code, message } = failureOf(outcome);
    assert.equal(code, "limit_exceeded");
    assert.match(
      message,
      strict ? /exceeds the context length/ : /read only 2050 tokens of about 5102/,
    );
  }
});

test("a prompt that cannot fit is not sent at all", async (t) => {
  const instructions = "word ".repeat(10_000);
  const { server, outcome } = await ask(t, { contextLength: 4096 }, { instructions });
  assert.equal(failureOf(outcome).code, "limit_exceeded");
  assert.deepEqual(server.chats, []);
});

test("an answer that was cut off, an empty one and one that was not counted", async (t) => {
  const cut = await ask(t, { turns: [{ text: "A long story", cutAt: 6 }] }, { instructions: "x" });
  assert.match(failureOf(cut.outcome).message, /cut off after 2 tokens\. Raise `max_tokens`/);
  const empty = await ask(t, { turns: [{ text: "  " }] }, { instructions: "x" });
  assert.equal(failureOf(empty.outcome).code, "agent_error");
  const turns = [{ text: "Sixteen letters.", uncounted: true }] as const;
  const { outcome } = await ask(t, { turns }, { instructions: "Eight..." });
  const usage = { input_tokens: 104, output_tokens: 4, estimated: true, cost_usd: 0 };
  assert.deepEqual(outcome.type === "completed" && outcome.usage, usage);
});

test("a server that is not there, a model that is missing, a server that fails: each with the next move", async (t) => {
  const gone = await startFakeOllama();
  await gone.stop();
  const { agent, attempt } = await open(t, gone.url);
  const refused = failureOf(await agent.prompt({ instructions: "x" }, attempt.context));
  assert.equal(refused.code, "agent_unavailable");
  assert.equal(
    refused.message,
    `Ollama is not running at ${gone.url}: start it with \`ollama serve\`.`,
  );
  const missing = await ask(t, {}, { instructions: "x" }, { model: "huge:70b" });
  assert.equal(failureOf(missing.outcome).code, "agent_unavailable");
  assert.match(failureOf(missing.outcome).message, /`ollama pull huge:70b`/);
  const broken = await ask(t, { turns: [{ cut: "Well" }] }, { instructions: "x" });
  assert.equal(failureOf(broken.outcome).code, "network");
  const turns = [{ says: "Well", error: "out of memory" }];
  const failed = await ask(t, { turns }, { instructions: "x" });
  assert.equal(failureOf(failed.outcome).code, "agent_error");
  assert.match(failureOf(failed.outcome).message, /out of memory\.$/);
});

test("a stop and a time that is up end the request", async (t) => {
  const ends = async (entry: JsonObject, act: (stop: () => void) => void) => {
    const server = await serve(t, { turns: [{ hang: "Well" }] });
    const { agent, attempt } = await open(t, server.url, entry);
    const outcome = agent.prompt({ instructions: "x" }, attempt.context);
    act(attempt.abort);
    const { code, message } = failureOf(await outcome);
    if (server.chats.length > 0) await server.left;
    return [code, message];
  };
  assert.equal((await ends({}, (stop) => setTimeout(stop, 100)))[0], "cancelled");
  assert.equal((await ends({}, (stop) => stop()))[0], "cancelled");
  const [code, message] = await ends({ timeout: "200ms" }, () => undefined);
  assert.equal(code, "timeout");
  assert.match(message ?? "", /within 200ms\. Raise `timeout`/);
});

test("a running Ollama is found, its newest model answers, and the choice keeps both", async (t) => {
  const server = await serve(t, { models: ["nomic-embed-text:latest", "tiny:latest"] });
  const { agents } = await registry(t, { OLLAMA_HOST: server.url.replace("http://", "") });
  const choice = await agents.choose("@task");
  assert.ok(!("code" in choice));
  const { adapter, why, effects, definition } = choice;
  assert.deepEqual(
    [adapter, why, effects, definition.model, definition.api_url],
    ["ollama", "found Ollama with tiny:latest", "repeatable", "tiny:latest", server.url],
  );
});

test("settings that cannot work are refused; the doctor names the fix", async (t) => {
  const wrong: readonly [JsonObject, RegExp][] = [
    [{}, /no model\. Add "model"/],
    [{ model: "x", api_url: "localhost" }, /which is no web address/],
    [{ model: "x", temperature: 3 }, /`temperature` must be a number from 0 to 2\./],
    [{ model: "x", num_ctx: 0.5 }, /`num_ctx` must be a whole number from 256\./],
  ];
  for (const [entry, message] of wrong) {
    const choice = await (await registry(t, {}, entry)).agents.choose("@task");
    assert.match("code" in choice ? choice.message : "", message);
  }
  const server = await serve(t);
  const told = async (entry: JsonObject) => {
    const { agents } = await registry(t, {}, entry);
    return (await agents.doctor()).filter(({ message }) => message.startsWith("Ollama"));
  };
  assert.deepEqual(await told({ api_url: server.url, model: "huge" }), [
    { severity: "ok", message: `Ollama runs at ${server.url} with tiny:latest.` },
    {
      severity: "error",
      message: `Ollama at ${server.url} has no model huge.`,
      fix: "Get it with `ollama pull huge`.",
    },
  ]);
  await server.stop();
  assert.deepEqual(
    (await told({ api_url: server.url, model: "tiny" })).map(({ severity, fix }) => [
      severity,
      fix,
    ]),
    [["error", "Start it with `ollama serve`."]],
  );
});

test("an untrusted folder opens no connection", async (t) => {
  const server = await serve(t);
  const { agent } = await open(t, server.url);
  assert.equal(agent.kind satisfies Agent["kind"], "ollama");
  const entry = { adapter: "ollama", model: "tiny", api_url: server.url };
  const { agents } = await agentsWith(t, entry, { trusted: () => false });
  const choice = await agents.choose("@task");
  const opened = "code" in choice ? choice : agents.open(choice);
  assert.equal("code" in opened && opened.code, "untrusted");
});
