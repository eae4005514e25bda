/** The adapter of the editor's language models, over a small host of its own; the real editor is e2e's. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { LanguageModelAnswer, LanguageModels } from "../../../src/agents/languageModels.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import { failureOf } from "../../run/failureOf.ts";
import { attemptIn } from "../attempt.ts";
import { contract } from "../contract.ts";
import { agentsWith, openAgent } from "../opened.ts";

interface Host extends LanguageModels {
  readonly asked: string[];
  readonly begun: Promise<void>;
}

type Turn = string | "hangs" | Exclude<LanguageModelAnswer, { type: "answered" }>;

/** An editor with one model, which answers from a list. */
function host(turns: readonly Turn[], vendor = "copilot"): Host {
  const begun = Promise.withResolvers<void>();
  const asked: string[] = [];
  return {
    asked,
    begun: begun.promise,
    list: async (wanted) =>
      wanted === vendor
        ? [{ id: "gpt-x", name: "GPT X", family: "gpt", maxInputTokens: 1000 }]
        : [],
    ask: async ({ vendor: wanted, messages, signal, receive }) => {
      if (wanted !== vendor) return { type: "missing", message: "There is no such model." };
      asked.push(messages.join("\n"));
      begun.resolve();
      const turn = turns[Math.min(asked.length, turns.length) - 1] ?? "";
      if (typeof turn !== "string") return turn;
      if (turn === "hangs") {
        receive("Well");
        await new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
        );
      }
      receive(turn);
      return { type: "answered", model: "gpt-x", input: 9, output: 3 };
    },
  };
}

const registry = (t: TestContext, models: LanguageModels | undefined, entry?: JsonObject) =>
  agentsWith(t, entry && { adapter: "vscode-lm", ...entry }, models && { languageModels: models });

const open = (t: TestContext, models: LanguageModels, entry: JsonObject = {}) =>
  openAgent(t, { adapter: "vscode-lm", ...entry }, { languageModels: models });

contract({
  kind: "vscode-lm",
  answering: async (t, texts) => {
    const models = host(texts);
    return { agent: (await open(t, models)).agent, told: () => models.asked.join("\n") };
  },
  hanging: async (t) => {
    const models = host(["hangs"]);
    return { agent: (await open(t, models)).agent, told: () => "", begun: () => models.begun };
  },
  missing: async (t) => {
    const models = host([]);
    return { agent: (await open(t, models, { vendor: "nobody" })).agent, told: () => "" };
  },
});

test("a model of the editor is what is found first, and tokens are its own count", async (t) => {
  const models = host(["Hello."]);
  const { agents, workspace } = await registry(t, models);
  const choice = await agents.choose("@task");
  assert.ok(!("code" in choice));
  assert.deepEqual(
    [choice.adapter, choice.why, choice.definition.model, choice.definition.vendor],
    ["vscode-lm", "found GPT X in the editor", "gpt-x", "copilot"],
  );
  const agent = agents.open(choice);
  assert.ok(!("code" in agent));
  const outcome = await agent.prompt({ instructions: "Hi." }, attemptIn(workspace).context);
  const usage = { input_tokens: 9, output_tokens: 3 };
  assert.deepEqual(outcome.type === "completed" && outcome.usage, usage);
});

test("another host refuses it, before a run and for a run that chose it, and names the editor", async (t) => {
  const { agents } = await registry(t, undefined, {});
  const chosen = await agents.choose("@task");
  assert.ok("code" in chosen);
  assert.equal(chosen.code, "agent_unavailable");
  assert.match(chosen.message, /this host is not VS Code\. Open the folder in VS Code/);
  const { choice } = await open(t, host([]));
  const refused = [agents.open(choice), await agents.elsewhere(choice, "host")];
  for (const failure of refused)
    assert.equal(failure && "code" in failure && failure.code, "agent_unavailable");
  const inEditor = await registry(t, host([]), {});
  assert.equal(await inEditor.agents.elsewhere(choice, "host"), undefined);
});

test("what the editor refuses is said with the next move", async (t) => {
  const cases: readonly [Exclude<Turn, string>, string, RegExp][] = [
    [
      { type: "denied", message: "No consent." },
      "agent_unavailable",
      /Manage Language Model Access/,
    ],
    [
      { type: "blocked", message: "Quota." },
      "agent_error",
      /blocks requests now: Quota\. Try again/,
    ],
    [{ type: "failed", message: "Oops." }, "agent_error", /failed: Oops\.$/],
  ];
  for (const [turn, code, message] of cases) {
    const { agent, attempt } = await open(t, host([turn]));
    const failed = failureOf(await agent.prompt({ instructions: "x" }, attempt.context));
    assert.equal(failed.code, code);
    assert.match(failed.message, message);
  }
  const { agent, attempt } = await open(t, host(["hangs"]), { timeout: "100ms" });
  const late = failureOf(await agent.prompt({ instructions: "x" }, attempt.context));
  assert.equal(late.code, "timeout");
});

test("the doctor names the models that there are", async (t) => {
  const told = async (entry: JsonObject, models: LanguageModels = host([])) => {
    const { agents } = await registry(t, models, entry);
    return (await agents.doctor()).find(({ message }) => /^@task: the editor/.test(message));
  };
  assert.equal((await told({}))?.severity, "ok");
  const missing = await told({ model: "gpt-y" });
  assert.equal(
    missing?.message,
    "@task: the editor has no language model gpt-y of copilot (it has gpt-x).",
  );
  assert.ok(missing?.fix);
});
