/** An HTTP worker as an agent: what it is asked, what its answers come to, and what is said of one that is not well. */
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import type { AgentPrompt } from "../../../src/agents/agent.ts";
import { createHttpAgent, httpAdapter } from "../../../src/agents/http/httpAgent.ts";
import { createCircuits } from "../../../src/http/circuit.ts";
import { createWorkerCalls } from "../../../src/http/workerCalls.ts";
import type { Json, JsonObject } from "../../../src/util/json.ts";
import { type Asked, json, loopback } from "../../http/loopback.ts";
import { failureOf } from "../../run/failureOf.ts";
import { attemptIn, scratch } from "../attempt.ts";

const done = (result: Json, more: JsonObject = {}) => ({
  ...{ operation_id: "op-1", status: "completed", result, confidence_score: 0.9 },
  ...more,
});

async function agent(
  t: TestContext,
  answer: (asked: Asked, response: ServerResponse) => void,
  {
    health = { status: "healthy" } as JsonObject,
    ...more
  }: JsonObject & { health?: JsonObject } = {},
) {
  const server = await loopback(t, (asked, response) =>
    asked.url === "/health" ? json(response, health) : answer(asked, response),
  );
  const workspace = await scratch(t);
  const definition = {
    ...{ source: "test", description: "", api_url: `${server.origin}/`, operation: "write" },
    headers: { authorization: `Bearer $${"{secret:KEY}"}` },
    ...more,
  };
  let at = 0;
  const now = () => at;
  const circuits = createCircuits({ failures: 3, rest: 1000, now });
  const opened = createHttpAgent({
    ...{ name: "@worker", definition, effects: "once", workspace, environment: {} },
    secrets: { resolve: async () => "t0ken" },
    workerCalls: createWorkerCalls({ now, circuits }),
  });
  const attempt = attemptIn(workspace);
  const prompt = (asked: Partial<AgentPrompt> = {}) =>
    opened.prompt({ instructions: "Do it.", ...asked }, attempt.context);
  return { server, prompt, definition, workspace, wait: (ms: number) => (at += ms) };
}

test("a prompt is one operation, and its result the answer", async (t) => {
  const { server, prompt } = await agent(t, (_, response) =>
    json(response, done("It is done.", { token_usage: 12 })),
  );
  const outcome = await prompt({ systemPrompt: "Be brief.", correction: "No JSON." });
  assert.deepEqual(outcome.type === "completed" && outcome.result, {
    ...{ response: "It is done.", agent_used: "@worker", tokens_used: 12, files_changed: [] },
    confidence: 90,
  });
  const [health, asked] = server.asked;
  assert.equal(health?.url, "/health");
  assert.equal(asked?.headers.authorization, "Bearer t0ken");
  assert.match(String(asked?.headers["idempotency-key"]), /^run_test00000000\/ask~[0-9a-f]{16}$/);
  assert.match(String(asked?.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  const { operation, parameters } = JSON.parse(asked?.body ?? "");
  assert.deepEqual(
    [operation, parameters],
    ["write", { instructions: "Do it.", system_prompt: "Be brief.", correction: "No JSON." }],
  );
});

test("with a schema the result itself is the data, and one that does not fit is a failure", async (t) => {
  const outputSchema = { type: "object", required: ["n"], properties: { n: { type: "number" } } };
  const fits = await agent(t, (_, response) => json(response, done({ n: 3 })));
  const good = await fits.prompt({ outputSchema });
  assert.deepEqual(good.type === "completed" && (good.result as JsonObject).data, { n: 3 });
  const wrong = await agent(t, (_, response) => json(response, done({ n: "x" })));
  assert.equal(failureOf(await wrong.prompt({ outputSchema })).code, "invalid_output");
});

for (const [what, body, status, code, says] of [
  ["failed", done(null, { status: "failed", error: "no disk" }), 200, "agent_error", /no disk/],
  ["refused", { error: "busy" }, 503, "agent_error", /HTTP 503: busy/],
  ["malformed", { nonsense: 1 }, 200, "invalid_output", /cannot be used/],
] as const) {
  test(`an operation that ${what} is a failure in words`, async (t) => {
    const { prompt } = await agent(t, (_, response) => json(response, body, status));
    const failed = failureOf(await prompt());
    assert.equal(failed.code, code);
    assert.match(failed.message, says);
  });
}

test("what is asked in other words has a key of its own, and the same question keeps its own", async (t) => {
  const { server, prompt } = await agent(t, (_, response) => json(response, done("x")));
  await prompt();
  await prompt();
  await prompt({ correction: "No JSON." });
  const keys = server.asked.flatMap(({ headers }) => headers["idempotency-key"] ?? []);
  assert.deepEqual([keys.length, keys[0] === keys[1], keys[1] === keys[2]], [3, true, false]);
});

test("an answer that the worker is not sure of, or for which it wants a person, says so", async (t) => {
  const doubtOf = async (said: JsonObject, settings: JsonObject = {}) => {
    const { prompt } = await agent(t, (_, response) => json(response, done("x", said)), settings);
    const outcome = await prompt();
    return outcome.type === "completed" && (outcome.result as JsonObject).doubt;
  };
  assert.equal(await doubtOf({}), undefined);
  assert.equal(
    await doubtOf({ confidence_score: 0.65 }),
    "the worker's confidence is 65, below 70",
  );
  assert.equal(await doubtOf({ confidence_score: 0.65 }, { confidence: 60 }), undefined);
  assert.equal(await doubtOf({ requires_human: true }), "the worker asks for a person");
  const unsaid = { confidence_score: null };
  assert.equal(await doubtOf(unsaid), undefined);
  assert.equal(await doubtOf(unsaid, { confidence: 0 }), undefined);
  assert.equal(
    await doubtOf(unsaid, { confidence: 80 }),
    "the worker does not say how sure it is, and a confidence of 80 is asked for",
  );
});

test("after failures in a row the worker is left alone, then one prompt sees how it is", async (t) => {
  let status = 500;
  const { prompt, server, wait } = await agent(t, (_, response) =>
    json(response, done("x"), status),
  );
  for (let n = 0; n < 3; n++) assert.equal(failureOf(await prompt()).code, "agent_error");
  const before = server.asked.length;
  const rests = failureOf(await prompt());
  assert.deepEqual([rests.code, Object(rests.detail).kind], ["network", "circuit_open"]);
  assert.equal(server.asked.length, before);
  wait(1000);
  status = 200;
  assert.equal((await prompt()).type, "completed");
});

test("nothing is given to a worker that is not well, and the doctor says so", async (t) => {
  const sick = await agent(t, () => assert.fail("asked"), { health: { status: "unhealthy" } });
  assert.equal(failureOf(await sick.prompt()).code, "agent_unavailable");
  const use = { name: "@worker", adapter: "http", effects: "once", hash: "", why: "" } as const;
  const place = {
    ...{ workspace: sick.workspace, environment: {} },
    secrets: { resolve: async () => "t0ken" },
  };
  const [found] =
    (await httpAdapter.examine?.(place, [{ ...use, definition: sick.definition }])) ?? [];
  assert.equal(found?.severity, "error");
  assert.match(found?.message ?? "", /`unhealthy`/);
});
