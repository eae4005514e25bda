/** The real claude program from npm, against a loopback server that speaks its vendor's protocol. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { AgentPrompt, AgentRecord } from "../../../src/agents/agent.ts";
import {
  claudeEffects,
  createClaudeAgent,
  sessionId,
} from "../../../src/agents/cli/claude/claude.ts";
import { lastMessage, startModelServer } from "../../vendors/modelServer.ts";
import { type ModelTurn, TOKENS } from "../../vendors/modelTurn.ts";
import { attemptIn, scratch } from "../attempt.ts";

const PROGRAM = fileURLToPath(new URL("../../../node_modules/.bin/claude", import.meta.url));
const missing = existsSync(PROGRAM) ? false : "claude is not installed in node_modules";

async function scene(
  test: TestContext,
  turns: readonly ModelTurn[],
  definition: Partial<AgentRecord> = {},
) {
  const workspace = await scratch(test, { "src/limits.ts": "// 100 requests per minute\n" });
  const home = await scratch(test);
  const server = await startModelServer(turns);
  test.after(() => server.stop());
  const record = { source: "test", description: "", command: [PROGRAM], ...definition };
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: "sk-test",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  };
  const open = (changed: Record<string, string | undefined> = {}) =>
    createClaudeAgent({
      definition: record,
      effects: claudeEffects(record),
      environment: { ...environment, ...changed },
    });
  return { workspace, home, server, agent: open(), open };
}

function failureOf(outcome: { readonly type: string }) {
  assert.ok("failure" in outcome, `it ${outcome.type}`);
  return outcome.failure as { readonly code: string; readonly message: string };
}

test("a whole turn with a tool call: transcript, progress, usage, cost", {
  skip: missing,
}, async (t) => {
  const { workspace, server, agent } = await scene(
    t,
    [{ tool: "Read", input: { file_path: "src/limits.ts" } }, { text: "100 a minute." }],
    { system_prompt: "You count limits.", model: "claude-sonnet-4-5", tools: ["Read", "Grep"] },
  );
  const attempt = attemptIn(workspace, "research[0]/look");
  const outcome = await agent.prompt({ instructions: "Which limit holds?" }, attempt.context);
  assert.equal(outcome.type, "completed", JSON.stringify(outcome));
  if (outcome.type !== "completed") return;
  const { cost_usd: cost, ...result } = Object(outcome.result);
  assert.deepEqual(result, {
    response: "100 a minute.",
    agent_used: "claude",
    tokens_used: 2 * (TOKENS.input + TOKENS.output),
    files_changed: [],
  });
  assert.ok(cost > 0);
  assert.equal(outcome.usage?.input_tokens, 2 * TOKENS.input);
  assert.ok(attempt.progress.includes("reading src/limits.ts"), attempt.progress.join("\n"));
  const results = attempt.lines.filter((line) => line.kind === "tool_result");
  assert.match(results[0]?.text ?? "", /100 requests per minute/);
  assert.equal(server.requests.length, 2);
  const [first, second] = server.requests;
  assert.equal(first?.key, "sk-test");
  assert.equal(first?.body.model, "claude-sonnet-4-5");
  assert.match(JSON.stringify(first?.body.system), /You count limits\./);
  assert.match(lastMessage(first), /Which limit holds\?/);
  assert.match(lastMessage(second), /100 requests per minute/);
});

test("files that it writes are named; a schema is given to the program as its own", {
  skip: missing,
}, async (t) => {
  const { workspace, agent } = await scene(t, [
    { tool: "Write", input: { file_path: "src/new.ts", content: "export {};\n" } },
    { tool: "StructuredOutput", input: { done: true } },
    { text: "Done." },
  ]);
  const attempt = attemptIn(workspace);
  const prompt: AgentPrompt = {
    instructions: "Write it.",
    outputSchema: { type: "object", required: ["done"], properties: { done: { type: "boolean" } } },
  };
  const outcome = await agent.prompt(prompt, attempt.context);
  assert.equal(outcome.type, "completed", JSON.stringify(outcome));
  if (outcome.type !== "completed") return;
  const { data, files_changed: files } = Object(outcome.result);
  assert.deepEqual(data, { done: true });
  assert.deepEqual(files, ["src/new.ts"]);
  assert.equal(await readFile(join(workspace, "src/new.ts"), "utf8"), "export {};\n");
  assert.ok(attempt.progress.includes("writing src/new.ts"));
});

const REFUSALS: readonly [string, ModelTurn, Record<string, string | undefined>, string, RegExp][] =
  [
    [
      "a refused key",
      { status: 401, error: "authentication_error", message: "invalid x-api-key" },
      {},
      "agent_unavailable",
      /key was refused.*Check ANTHROPIC_API_KEY/,
    ],
    [
      "no login",
      { text: "never" },
      { ANTHROPIC_API_KEY: undefined },
      "agent_unavailable",
      /not logged in/,
    ],
    [
      "an overloaded API",
      { status: 529, error: "overloaded_error", message: "busy" },
      {},
      "network",
      /did not answer/,
    ],
    [
      "an invalid request",
      { status: 400, error: "invalid_request_error", message: "no" },
      {},
      "agent_error",
      /claude failed/,
    ],
  ];

for (const [what, turn, environment, code, message] of REFUSALS) {
  test(`${what} fails at once as ${code}`, { skip: missing }, async (t) => {
    const { workspace, server, open } = await scene(t, [turn]);
    const outcome = await open(environment).prompt(
      { instructions: "x" },
      attemptIn(workspace).context,
    );
    assert.equal(outcome.type, "failed");
    assert.equal(failureOf(outcome).code, code);
    assert.match(failureOf(outcome).message, message);
    assert.ok(server.requests.length <= 1, "the program retried by itself");
  });
}

test("an abort in the middle of an answer stops the whole tree", { skip: missing }, async (t) => {
  const { workspace, server, agent } = await scene(t, [{ hang: "Let me think" }]);
  const attempt = attemptIn(workspace);
  const turn = agent.prompt({ instructions: "Take your time." }, attempt.context);
  await server.asked(1);
  attempt.abort();
  const outcome = await turn;
  assert.notEqual(outcome.type, "completed");
  assert.equal(failureOf(outcome).code, "cancelled");
  assert.deepEqual(await processesIn(workspace), []);
});

test("an attempt that was cut off is continued in its own session", {
  skip: missing,
}, async (t) => {
  const { workspace, server, agent } = await scene(t, [
    { hang: "Half of" },
    { text: "The whole answer." },
  ]);
  const cutOff = attemptIn(workspace, "plan", 1);
  const turn = agent.prompt({ instructions: "Answer the riddle." }, cutOff.context);
  await server.asked(1);
  cutOff.abort();
  await turn;

  const again = attemptIn(workspace, "plan", 1);
  const outcome = await agent.reconcile?.({ instructions: "Answer the riddle." }, again.context);
  assert.equal(
    outcome?.type === "completed" && Object(outcome.result).response,
    "The whole answer.",
  );
  assert.match(
    JSON.stringify(server.requests[1]?.body.messages),
    /Answer the riddle\..*connection was lost/s,
  );

  const never = attemptIn(workspace, "plan", 2);
  const unknown = await agent.reconcile?.({ instructions: "Answer the riddle." }, never.context);
  assert.equal(unknown?.type, "unknown");
});

test("a program that is not there says how to get it", async (t) => {
  const { workspace, home } = await scene(t, []);
  const definition = { source: "test", description: "" };
  const agent = createClaudeAgent({
    definition,
    effects: "once",
    environment: { PATH: home, HOME: home },
  });
  const outcome = await agent.prompt({ instructions: "x" }, attemptIn(workspace).context);
  assert.equal(failureOf(outcome).code, "agent_unavailable");
  assert.match(failureOf(outcome).message, /no command `claude`.*npm install -g/s);
});

test("sessions are UUIDs that depend on run, path and attempt alone", () => {
  const id = { run: "run_a", path: "b", attempt: 1, token: "t", key: "k" };
  assert.match(
    sessionId(id),
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(sessionId(id), sessionId({ ...id, token: "other" }));
  assert.notEqual(sessionId(id), sessionId({ ...id, attempt: 2 }));
});

/** Processes whose working folder is this one, as far as the system tells. */
async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  if (process.platform !== "linux") return found;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    if (cwd === folder) found.push(pid);
  }
  return found;
}
