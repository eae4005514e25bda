import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  agentRemembers,
  createAgentActivity,
  createAgentReconcile,
} from "../../src/activities/agent.ts";
import { createAgents } from "../../src/agents/registry.ts";
import { attemptIn, scratch } from "../agents/attempt.ts";

const SCRIPT = `
rules:
  - instructions: list
    response: 'Here: ["a", "b"]'
  - instructions: broken
    response: no list
`;

async function scriptedActivity(workspace: string) {
  const environment = { FERMATA_SCRIPTED_AGENT: join(workspace, "script.yaml") };
  const agents = createAgents({
    workspace,
    settings: { agents: {} },
    trusted: () => true,
    environment,
  });
  const choice = await agents.choose("@task");
  if ("code" in choice) throw new Error(choice.message);
  const dependencies = {
    agents,
    choices: (name: string) => (name === "@task" ? choice : undefined),
  };
  return {
    perform: createAgentActivity(dependencies),
    reconcile: createAgentReconcile(dependencies),
    remembers: agentRemembers(dependencies),
  };
}

const LIST = { type: "array", items: { type: "string" } };

test("a request reaches the chosen agent, and its answer becomes data that fits the schema", async (t) => {
  const workspace = await scratch(t, { "script.yaml": SCRIPT });
  const { perform } = await scriptedActivity(workspace);
  const attempt = attemptIn(workspace);
  const request = {
    activity: "agent",
    agent: "@task",
    instructions: "a list",
    output_schema: LIST,
  } as const;
  assert.deepEqual(await perform(request, attempt.context), {
    type: "completed",
    result: {
      response: 'Here: ["a", "b"]',
      data: ["a", "b"],
      agent_used: "scripted",
      tokens_used: 143,
      files_changed: [],
    },
    usage: { input_tokens: 139, output_tokens: 4, estimated: true },
  });
  assert.deepEqual(attempt.progress, ["asking @task"]);
});

test("an answer that does not fit fails as invalid output, for the next attempt to mend", async (t) => {
  const workspace = await scratch(t, { "script.yaml": SCRIPT });
  const { perform } = await scriptedActivity(workspace);
  const request = {
    activity: "agent",
    agent: "@task",
    instructions: "broken",
    output_schema: LIST,
  } as const;
  const outcome = await perform(request, attemptIn(workspace).context);
  assert.equal(outcome.type === "failed" && outcome.failure.code, "invalid_output");
});

test("a name that the run never chose fails; an agent that cannot be asked leaves the outcome unknown", async (t) => {
  const workspace = await scratch(t, { "script.yaml": SCRIPT });
  const { perform, reconcile, remembers } = await scriptedActivity(workspace);
  const context = attemptIn(workspace).context;
  const outcome = await perform({ activity: "agent", agent: "@other", instructions: "x" }, context);
  assert.equal(outcome.type === "failed" && outcome.failure.code, "agent_unavailable");
  const lost = await reconcile({ activity: "agent", agent: "@task", instructions: "x" }, context);
  assert.match(JSON.stringify(lost), /"unknown".*@task keeps no sessions/);
  assert.equal(remembers({ activity: "agent", agent: "@task", instructions: "x" }), false);
});
