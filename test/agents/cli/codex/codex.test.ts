/** The codex adapter over recorded turns of the real program, and what it asks of the program. */
import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { AgentPrompt, AgentRecord } from "../../../../src/agents/agent.ts";
import { codexEffects, createCodexAgent } from "../../../../src/agents/cli/codex/codex.ts";
import { codexAdapter } from "../../../../src/agents/cli/codex/codexAdapter.ts";
import { keptSession } from "../../../../src/agents/program/session.ts";
import { attemptIn, scratch } from "../../attempt.ts";

const REPLAY = fileURLToPath(new URL("../replay.ts", import.meta.url));
const recorded = (name: string) =>
  fileURLToPath(new URL(`fixtures/${name}.jsonl`, import.meta.url));

interface Replayed {
  readonly file: string;
  readonly end?: string;
  readonly prompt?: Partial<AgentPrompt>;
  readonly more?: Partial<AgentRecord>;
  readonly effects?: "once" | "repeatable";
}

/** The adapter over a program that prints a recorded turn. */
async function replayed(t: TestContext, { file, end = "0", prompt, more, effects }: Replayed) {
  const workspace = await scratch(t);
  const command = [process.execPath, REPLAY, file, end];
  const agent = createCodexAgent({
    definition: { source: "test", description: "", command, ...more },
    effects: effects ?? "once",
    environment: { PATH: process.env.PATH },
    prices: () => ({ "test-model": { input: 1, output: 2 } }),
  });
  const attempt = attemptIn(workspace);
  const outcome = await agent.prompt({ instructions: "x", ...prompt }, attempt.context);
  return { outcome, attempt };
}

test("a recorded turn gives the answer, the files it changed, tokens and their price", async (t) => {
  const more = { model: "test-model" };
  const { outcome, attempt } = await replayed(t, { file: recorded("write"), more });
  const usage = { input_tokens: 30, output_tokens: 60, cost_usd: 0.00015 };
  assert.deepEqual(outcome, {
    type: "completed",
    result: {
      response: "Done it.",
      agent_used: "codex",
      tokens_used: 90,
      cost_usd: 0.00015,
      files_changed: ["/repo/notes.md"],
    },
    usage,
  });
  assert.deepEqual(
    attempt.lines
      .filter(({ kind }) => kind !== "stderr")
      .map(({ kind, text }) => `${kind} ${text}`),
    [
      "note session 01a21d78-4cbb-7013-8360-473ccc577012",
      "note Model metadata for `test-model` not found. Defaulting to fallback metadata; this can degrade performance and cause issues.",
      "tool_call /bin/bash -lc 'cat limits.txt'",
      "tool_result 100 requests per minute\n",
      "tool_call add /repo/notes.md",
      "text Done it.",
    ],
  );
  assert.ok(attempt.progress.includes("editing /repo/notes.md"));
  const { memo } = attempt.context;
  assert.equal(await keptSession(memo), "01a21d78-4cbb-7013-8360-473ccc577012");
});

test("an unknown price stays unknown", async (t) => {
  const { outcome } = await replayed(t, { file: recorded("write") });
  assert.deepEqual(outcome.type === "completed" && outcome.usage, {
    input_tokens: 30,
    output_tokens: 60,
  });
});

const LIMIT = {
  type: "object",
  required: ["limit"],
  properties: { limit: { type: "number" } },
  additionalProperties: false,
};

test("a schema that leaves nothing open is the program's own, any other is asked for in words", async (t) => {
  const native = await replayed(t, {
    file: recorded("schema"),
    prompt: { outputSchema: LIMIT },
  });
  assert.ok(native.outcome.type === "completed");
  assert.deepEqual(Object(native.outcome.result).data, { limit: 7 });
  const file = `${native.attempt.context.memo}.schema.json`;
  assert.deepEqual(JSON.parse(await readFile(file, "utf8")), LIMIT);
  const { additionalProperties: _open, ...open } = LIMIT;
  const worded = await replayed(t, { file: recorded("schema"), prompt: { outputSchema: open } });
  assert.ok(worded.outcome.type === "completed");
  await assert.rejects(readFile(`${worded.attempt.context.memo}.schema.json`));
});

const FAILURES = [
  ["refusedKey", "agent_unavailable", /key was refused: .*Incorrect API key.*`codex login`/s],
  ["busy", "network", /did not answer: .*high demand/],
  ["badRequest", "agent_error", /codex failed: bad schema\./],
] as const;

for (const [name, code, message] of FAILURES) {
  test(`a recorded failure (${name}) is ${code}, whatever the agent's effects`, async (t) => {
    const { outcome } = await replayed(t, { file: recorded(name), end: "1" });
    assert.ok(outcome.type === "failed", JSON.stringify(outcome));
    assert.equal(outcome.failure.code, code);
    assert.match(outcome.failure.message, message);
  });
}

test("an answer broken off is unknown when it may have acted, else a failure", async (t) => {
  const folder = await scratch(t);
  const whole = await readFile(recorded("write"), "utf8");
  const file = join(folder, "half.jsonl");
  await writeFile(file, whole.slice(0, whole.indexOf('"turn.completed"')));
  const once = await replayed(t, { file, end: "kill" });
  assert.equal(once.outcome.type, "unknown");
  const again = await replayed(t, { file, end: "kill", effects: "repeatable" });
  assert.ok(again.outcome.type === "failed");
  assert.match(again.outcome.failure.message, /codex was ended by SIGKILL in the middle/);
  await writeFile(file, whole.slice(0, whole.indexOf('"turn.started"')));
  const early = await replayed(t, { file, end: "3" });
  assert.ok(early.outcome.type === "failed");
  assert.match(early.outcome.failure.message, /codex exited with code 3 without an answer/);
});

/** The arguments that the program gets, from one that prints them and fails. */
async function argumentsOf(t: TestContext, more: Partial<AgentRecord>, prompt: AgentPrompt) {
  const script =
    "process.stdin.resume().on('end', () => { console.error('Error: ' + JSON.stringify(process.argv.slice(1))); process.exitCode = 1; })";
  const definition = {
    ...{ source: "test", description: "" },
    ...more,
    command: [process.execPath, "-e", script, "--"],
  };
  const effects = codexEffects(definition);
  const agent = createCodexAgent({ definition, effects, environment: { PATH: process.env.PATH } });
  const outcome = await agent.prompt(prompt, attemptIn(await scratch(t)).context);
  assert.ok(outcome.type === "failed", JSON.stringify(outcome));
  const words = /\[.*\]/.exec(outcome.failure.message)?.[0] ?? outcome.failure.message;
  return { effects, words: JSON.parse(words) as readonly string[] };
}

test("sandbox, model, configuration and session are said to the program", async (t) => {
  const first = await argumentsOf(t, { model: "m", config: { a: "1" } }, { instructions: "x" });
  assert.deepEqual(first, {
    effects: "once",
    words: [
      ...["exec", "--json", "--color", "never", "--skip-git-repo-check"],
      ...["--sandbox", "workspace-write", "--model", "m", "--config", "a=1", "-"],
    ],
  });
  const reading = await argumentsOf(
    t,
    { tools: ["Read", "Grep"], system_prompt: "Only look." },
    { instructions: "x", session: "s" },
  );
  assert.equal(reading.effects, "repeatable");
  assert.deepEqual(reading.words.slice(5), [
    ...["--sandbox", "read-only", "--config", 'developer_instructions="Only look."'],
    ...["resume", "s", "-"],
  ]);
  assert.equal(codexEffects({ source: "", description: "", sandbox: "read-only" }), "repeatable");
});

test("doctor says where it is and who is logged in", async (t) => {
  const home = await scratch(t, { "bin/codex": "#!/bin/sh\n" });
  const place = (more: Record<string, string> = {}) => ({
    workspace: home,
    environment: { PATH: join(home, "bin"), HOME: home, ...more },
  });
  await chmod(join(home, "bin/codex"), 0o755);
  const told = async (where: ReturnType<typeof place>) =>
    (await codexAdapter.examine?.(where, []))?.map(({ severity, message, fix = "" }) =>
      [severity, message, fix].join(" ").replaceAll(home, "HOME"),
    );
  const nowhere = { workspace: home, environment: { PATH: "", HOME: home } };
  assert.deepEqual(await told(nowhere), []);
  assert.deepEqual(await codexAdapter.detect?.(place()), { amiss: "codex is not logged in" });
  assert.match((await told(place()))?.join() ?? "", /^warning .*HOME\/bin\/codex.*codex login/);
  const key = place({ CODEX_API_KEY: "sk-1" });
  assert.deepEqual(await codexAdapter.detect?.(key), { found: "found codex on PATH" });
  assert.deepEqual(await told(key), [
    "ok codex was found at HOME/bin/codex; logged in by CODEX_API_KEY. ",
  ]);
  await mkdir(join(home, ".codex"));
  await writeFile(join(home, ".codex/config.toml"), 'model_provider = "mine"\n');
  assert.deepEqual(await codexAdapter.detect?.(place()), { found: "found codex on PATH" });
});
