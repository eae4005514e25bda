/** The seed's test_llm_integration: the model on this machine answers, and one that is down is a clear state. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createAgents } from "../../../src/agents/registry.ts";
import { attemptIn, scratch } from "../../agents/attempt.ts";
import { startFakeOllama } from "../../vendors/fakeOllama.ts";

async function generate(t: TestContext, api_url: string, instructions: string) {
  const workspace = await scratch(t);
  const coder = { adapter: "ollama", api_url, model: "qwen2.5-coder:32b", temperature: 0.7 };
  const agents = createAgents({
    workspace,
    settings: { agents: { "@task": coder } },
    trusted: () => true,
    environment: { PATH: "", HOME: workspace },
  });
  const choice = await agents.choose("@task");
  assert.ok(!("code" in choice));
  const agent = agents.open(choice);
  assert.ok(!("code" in agent));
  return agent.prompt({ instructions }, attemptIn(workspace).context);
}

test("test_ollama_connection: it is asked to say hello, and does", async (t) => {
  const server = await startFakeOllama({
    models: ["qwen2.5-coder:32b"],
    turns: [{ text: "Hello! How can I help?" }],
  });
  t.after(() => server.stop());
  const outcome = await generate(t, server.url, "Say hello");
  assert.ok(outcome.type === "completed", JSON.stringify(outcome));
  assert.match(JSON.stringify(outcome.result).toLowerCase(), /hello/);
  assert.equal(server.chats[0]?.model, "qwen2.5-coder:32b");
});

test("without Ollama the agent is unavailable, and what to do is said", async (t) => {
  const server = await startFakeOllama();
  await server.stop();
  const outcome = await generate(t, server.url, "Say hello");
  assert.ok(outcome.type === "failed", JSON.stringify(outcome));
  assert.equal(outcome.failure.code, "agent_unavailable");
  assert.match(outcome.failure.message, /not running at http:.*ollama serve|start/i);
});
