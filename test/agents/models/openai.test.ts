/** The adapter of OpenAI-compatible endpoints against a fake one that speaks the real protocol. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { JsonObject } from "../../../src/util/json.ts";
import { failureOf } from "../../run/failureOf.ts";
import {
  type CompletionTurn,
  type EndpointOptions,
  startFakeEndpoint,
} from "../../vendors/fakeChatCompletions.ts";
import { agentsWith, openAgent } from "../opened.ts";
import { serverContract } from "./serverContract.ts";

const secret = (name: string) => `$\{secret:${name}}`;
const KEY = "sk-canary-0123456789";

async function serve(t: TestContext, options: EndpointOptions = {}) {
  const server = await startFakeEndpoint(options);
  t.after(() => server.stop());
  return server;
}

const secrets = { resolve: async (name: string) => (name === "ROUTER" ? KEY : undefined) };

const registry = (t: TestContext, entry: JsonObject) =>
  agentsWith(t, { adapter: "openai", ...entry }, { secrets });

const open = (t: TestContext, url: string, entry: JsonObject = {}) =>
  openAgent(t, { adapter: "openai", api_url: url, model: "gpt", ...entry }, { secrets });

async function ask(
  t: TestContext,
  turn: CompletionTurn,
  entry: JsonObject = {},
  options: EndpointOptions = {},
) {
  const server = await serve(t, { turns: [turn], ...options });
  const { agent, attempt, choice } = await open(t, server.url, entry);
  const prompt = { instructions: "Say it.", systemPrompt: "You are brief." };
  return { server, attempt, choice, outcome: await agent.prompt(prompt, attempt.context) };
}

serverContract({
  kind: "openai",
  start: (turns) => startFakeEndpoint({ turns }),
  open,
  told: ({ requests }) => requests.map(({ body }) => JSON.stringify(body.messages)).join("\n"),
});

test("the request: key and headers from secrets, streaming with usage, the limits; and the transcript", async (t) => {
  const { server, attempt, choice, outcome } = await ask(
    t,
    { reasoning: "Hm.", text: "One line.\nAnother." },
    {
      api_key: secret("ROUTER"),
      headers: { "x-team": `blue ${secret("ROUTER")}` },
      temperature: 0,
      max_tokens: 500,
    },
    { key: KEY },
  );
  assert.deepEqual(outcome, {
    type: "completed",
    result: {
      response: "One line.\nAnother.",
      agent_used: "openai gpt-2026",
      tokens_used: 16,
      files_changed: [],
    },
    usage: { input_tokens: 11, output_tokens: 5 },
  });
  assert.deepEqual(server.requests, [
    {
      headers: { authorization: `Bearer ${KEY}`, "x-team": `blue ${KEY}` },
      body: {
        model: "gpt",
        messages: [
          { role: "system", content: "You are brief." },
          { role: "user", content: "Say it." },
        ],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0,
        max_tokens: 500,
      },
    },
  ]);
  assert.deepEqual(attempt.lines, [
    { kind: "thought", text: "Hm." },
    { kind: "text", text: "One line." },
    { kind: "text", text: "Another." },
  ]);
  assert.equal(JSON.stringify([choice, outcome, attempt]).includes(KEY), false);
});

test("a schema goes natively: strict when it is closed, in a field where its root is no object", async (t) => {
  const formatOf = async (outputSchema: JsonObject, text: string) => {
    const server = await serve(t, { turns: [{ text }] });
    const { agent, attempt } = await open(t, server.url);
    const outcome = await agent.prompt({ instructions: "x", outputSchema }, attempt.context);
    assert.ok(outcome.type === "completed", JSON.stringify(outcome));
    const format = server.requests[0]?.body.response_format as JsonObject;
    return [format.json_schema, (outcome.result as JsonObject).data];
  };
  const open_ = { type: "object", properties: { n: { type: "integer" } } };
  const closed = { ...open_, required: ["n"], additionalProperties: false };
  assert.deepEqual(await formatOf(open_, '{"n": 1}'), [
    { name: "answer", schema: open_ },
    { n: 1 },
  ]);
  assert.deepEqual(await formatOf(closed, '{"n": 1}'), [
    { name: "answer", schema: closed, strict: true },
    { n: 1 },
  ]);
  const list = { type: "array", items: { type: "string" } };
  const [format, data] = await formatOf(list, '{"answer": ["a"]}');
  assert.deepEqual(data, ["a"]);
  assert.deepEqual((format as JsonObject).strict, true);
  // A server that ignores the format answers the list itself.
  assert.deepEqual((await formatOf(list, '["b"]'))[1], ["b"]);
});

test("an endpoint that takes no schema is told in words, and not asked again", async (t) => {
  const server = await serve(t, { turns: [{ text: '{"n": 1}' }], withoutSchemas: true });
  const { agent, attempt } = await open(t, server.url);
  const prompt = { instructions: "x", outputSchema: { type: "object" } };
  for (let each = 0; each < 2; each++) {
    const outcome = await agent.prompt(prompt, attempt.context);
    assert.equal(outcome.type, "completed", JSON.stringify(outcome));
  }
  const natively = server.requests.map(({ body }) => body.response_format !== undefined);
  assert.deepEqual(natively, [true, false, false]);
  assert.match(JSON.stringify(server.requests[1]?.body.messages), /JSON Schema/);
});

test("each way in which an answer fails, in words", async (t) => {
  const cases: readonly [CompletionTurn, string, RegExp][] = [
    [{ status: 429, message: "Rate limit reached" }, "network", /no room .* \(429\): Rate limit/],
    [
      { status: 400, message: "Bad model" },
      "agent_error",
      /refused the request \(400\): Bad model\./,
    ],
    [{ status: 500, message: "Oops" }, "agent_error", /\(500\): Oops\./],
    [{ status: 503, message: "Overloaded" }, "network", /\(503\): Overloaded\./],
    [{ text: "A long", end: "length" }, "limit_exceeded", /cut off after 2 tokens/],
    [{ text: "", end: "content_filter" }, "agent_error", /content filter/],
    [{ refusal: "I cannot." }, "agent_error", /declined to answer: I cannot\./],
    [{ text: " " }, "agent_error", /empty answer/],
    [{ cut: "Well" }, "network", /broke off/],
    [{ ends: "Well" }, "network", /broke off/],
    [{ says: "Well", error: "overloaded" }, "agent_error", /overloaded\./],
  ];
  for (const [turn, code, message] of cases) {
    const failed = failureOf((await ask(t, turn)).outcome);
    assert.equal(failed.code, code, JSON.stringify([turn, failed]));
    assert.match(failed.message, message);
  }
  const { outcome } = await ask(t, { hang: "Well" }, { timeout: "200ms" });
  assert.equal(failureOf(outcome).code, "timeout");
});

test("an endpoint that does not stream, and one that does not count", async (t) => {
  const whole = (await ask(t, { text: "All at once.", whole: true })).outcome;
  assert.equal(whole.type === "completed" && (whole.result as JsonObject).response, "All at once.");
  const { outcome } = await ask(t, { text: "Sixteen letters.", uncounted: true });
  const usage = { input_tokens: 6, output_tokens: 4, estimated: true };
  assert.deepEqual(outcome.type === "completed" && outcome.usage, usage);
});

test("a key that is wrong, missing or written out: said without the key", async (t) => {
  const wrong = failureOf((await ask(t, { text: "x" }, {}, { key: KEY })).outcome);
  assert.equal(wrong.code, "agent_unavailable");
  assert.match(wrong.message, /does not accept the key \(401\)/);
  const unset = failureOf((await ask(t, { text: "x" }, { api_key: secret("NONE") })).outcome);
  assert.equal(unset.code, "secret_missing");
  for (const entry of [{ api_key: KEY }, { headers: { Authorization: `Bearer ${KEY}` } }]) {
    const { agents } = await registry(t, { model: "gpt", ...entry });
    const choice = await agents.choose("@task");
    assert.ok("code" in choice);
    assert.match(choice.message, /a key written out/);
    assert.equal(choice.message.includes(KEY), false);
  }
});

test("the doctor tells the state of each endpoint with the fix", async (t) => {
  const told = async (url: string, entry: JsonObject) => {
    const { agents } = await registry(t, { api_url: url, model: "gpt", ...entry });
    const found = (await agents.doctor()).find(({ message }) =>
      /^@task: .*(endpoint|secret)/.test(message),
    );
    return [found?.severity, found?.fix];
  };
  const server = await serve(t, { key: KEY });
  const key = { api_key: secret("ROUTER") };
  assert.deepEqual(await told(server.url, key), ["ok", undefined]);
  assert.deepEqual(await told(server.url, {}), [
    "error",
    "Correct the secret that api_key names, or the address in api_url.",
  ]);
  assert.deepEqual(await told(server.url, { api_key: secret("NONE") }), [
    "error",
    "Set the secret.",
  ]);
  const listing = await serve(t, { models: ["gpt", "gpt-large"] });
  assert.deepEqual(await told(listing.url, {}), ["ok", undefined]);
  assert.deepEqual(await told(listing.url, { model: "gtp" }), [
    "warning",
    "Correct model in the agent's settings.",
  ]);
  await server.stop();
  assert.deepEqual(await told(server.url, key), [
    "error",
    "Start the server, or correct api_url in the agent's settings.",
  ]);
});
