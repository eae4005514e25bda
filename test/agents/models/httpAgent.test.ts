/** An HTTP worker as an agent: what it is asked, what its answers come to, and what is said of one that is not well. */
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import type { AgentPrompt } from "../../../src/agents/agent.ts";
import { createHttpAgent, httpAdapter } from "../../../src/agents/http/httpAgent.ts";
import type { Json, JsonObject } from "../../../src/util/json.ts";
import { type Asked, json, loopback } from "../../http/loopback.ts";
import { attemptIn, scratch } from "../attempt.ts";

const done = (result: Json, more: JsonObject = {}) => ({
  ...{ operation_id: "op-1", status: "completed", result, confidence_score: 0.9 },
  ...more,
});

async function agent(
  t: TestContext,
  answer: (asked: Asked, response: ServerResponse) => void,
  health: JsonObject = { status: "healthy" },
) {
  const server = await loopback(t, (asked, response) =>
    asked.url === "/health" ? json(response, health) : answer(asked, response),
  );
  const workspace = await scratch(t);
  const definition = {
    ...{ source: "test", description: "", api_url: `${server.origin}/`, operation: "write" },
    headers: { authorization: `Bearer $${"{secret:KEY}"}` },
  };
  const opened = createHttpAgent({
    ...{ name: "@worker", definition, effects: "once", workspace, environment: {} },
    secrets: { resolve: async () => "t0ken" },
  });
  const attempt = attemptIn(workspace);
  const prompt = (asked: Partial<AgentPrompt> = {}) =>
    opened.prompt({ instructions: "Do it.", ...asked }, attempt.context);
  return { server, prompt, definition, workspace };
}

test("a prompt is one operation, and its result the answer", async (t) => {
  const { server, prompt } = await agent(t, (_, response) =>
    json(response, done("It is done.", { token_usage: 12 })),
  );
  const outcome = await prompt({ systemPrompt: "Be brief.", correction: "No JSON." });
  assert.deepEqual(outcome.type === "completed" && outcome.result, {
    ...{ response: "It is done.", agent_used: "@worker", tokens_used: 12, files_changed: [] },
  });
  const [health, asked] = server.asked;
  assert.equal(health?.url, "/health");
  assert.equal(asked?.headers.authorization, "Bearer t0ken");
  assert.equal(asked?.headers["idempotency-key"], "run_test00000000/ask");
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
  const bad = await wrong.prompt({ outputSchema });
  assert.equal(bad.type === "failed" && bad.failure.code, "invalid_output");
});

for (const [what, body, status, code, says] of [
  ["failed", done(null, { status: "failed", error: "no disk" }), 200, "agent_error", /no disk/],
  ["refused", { error: "busy" }, 503, "agent_error", /HTTP 503: busy/],
  ["malformed", { nonsense: 1 }, 200, "invalid_output", /cannot be used/],
] as const) {
  test(`an operation that ${what} is a failure in words`, async (t) => {
    const { prompt } = await agent(t, (_, response) => json(response, body, status));
    const outcome = await prompt();
    assert.ok(outcome.type === "failed", JSON.stringify(outcome));
    assert.equal(outcome.failure.code, code);
    assert.match(outcome.failure.message, says);
  });
}

test("nothing is given to a worker that is not well, and the doctor says so", async (t) => {
  const sick = await agent(t, () => assert.fail("asked"), { status: "unhealthy" });
  const outcome = await sick.prompt();
  assert.equal(outcome.type === "failed" && outcome.failure.code, "agent_unavailable");
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
