import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { AgentRecord } from "../../../src/agents/agent.ts";
import { createClaudeAgent } from "../../../src/agents/cli/claude/claude.ts";
import { createCommandAgent } from "../../../src/agents/cli/command.ts";
import type { Effects } from "../../../src/run/request.ts";
import { isAlive, until } from "../../process/until.ts";
import { attemptIn, scratch } from "../attempt.ts";

const REPLAY = fileURLToPath(new URL("replay.ts", import.meta.url));
const STUBBORN = fileURLToPath(new URL("../stubbornAgent.ts", import.meta.url));
const recorded = (name: string) =>
  fileURLToPath(new URL(`fixtures/${name}.jsonl`, import.meta.url));

/** The claude adapter over a program that prints a recorded turn. */
async function replayed(test: TestContext, file: string, end = "0", effects: Effects = "once") {
  const workspace = await scratch(test);
  const definition: AgentRecord = {
    source: "test",
    description: "",
    command: [process.execPath, REPLAY, file, end],
  };
  const agent = createClaudeAgent({ definition, effects, environment: { PATH: process.env.PATH } });
  const attempt = attemptIn(workspace);
  return { outcome: await agent.prompt({ instructions: "x" }, attempt.context), attempt };
}

async function cut(
  test: TestContext,
  name: string,
  keep: (text: string) => string,
): Promise<string> {
  const folder = await scratch(test, {
    "turn.jsonl": keep(await readFile(recorded(name), "utf8")),
  });
  return join(folder, "turn.jsonl");
}

test("a recorded turn gives the answer, the files it changed, tokens and cost", async (t) => {
  const { outcome, attempt } = await replayed(t, recorded("write"));
  assert.deepEqual(outcome, {
    type: "completed",
    result: {
      response: "Done it.",
      agent_used: "claude",
      tokens_used: 60,
      cost_usd: 0.0011,
      files_changed: ["/repo/notes.md"],
    },
    usage: { input_tokens: 20, output_tokens: 40, cost_usd: 0.0011 },
  });
  assert.deepEqual(
    attempt.lines.filter((line) => line.kind !== "stderr").map((line) => line.kind),
    ["note", "tool_call", "tool_result", "text"],
  );
  assert.ok(attempt.progress.includes("writing /repo/notes.md"));
});

test("a refused permission is noted, and the file does not count as changed", async (t) => {
  const { outcome, attempt } = await replayed(t, recorded("denied"));
  assert.deepEqual(outcome.type === "completed" && Object(outcome.result).files_changed, []);
  assert.ok(
    attempt.lines.some((line) => /refused permission for Write.*permission_mode/.test(line.text)),
  );
});

test("an answer broken off in half a line is unknown when it may have acted, else a failure", async (t) => {
  const half = (text: string) => text.slice(0, text.indexOf('"type":"result"') + 20);
  const file = await cut(t, "write", half);
  const once = await replayed(t, file, "3", "once");
  assert.equal(once.outcome.type, "unknown");
  const repeatable = await replayed(t, file, "kill", "repeatable");
  assert.equal(repeatable.outcome.type, "failed");
  if (repeatable.outcome.type !== "failed") return;
  assert.equal(repeatable.outcome.failure.code, "agent_error");
  assert.match(
    repeatable.outcome.failure.message,
    /claude was ended by SIGKILL in the middle of its answer\. .*last words/,
  );
});

test("a program that ends without a word did nothing, whatever its effects", async (t) => {
  const { outcome } = await replayed(t, "-", "7", "once");
  assert.equal(outcome.type, "failed");
  if (outcome.type !== "failed") return;
  assert.match(
    outcome.failure.message,
    /claude exited with code 7 without an answer\. It printed last: last words/,
  );
});

test("lines that are no JSON go to the transcript and disturb nothing", async (t) => {
  const file = await cut(
    t,
    "write",
    (text) => `Update available!\n[1,2]\n{"type":"new_thing"}\n${text}`,
  );
  const { outcome, attempt } = await replayed(t, file);
  assert.equal(outcome.type, "completed");
  assert.ok(
    attempt.lines.some((line) => line.kind === "stdout" && line.text === "Update available!"),
  );
});

test("a message longer than the pipe's pieces is read whole", async (t) => {
  const long = "word ".repeat(60_000);
  const file = await cut(t, "write", (text) => text.replaceAll("Done it.", long));
  const { outcome } = await replayed(t, file);
  assert.equal(outcome.type === "completed" && Object(outcome.result).response, long);
});

test("a session that the program does not know fails with its words", async (t) => {
  const { outcome } = await replayed(t, recorded("noSession"), "1");
  assert.match(outcome.type === "failed" ? outcome.failure.message : "", /No conversation found/);
});

function commandAgent(command: readonly string[], effects: Effects = "once") {
  return createCommandAgent({
    name: "@tool",
    definition: { source: "settings", description: "", command, system_prompt: "Be brief." },
    effects,
    environment: { PATH: process.env.PATH, SECRET: "not for agents" },
  });
}

test("any command answers: prompt on its input, attempt in its environment, answer on its output", async (t) => {
  const script =
    "process.stdin.setEncoding('utf8').on('data', d => text += d).on('end', () => console.log(JSON.stringify({text, key: process.env.FERMATA_KEY, attempt: process.env.FERMATA_ATTEMPT, secret: process.env.SECRET ?? null}))); let text = '';";
  const agent = commandAgent([process.execPath, "-e", script]);
  const attempt = attemptIn(await scratch(t), "ask", 2);
  const outputSchema = { type: "object", required: ["key"] };
  const outcome = await agent.prompt(
    { instructions: "What?", correction: "shorter", outputSchema },
    attempt.context,
  );
  assert.equal(outcome.type, "completed", JSON.stringify(outcome));
  if (outcome.type !== "completed") return;
  const { data, agent_used: used } = Object(outcome.result);
  assert.equal(used, "@tool");
  assert.deepEqual([data.key, data.attempt, data.secret], ["run_test00000000/ask", "2", null]);
  assert.match(
    data.text,
    /^Be brief\.\n\nWhat\?\n\nYour last answer could not be used: shorter\n\nAnswer with one JSON/,
  );
});

test("a command that fails after it began leaves its outcome unknown, unless it may be repeated", async (t) => {
  const failing = [process.execPath, "-e", "console.error('no licence'); process.exit(4)"];
  const workspace = await scratch(t);
  const once = await commandAgent(failing).prompt(
    { instructions: "x" },
    attemptIn(workspace).context,
  );
  assert.equal(once.type, "unknown");
  const repeatable = await commandAgent(failing, "repeatable").prompt(
    { instructions: "x" },
    attemptIn(workspace).context,
  );
  assert.match(
    repeatable.type === "failed" ? repeatable.failure.message : "",
    /@tool exited with code 4 in the middle of its answer\. It printed last: no licence/,
  );
});

test("an agent that ignores signals and forks is gone with its child after an abort", async (t) => {
  const workspace = await scratch(t);
  const file = join(workspace, "pids.jsonl");
  const agent = commandAgent([process.execPath, STUBBORN, file]);
  const attempt = attemptIn(workspace, "stubborn", 1);
  const turn = agent.prompt({ instructions: "x" }, attempt.context);
  await until("the agent and its child", () =>
    attempt.lines.some((line) => line.text === "started"),
  );
  const { agent: pid, child, key } = JSON.parse(await readFile(file, "utf8"));
  assert.equal(key, "run_test00000000/stubborn");
  assert.ok(isAlive(pid) && isAlive(child));
  const from = performance.now();
  attempt.abort();
  const outcome = await turn;
  assert.equal(outcome.type, "unknown");
  assert.ok(performance.now() - from < 8000, "it took longer than the ladder's five seconds");
  assert.deepEqual([isAlive(pid), isAlive(child)], [false, false]);
});
