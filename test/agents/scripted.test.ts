import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { matchRule, milliseconds } from "../../src/agents/scripted/script.ts";
import { createScriptedAgent } from "../../src/agents/scripted/scriptedAgent.ts";
import type { Reply } from "../../src/engine/activity.ts";
import { attemptIn, scratch } from "./attempt.ts";

const SCRIPT = `
log: calls.jsonl
rules:
  - path: research[*]/search
    attempt: 1
    fail: {code: network, message: the line is down}
  - path: research[*]/search
    lines: [looking, found]
    response: three limits
  - instructions: hang
    hang: true
  - agent: "@reviewer"
    data: {valid: true}
    usage: {input_tokens: 5, output_tokens: 7, cost_usd: 0.01}
  - path: lost
    unknown: the connection was lost
  - path: slow
    delay: 20ms
    response: slow answer
`;

test("rules are matched in order; every call is logged with its key before it is answered", async (t) => {
  const workspace = await scratch(t, { "script.yaml": SCRIPT });
  const agent = createScriptedAgent({
    name: "@task",
    script: join(workspace, "script.yaml"),
    effects: "repeatable",
  });
  const first = attemptIn(workspace, "research[2]/search", 1);
  assert.deepEqual(await agent.prompt({ instructions: "x" }, first.context), {
    type: "failed",
    failure: { code: "network", message: "the line is down" },
  });
  const second = attemptIn(workspace, "research[2]/search", 2);
  assert.deepEqual(await agent.prompt({ instructions: "x" }, second.context), {
    type: "completed",
    result: { response: "three limits", agent_used: "scripted", tokens_used: 4, files_changed: [] },
    usage: { input_tokens: 1, output_tokens: 3, estimated: true },
  });
  assert.deepEqual(
    second.lines.map((line) => line.text),
    ["looking", "found"],
  );

  const log = (await readFile(join(workspace, "calls.jsonl"), "utf8")).trimEnd().split("\n");
  const calls = log.map((line) => JSON.parse(line));
  assert.deepEqual(
    calls.map(({ path, attempt, token, key }) => ({ path, attempt, token, key })),
    [
      { path: "research[2]/search", attempt: 1, token: "t1", key: first.context.attempt.key },
      { path: "research[2]/search", attempt: 2, token: "t2", key: first.context.attempt.key },
    ],
  );
});

test("data is checked against the schema and carries its usage", async (t) => {
  const workspace = await scratch(t, { "script.yaml": SCRIPT });
  const agent = createScriptedAgent({
    name: "@reviewer",
    script: join(workspace, "script.yaml"),
    effects: "repeatable",
  });
  const good = await agent.prompt(
    { instructions: "x", outputSchema: { type: "object", required: ["valid"] } },
    attemptIn(workspace).context,
  );
  assert.deepEqual(good, {
    type: "completed",
    result: {
      response: '{"valid":true}',
      data: { valid: true },
      agent_used: "scripted",
      tokens_used: 12,
      cost_usd: 0.01,
      files_changed: [],
    },
    usage: { input_tokens: 5, output_tokens: 7, cost_usd: 0.01 },
  });
  const bad = await agent.prompt(
    { instructions: "x", outputSchema: { type: "object", required: ["score"] } },
    attemptIn(workspace).context,
  );
  assert.equal(bad.type === "failed" && bad.failure.code, "invalid_output");
});

test("a hang ends only with the signal, unknown when the agent may have changed something", async (t) => {
  const workspace = await scratch(t, { "script.yaml": SCRIPT });
  for (const effects of ["once", "repeatable"] as const) {
    const agent = createScriptedAgent({
      name: "@task",
      script: join(workspace, "script.yaml"),
      effects,
    });
    const attempt = attemptIn(workspace);
    const outcome = agent.prompt({ instructions: "please hang" }, attempt.context);
    const settled = await Promise.race([outcome, new Promise((resolve) => setImmediate(resolve))]);
    assert.equal(settled, undefined);
    attempt.abort();
    assert.equal((await outcome).type, effects === "once" ? "unknown" : "failed");
  }
});

test("delay, unknown, no rule and a missing file", async (t) => {
  const workspace = await scratch(t, { "script.yaml": SCRIPT });
  const script = join(workspace, "script.yaml");
  const agent = createScriptedAgent({ name: "@task", script, effects: "repeatable" });
  const at = (path: string) =>
    agent.prompt({ instructions: "x" }, attemptIn(workspace, path).context);
  assert.equal((await at("slow")).type, "completed");
  assert.equal((await at("lost")).type, "unknown");
  const none = await at("elsewhere");
  assert.match(
    none.type === "failed" ? none.failure.message : "",
    /No rule in .* matches @task at elsewhere/,
  );
  const gone = createScriptedAgent({
    name: "@task",
    script: join(workspace, "no.yaml"),
    effects: "once",
  });
  const missing = await gone.prompt({ instructions: "x" }, attemptIn(workspace).context);
  assert.equal(missing.type === "failed" && missing.failure.code, "agent_unavailable");
});

test("a script with a mistake names the rule", async (t) => {
  const workspace = await scratch(t, { "bad.yaml": "rules:\n  - respond: x\n" });
  const script = join(workspace, "bad.yaml");
  const agent = createScriptedAgent({ name: "@task", script, effects: "once" });
  const outcome = await agent.prompt({ instructions: "x" }, attemptIn(workspace).context);
  assert.match(
    outcome.type === "failed" ? outcome.failure.message : "",
    /Rule 1 has the unknown key respond/,
  );
});

test("path patterns take * for any text, brackets as they are", () => {
  const matches = (path: string, at: string) =>
    matchRule({ rules: [{ path }] }, { agent: "@a", path: at, attempt: 1, instructions: "" }) !==
    undefined;
  assert.equal(matches("a[*]/b", "a[12]/b"), true);
  assert.equal(matches("a[1]/b", "a[1]/b"), true);
  assert.equal(matches("*/b", "a[1]/c"), false);
  assert.equal(matches("a*b*c", "aXbYc"), true);
  assert.equal(matches("a*bb*b", "abb"), false);
});

test("durations", () => {
  assert.deepEqual(["50ms", "2s", "1.5m", 3].map(milliseconds), [50, 2000, 90_000, 3000]);
  assert.throws(() => milliseconds("soon"));
});

test("it asks before it answers; only what is allowed goes on", async (t) => {
  const workspace = await scratch(t, { "script.yaml": "- {ask: May I?, response: did it}" });
  const script = join(workspace, "script.yaml");
  const agent = createScriptedAgent({ name: "@task", script, effects: "repeatable" });
  const told = async (reply: Reply) => {
    const context = { ...attemptIn(workspace).context, ask: async () => reply };
    const outcome = await agent.prompt({ instructions: "x" }, context);
    return outcome.type === "failed" ? outcome.failure.message : outcome.type;
  };
  const kind = "permission" as const;
  assert.equal(await told({ kind, decision: "allow_always", option: "always" }), "completed");
  assert.match(await told({ kind, decision: "reject_once", option: "no" }), /was not allowed to/);
  assert.match(await told({ kind, decision: "dismiss" }), /cancelled/);
  assert.match(await told({ kind: "none", reason: "x" }), /could not ask/);
});
