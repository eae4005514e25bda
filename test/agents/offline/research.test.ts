import assert from "node:assert/strict";
import { test } from "node:test";
import { createOfflineAgent } from "../../../src/agents/offline/offlineAgent.ts";
import { attemptIn, scratch } from "../attempt.ts";
import { ask, bakery, FINDINGS, REQUIREMENTS, shop, TASK } from "./shop.ts";

test("a planted fact is found at its line, quoted, by an agent that says what it is", async (t) => {
  const { response, data, progress } = await ask(
    await shop(t),
    "Research this question in the workspace.\n\nQuestion: What rate limits exist today?",
    FINDINGS,
  );
  assert.match(response, /^Offline agent \(no model\): searched 6 text files/);
  assert.match(
    response,
    /- `src\/limits\.ts:12`: `\/\/ The public API allows 100 requests per minute per key`/,
  );
  assert.deepEqual(Object(data).findings[0], {
    text: "src/limits.ts:12: // The public API allows 100 requests per minute per key",
    path: "src/limits.ts",
    line: 12,
  });
  assert.match(progress[0] ?? "", /^searching for What rate limits/);
});

test("a repository without the facts is said to be without them", async (t) => {
  const { response, data } = await ask(
    await bakery(t),
    "Question: What rate limits exist today?",
    FINDINGS,
  );
  assert.match(
    response,
    /Nothing in this repository says anything about: What rate limits exist today\?/,
  );
  assert.deepEqual(data, { findings: [] });
});

test("one everyday word, or a bare tag of a comment, is no finding", async (t) => {
  const workspace = await scratch(t, {
    "lib/request.js": "// 2xx or 304 as per rfc2616 14.26\nmodule.exports = require('./fresh');\n",
    "lib/application.js":
      "/**\n * Mounts a thing.\n *\n * @param {String} name\n * @api public\n */\nexports.mount = (name) => name;\n",
  });
  for (const question of ["Which rate limits exist today?", "How is the public API tested?"]) {
    const { response, data } = await ask(workspace, `Question: ${question}`, FINDINGS);
    assert.match(response, /Nothing in this repository says anything about/, response);
    assert.deepEqual(data, { findings: [] });
  }
});

test("a line that asks the question is no answer to it", async (t) => {
  const question = "Which rate limits exist today?";
  const workspace = await scratch(t, {
    "ask.workflow.yaml": `steps:\n  - { id: x, type: delegate, instructions: "${question}" }\n`,
    "README.md": "# Bakery\n\nBread is baked before dawn.\n",
  });
  const { response } = await ask(workspace, `Question: ${question}`, FINDINGS);
  assert.match(response, /Nothing in this repository says anything about/, response);
});

test("questions are about the task and each requirement, as many as asked for, in the schema's shape", async (t) => {
  const workspace = await bakery(t);
  const prompt = `Break the task into at most 3 research questions.\n\nTask: ${TASK}\n\nRequirements:\n${REQUIREMENTS}`;
  const { data } = await ask(workspace, prompt, { type: "array", items: { type: "string" } });
  assert.deepEqual(data, [
    "Which rate limits exist today?",
    "Where does the public API handle requests?",
    'What exists today for "At most 100 requests per minute per key"?',
  ]);
  const inObjects = await ask(workspace, prompt, {
    type: "object",
    required: ["research_tasks"],
    properties: {
      research_tasks: {
        type: "array",
        items: { type: "object", required: ["query"], properties: { query: { type: "string" } } },
      },
    },
  });
  assert.equal(
    Object(inObjects.data).research_tasks[1].query,
    "Where does the public API handle requests?",
  );
});

test("an order to change something fails with the next move; other requests get what a search gives", async (t) => {
  const workspace = await shop(t);
  const agent = createOfflineAgent();
  const outcome = await agent.prompt(
    { instructions: "Implement rate limiting in src/server.ts" },
    attemptIn(workspace).context,
  );
  assert.equal(outcome.type === "failed" && outcome.failure.code, "agent_unavailable");
  assert.match(
    outcome.type === "failed" ? outcome.failure.message : "",
    /has no model and changes nothing/,
  );
  const { response } = await ask(workspace, "Sum up the public API limits in one line.");
  assert.match(response, /this is none of them/);
  assert.match(response, /src\/limits\.ts:12/);
});

test("a schema that a search cannot fill fails as invalid output", async (t) => {
  const outcome = await createOfflineAgent().prompt(
    {
      instructions: "Question: What rate limits exist today?",
      outputSchema: {
        type: "object",
        required: ["cost"],
        properties: { cost: { type: "number" } },
      },
    },
    attemptIn(await shop(t)).context,
  );
  assert.equal(outcome.type === "failed" && outcome.failure.code, "invalid_output");
});

test("an aborted search is cancelled", async (t) => {
  const attempt = attemptIn(await shop(t));
  attempt.abort();
  const outcome = await createOfflineAgent().prompt(
    { instructions: "Where is the API?" },
    attempt.context,
  );
  assert.equal(outcome.type === "failed" && outcome.failure.code, "cancelled");
});
