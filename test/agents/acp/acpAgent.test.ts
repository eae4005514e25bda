/** Turns over the Agent Client Protocol with an agent that does what it is told, in a process of its own. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type AcpOptions, createAcpAgent } from "../../../src/agents/acp/acpAgent.ts";
import { keepSession, keptSession } from "../../../src/agents/program/session.ts";
import type { ActivityContext, Reply } from "../../../src/engine/activity.ts";
import { until } from "../../process/until.ts";
import { attemptIn, scratch } from "../attempt.ts";
import type { PeerScript } from "./peer.ts";

const PEER = fileURLToPath(new URL("peer.ts", import.meta.url));

async function setting(t: TestContext, script: PeerScript, more: Partial<AcpOptions> = {}) {
  const workspace = await scratch(t);
  const agent = createAcpAgent({
    title: "Peer",
    command: [process.execPath, "--no-warnings", PEER, JSON.stringify(script)],
    env: { PATH: process.env.PATH ?? "" },
    effects: "once",
    install: "Get it.",
    login: "Say who you are.",
    startTimeout: 60_000,
    sessionOptions: {},
    ...more,
  });
  const log = async (): Promise<readonly { method?: string; params?: unknown }[]> => {
    const text = await readFile(join(workspace, "peer.log"), "utf8").catch(() => "");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };
  const asked = async () => (await log()).flatMap(({ method }) => method ?? []);
  return { workspace, agent, log, asked, ...attemptIn(workspace) };
}

const chunk = (text: string) => ({
  sessionUpdate: "agent_message_chunk",
  content: { type: "text", text },
});
const EDIT = { toolCallId: "c1", title: "Edit notes.md", kind: "edit" };
const OPTIONS = [
  { optionId: "y", name: "Yes", kind: "allow_once" },
  { optionId: "n", name: "No", kind: "reject_once" },
];

function answering(context: ActivityContext, reply: Reply) {
  const questions: string[] = [];
  const ask: ActivityContext["ask"] = async ({ message, options }) => {
    questions.push([message, ...options.map(({ kind, label }) => `${kind}: ${label}`)].join("\n"));
    return reply;
  };
  return { questions, context: { ...context, ask } };
}

test("a whole turn: transcript, plan, diff, answer, files, tokens, and its session kept", async (t) => {
  const { agent, context, lines, progress, log, workspace } = await setting(
    t,
    {
      session: {
        modes: {
          currentModeId: "ask",
          availableModes: ["ask", "code"].map((id) => ({ id, name: id })),
        },
        configOptions: [
          {
            ...{ type: "select", id: "m", name: "Model", category: "model", currentValue: "a" },
            options: [
              { value: "a", name: "A" },
              { value: "b", name: "B" },
            ],
          },
        ],
      },
      turn: [
        { update: { sessionUpdate: "agent_thought_chunk", content: { type: "text", text: "Hm" } } },
        {
          update: {
            sessionUpdate: "plan",
            entries: [{ content: "Write", priority: "high", status: "in_progress" }],
          },
        },
        { update: chunk("I will\nwrite it.") },
        { update: { sessionUpdate: "tool_call", ...EDIT, status: "pending", rawInput: { a: 1 } } },
        {
          update: {
            ...{ sessionUpdate: "tool_call_update", toolCallId: "c1", status: "completed" },
            content: [{ type: "diff", path: "notes.md", oldText: "a", newText: "b" }],
          },
        },
        { update: { sessionUpdate: "from_the_future", x: 1 } },
        { update: chunk("not ours"), in: "sess_2" },
        { update: chunk("It is ") },
        { update: chunk("written.") },
        {
          update: {
            sessionUpdate: "usage_update",
            used: 1,
            size: 9,
            cost: { amount: 0.5, currency: "USD" },
          },
        },
        {
          stop: "end_turn",
          more: { usage: { inputTokens: 7, outputTokens: 3, cachedReadTokens: 2 } },
        },
      ],
    },
    { mode: "code", model: "b", systemPrompt: "Be brief." },
  );
  const outcome = await agent.prompt({ instructions: "Write", correction: "too long" }, context);
  assert.deepEqual(outcome, {
    type: "completed",
    result: {
      response: "It is written.",
      agent_used: "Peer",
      tokens_used: 12,
      cost_usd: 0.5,
      files_changed: ["notes.md"],
    },
    usage: { input_tokens: 9, output_tokens: 3, cost_usd: 0.5 },
  });
  assert.deepEqual(
    lines.filter(({ kind }) => kind !== "stderr").map(({ kind, text }) => `${kind}: ${text}`),
    [
      "note: session sess_1",
      "note: plan\n[>] Write",
      "text: I will",
      "text: write it.",
      "thought: Hm",
      'tool_call: Edit notes.md (edit) {"a":1}',
      "tool_result: --- a/notes.md\n+++ b/notes.md\n@@ -1,1 +1,1 @@\n-a\n+b",
      "text: It is written.",
    ],
  );
  assert.deepEqual(progress.slice(0, 3), [
    "starting Peer",
    "waiting for the model",
    "Edit notes.md",
  ]);
  assert.equal(await keptSession(context.memo), "sess_1");
  const said = await log();
  const params = (method: string) => said.find((one) => one.method === method)?.params;
  assert.deepEqual(params("session/new"), { cwd: workspace, mcpServers: [] });
  assert.deepEqual(params("session/set_mode"), { sessionId: "sess_1", modeId: "code" });
  assert.deepEqual(params("session/set_config_option"), {
    ...{ sessionId: "sess_1", configId: "m", value: "b" },
  });
  assert.match(
    JSON.stringify(params("session/prompt")),
    /Be brief\.\\n\\nWrite\\n\\nYour last .*too long/,
  );
});

test("tokens without a cost have the price of the session's model, or of the one that was set", async (t) => {
  const model = { type: "select", id: "m", name: "Model", category: "model" };
  const options = ["a", "b"].map((value) => ({ value, name: value }));
  const session = { configOptions: [{ ...model, currentValue: "a", options }] };
  const usage = { inputTokens: 1_000_000, outputTokens: 0 };
  const turn = [{ update: chunk("Done.") }, { stop: "end_turn", more: { usage } }];
  const prices = () => ({ a: { input: 1, output: 2 }, b: { input: 3, output: 4 } });
  const costs: unknown[] = [];
  for (const more of [{ prices }, { prices, model: "b" }, {}]) {
    const { agent, context } = await setting(t, { session, turn }, more);
    const outcome = await agent.prompt({ instructions: "Write" }, context);
    assert.ok(outcome.type === "completed", JSON.stringify(outcome));
    costs.push(outcome.usage?.cost_usd);
  }
  assert.deepEqual(costs, [1, 3, undefined]);
});

test("what it asks is asked in full; allowed it goes on, dismissed its turn ends", async (t) => {
  const request = { toolCall: { ...EDIT, rawInput: { command: "rm x" } }, options: OPTIONS };
  const script = { turn: [{ ask: request }, { update: chunk("Done.") }] };
  const first = await setting(t, script);
  const kind = "permission" as const;
  const yes = answering(first.context, { kind, decision: "allow_once", option: "y" });
  assert.equal((await first.agent.prompt({ instructions: "x" }, yes.context)).type, "completed");
  assert.deepEqual(yes.questions, [
    'Peer asks: Edit notes.md\n{\n "command": "rm x"\n}\nallow_once: Yes\nreject_once: No',
  ]);
  const second = await setting(t, script);
  const dismissed = answering(second.context, { kind, decision: "dismiss" });
  const ended = await second.agent.prompt({ instructions: "x" }, dismissed.context);
  assert.match(ended.type === "failed" ? ended.failure.message : "", /was dismissed/);
  assert.match(JSON.stringify(await second.log()), /"outcome":\{"outcome":"cancelled"\}/);
  const third = await setting(t, script);
  const nobody = answering(third.context, { kind: "none", reason: "Nobody is here." });
  const given = await third.agent.prompt({ instructions: "x" }, nobody.context);
  assert.match(
    given.type === "unknown" ? given.failure.message : "",
    /nobody could be asked\. Nobody/,
  );
});

test("a request that says only what is new is told with what was said of its call before, a file's change as a diff", async (t) => {
  const lines = Array.from({ length: 5000 }, (_, n) => `line ${n}`);
  const newText = lines.with(2500, "another line").join("\n");
  const content = [{ type: "diff", path: "big.txt", oldText: lines.join("\n"), newText }];
  const { agent, context } = await setting(t, {
    turn: [
      { update: { sessionUpdate: "tool_call", ...EDIT, status: "pending", content } },
      { ask: { toolCall: { toolCallId: "c1" }, options: OPTIONS } },
      { update: chunk("Done.") },
    ],
  });
  const yes = answering(context, { kind: "permission", decision: "allow_once", option: "y" });
  await agent.prompt({ instructions: "x" }, yes.context);
  assert.deepEqual(yes.questions[0]?.split("\n"), [
    ...["Peer asks: Edit notes.md", "--- a/big.txt", "+++ b/big.txt", "@@ -2498,7 +2498,7 @@"],
    ...[" line 2497", " line 2498", " line 2499", "-line 2500", "+another line"],
    ...[" line 2501", " line 2502", " line 2503", "allow_once: Yes", "reject_once: No"],
  ]);
});

test("a session that is gone on with is set up as it was; where it cannot be, nothing goes on", async (t) => {
  const modes = (currentModeId: string, ...ids: string[]) => ({
    modes: { currentModeId, availableModes: ids.map((id) => ({ id, name: id })) },
  });
  const turn = [{ update: chunk("Here.") }];
  const goOn = async (loaded: object) => {
    const script = { capabilities: { loadSession: true }, loaded, turn };
    const { agent, context, log } = await setting(t, script, { mode: "read-only" });
    await keepSession(context.memo, "sess_1");
    const outcome = await agent.reconcile?.({ instructions: "x" }, context);
    const asked = (await log()).map(({ method, params }) => `${method} ${JSON.stringify(params)}`);
    return { outcome, asked: asked.join("\n") };
  };
  const again = await goOn(modes("auto", "auto", "read-only"));
  assert.equal(again.outcome?.type, "completed");
  assert.match(
    again.asked,
    /session\/set_mode {"sessionId":"sess_1","modeId":"read-only"}\nsession\/prompt/,
  );
  const cannot = await goOn(modes("auto", "auto"));
  assert.equal(cannot.outcome?.type, "unknown");
  assert.doesNotMatch(cannot.asked, /session\/prompt/);
});

test("a cancel is told to the agent before its process is stopped", async (t) => {
  const { agent, context, abort, asked } = await setting(t, {
    turn: [{ update: chunk("Well") }, { cancel: true }, { stop: "cancelled" }],
  });
  const outcome = agent.prompt({ instructions: "x" }, context);
  const seen: string[] = [];
  const look = setInterval(
    () => void asked().then((methods) => seen.splice(0, 99, ...methods)),
    20,
  );
  await until("the prompt", () => seen.includes("session/prompt"), 60_000);
  clearInterval(look);
  const began = performance.now();
  abort();
  const ended = await outcome;
  assert.equal(ended.type === "unknown" && ended.failure.code, "cancelled");
  assert.ok(performance.now() - began < 6_000);
  assert.ok((await asked()).includes("session/cancel"));
});

test("a lost attempt goes on in its session: resumed, or loaded without taking what is replayed", async (t) => {
  const turn = [{ update: chunk("Here.") }];
  const load = { capabilities: { loadSession: true }, replay: [chunk("old words")], turn };
  const loaded = await setting(t, load);
  await keepSession(loaded.context.memo, "sess_1");
  const outcome = await loaded.agent.reconcile?.({ instructions: "x" }, loaded.context);
  assert.equal(
    outcome?.type === "completed" && JSON.stringify(outcome.result).includes("Here."),
    true,
  );
  assert.ok(!JSON.stringify(loaded.lines).includes("old words"));
  assert.match(JSON.stringify(await loaded.log()), /The connection was lost/);
  const capabilities = { loadSession: true, sessionCapabilities: { resume: {} } };
  const resumed = await setting(t, { capabilities, turn });
  await keepSession(resumed.context.memo, "sess_1");
  await resumed.agent.reconcile?.({ instructions: "x" }, resumed.context);
  assert.ok((await resumed.asked()).includes("session/resume"));
  const neither = await setting(t, { turn });
  assert.equal(
    (await neither.agent.reconcile?.({ instructions: "x" }, neither.context))?.type,
    "unknown",
  );
  await keepSession(neither.context.memo, "sess_1");
  const cannot = await neither.agent.reconcile?.({ instructions: "x" }, neither.context);
  assert.equal(cannot?.type, "unknown");
});

test("refusals say what is wrong and what to do", async (t) => {
  const said = async (script: PeerScript, more: Partial<AcpOptions> = {}) => {
    const { agent, context } = await setting(t, script, more);
    const outcome = await agent.prompt({ instructions: "x" }, context);
    return outcome.type === "completed"
      ? ""
      : `${outcome.failure.code}: ${outcome.failure.message}`;
  };
  const auth = { refuse: { "session/new": { code: -32000, message: "Authentication required" } } };
  assert.match(await said(auth), /^agent_unavailable: Peer is not logged in .*Say who you are\./);
  const busy = { refuse: { "session/prompt": { code: -32603, message: "rate limit" } } };
  assert.match(await said(busy), /^network: Peer's model did not answer: rate limit/);
  const modes = { currentModeId: "ask", availableModes: [{ id: "ask", name: "Ask" }] };
  const mode = await said({ session: { modes } }, { mode: "fly" });
  assert.match(mode, /^invalid_input: Peer offers no choice of mode\. .*Its modes: ask\./);
  assert.match(await said({ version: 9 }), /^agent_unavailable: Peer speaks version 9/);
  assert.match(await said({ turn: [] }), /^agent_error: Peer ended its turn without a word/);
  assert.match(await said({}, { command: ["/no/such"] }), /^agent_unavailable: .*Get it\./);
});
