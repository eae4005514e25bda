import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentChoice, parseChoice } from "../../src/agents/agent.ts";
import { type AgentsDependencies, createAgents } from "../../src/agents/registry.ts";
import type { Failure } from "../../src/run/failure.ts";
import { scratch } from "./attempt.ts";

type Part = Partial<AgentsDependencies>;

function agentsIn(workspace: string, part: Part = {}) {
  return createAgents({
    workspace,
    settings: { agents: {} },
    trusted: () => true,
    environment: { PATH: "", HOME: join(workspace, "home"), OLLAMA_HOST: "127.0.0.1:9" },
    ...part,
  });
}

function chosen(choice: AgentChoice | Failure): AgentChoice {
  if ("code" in choice) throw new Error(choice.message);
  return choice;
}

function refused(choice: object): Failure {
  if (!("code" in choice) || !("message" in choice)) throw new Error("It was not refused.");
  return choice as Failure;
}

/** A folder with an executable named claude. */
async function withClaude(workspace: string): Promise<string> {
  const folder = join(workspace, "bin");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "claude"), "#!/bin/sh\nexit 9\n");
  await chmod(join(folder, "claude"), 0o755);
  return folder;
}

test("with nothing found the offline agent is chosen, and the choice survives a journal", async (t) => {
  const choice = chosen(await agentsIn(await scratch(t)).choose("@task"));
  assert.equal(choice.adapter, "offline");
  assert.equal(choice.effects, "repeatable");
  assert.equal(choice.why, "nothing found: offline");
  assert.match(choice.hash, /^[0-9a-f]{64}$/);
  assert.deepEqual(parseChoice(JSON.parse(JSON.stringify(choice))), choice);
});

test("claude is chosen only when it is there and somebody logged in", async (t) => {
  const workspace = await scratch(t);
  const PATH = await withClaude(workspace);
  const HOME = join(workspace, "home");
  const why = async (environment: Record<string, string>, part: Part = {}) => {
    const choice = chosen(await agentsIn(workspace, { environment, ...part }).choose("@task"));
    return [choice.adapter, choice.why, choice.effects];
  };
  assert.deepEqual(await why({ PATH, HOME }), [
    "offline",
    "claude is not logged in: offline",
    "repeatable",
  ]);
  assert.deepEqual(await why({ PATH, HOME, ANTHROPIC_API_KEY: "k" }), [
    "claude",
    "found claude on PATH",
    "once",
  ]);
  assert.deepEqual(await why({ PATH, HOME, ANTHROPIC_API_KEY: "k" }, { trusted: () => false }), [
    "offline",
    "untrusted workspace: offline",
    "repeatable",
  ]);
  assert.deepEqual(await why({ PATH, HOME, FERMATA_AGENT: "claude" }), [
    "claude",
    "configured",
    "once",
  ]);
  assert.deepEqual(
    await why({ PATH, HOME }, { settings: { defaultAgent: "claude", agents: {} } }),
    ["claude", "configured", "once"],
  );
  await mkdir(join(HOME, ".claude"), { recursive: true });
  await writeFile(join(HOME, ".claude", ".credentials.json"), "{}");
  assert.deepEqual(await why({ PATH, HOME }), ["claude", "found claude on PATH", "once"]);
});

test("an agent's own setting wins over its file, and the workflow's over both; reading tools make it repeatable", async (t) => {
  const workspace = await scratch(t, {
    ".fermata/agents/looker.md": "---\nadapter: claude\nmodel: opus\ntools: Read, Grep\n---\nLook.",
  });
  const fromFile = chosen(await agentsIn(workspace).choose("@looker"));
  assert.deepEqual(
    [fromFile.adapter, fromFile.effects, fromFile.definition.model],
    ["claude", "repeatable", "opus"],
  );
  const settings = { agents: { "@looker": { model: "haiku", permissionMode: "plan" } } };
  const set = chosen(await agentsIn(workspace, { settings }).choose("@looker"));
  assert.deepEqual([set.definition.model, set.definition.permission_mode], ["haiku", "plan"]);
  const overridden = chosen(
    await agentsIn(workspace, { settings }).choose("@looker", { model: "sonnet", tools: [] }),
  );
  assert.deepEqual([overridden.definition.model, overridden.effects], ["sonnet", "repeatable"]);
  assert.notEqual(set.hash, overridden.hash);
});

test("the scripted and the command adapter carry what they need", async (t) => {
  const workspace = await scratch(t);
  const environment = { FERMATA_SCRIPTED_AGENT: "script.yaml" };
  const scripted = chosen(await agentsIn(workspace, { environment }).choose("@task"));
  assert.equal(scripted.adapter, "scripted");
  assert.equal(scripted.definition.script, join(workspace, "script.yaml"));
  const settings = {
    agents: { "@cat": { adapter: "command", command: "cat -" }, "@no": { adapter: "command" } },
  };
  const agents = agentsIn(workspace, { settings });
  const command = chosen(await agents.choose("@cat"));
  assert.deepEqual([command.definition.command, command.effects], [["cat", "-"], "once"]);
  assert.match(refused(await agents.choose("@no")).message, /no command/);
});

test("wrong names and settings are refused with what was meant", async (t) => {
  const workspace = await scratch(t);
  const unknown = refused(await agentsIn(workspace).choose("@tsak"));
  assert.equal(unknown.code, "invalid_input");
  assert.match(
    unknown.message,
    /There is no agent @tsak; did you mean @task\? Known: @code-standards-reviewer, @task\./,
  );
  const wrong: readonly [object, RegExp][] = [
    [
      { adapter: "cluade" },
      /`adapter` must be one of acp, .*\. Did you mean `claude`\? Correct agents\["@task"\] in the settings\.$/,
    ],
    [{ modle: "x" }, /An agent has no setting `modle`\. Did you mean `model`\?/],
    [{ effects: "twice" }, /`effects` must be one of once, repeatable\./],
  ];
  for (const [entry, message] of wrong) {
    const settings = { agents: { "@task": { ...entry } } };
    assert.match(refused(await agentsIn(workspace, { settings }).choose("@task")).message, message);
  }
  const settings = { defaultAgent: "gpt", agents: {} };
  assert.match(
    refused(await agentsIn(workspace, { settings }).choose("@task")).message,
    /neither an adapter .* nor an @name/,
  );
});

test("a default agent by name lends its adapter and settings to those that have none", async (t) => {
  const settings = {
    defaultAgent: "@mine",
    agents: { "@mine": { adapter: "command", command: ["mine"] } },
  };
  const agents = agentsIn(await scratch(t), { settings });
  const choice = chosen(await agents.choose("@task"));
  assert.deepEqual(
    [choice.name, choice.adapter, choice.definition.command],
    ["@task", "command", ["mine"]],
  );
});

test("a default agent may be a file's, and one that is nowhere is refused", async (t) => {
  const file = "---\nname: mine\nadapter: claude\nmodel: opus\n---\nx";
  const workspace = await scratch(t, { ".fermata/agents/mine.md": file });
  const settings = { defaultAgent: "@mine", agents: {} };
  const choice = chosen(await agentsIn(workspace, { settings }).choose("@task"));
  assert.deepEqual([choice.adapter, choice.definition.model], ["claude", "opus"]);
  const nowhere = { defaultAgent: "@mien", agents: {} };
  assert.match(
    refused(await agentsIn(workspace, { settings: nowhere }).choose("@task")).message,
    /^There is no agent @mien; did you mean @mine\?.* It is the default agent: correct/,
  );
});

test("a program that is not here any more: the host that has it is named, unless it is this one", async (t) => {
  const workspace = await scratch(t);
  const PATH = await withClaude(workspace);
  const settings = { agents: {}, defaultAgent: "claude" };
  const there = agentsIn(workspace, { settings, environment: { PATH } });
  const choice = chosen(await there.choose("@task"));
  assert.equal(await there.elsewhere(choice, "big-machine"), undefined);
  const here = agentsIn(workspace, { settings });
  const said = async (machine: string | undefined) =>
    refused((await here.elsewhere(choice, machine)) ?? {}).message;
  assert.match(await said("big-machine"), /Open the run on big-machine, or install claude here/);
  assert.match(await said(undefined), /is not any more\. Install it again/);
});

test("opening a program in an untrusted workspace is refused; the offline agent opens", async (t) => {
  const workspace = await scratch(t);
  const trusting = agentsIn(workspace, {
    settings: { agents: { "@cat": { adapter: "command", command: ["cat"] } } },
  });
  const program = chosen(await trusting.choose("@cat"));
  const offline = chosen(await trusting.choose("@task"));
  const distrusting = agentsIn(workspace, { trusted: () => false });
  assert.equal(refused(distrusting.open(program)).code, "untrusted");
  assert.equal("kind" in distrusting.open(offline), true);
  assert.equal(trusting.open(offline), trusting.open(offline));
});

test("the doctor names each agent, the state of claude, and the fix for each problem", async (t) => {
  const workspace = await scratch(t, { ".claude/agents/bad.md": "---\nname: Über\n---\nx" });
  const PATH = await withClaude(workspace);
  const environment = { PATH, HOME: join(workspace, "home") };
  const findings = await agentsIn(workspace, { environment }).doctor();
  const said = findings.map((finding) => `${finding.severity}: ${finding.message}`).join("\n");
  assert.match(said, /ok: @task: offline \(claude is not logged in: offline\), from built-in\./);
  assert.match(
    said,
    /warning: claude was found at .*bin\/claude, but nothing shows that it is logged in/,
  );
  assert.match(said, /error: \.claude\/agents\/bad\.md:2: "Über" is no agent name/);
  assert.ok(
    findings
      .filter((finding) => finding.severity !== "ok")
      .every((finding) => finding.fix !== undefined),
  );
});

test("the doctor names every agent that could not begin, with the fix", async (t) => {
  const workspace = await scratch(t, { "agent.sh": "#!/bin/sh\n" });
  await chmod(join(workspace, "agent.sh"), 0o755);
  const agents = {
    "@claude": { adapter: "claude" },
    "@other": { adapter: "claude", command: ["/no/claude"] },
    "@codex": { adapter: "codex" },
    "@acp": { adapter: "acp", acp_agent: "cursor" },
    "@any": { adapter: "command", command: ["no-such-program"] },
    "@here": { adapter: "command", command: ["./agent.sh"] },
    "@here-too": { adapter: "acp", command: ["./agent.sh"] },
    "@far": { adapter: "ssh", host: "box" },
    "@scripted": { adapter: "scripted", script: "none.yaml" },
    "@wrong": { adapter: "http", url: "http://127.0.0.1:1" },
    "@editor": { adapter: "vscode-lm" },
    My_Agent: { adapter: "offline", num_ctx: 4096 },
    "My Agent": { adapter: "offline" },
  };
  const registry = agentsIn(workspace, { settings: { agents } });
  const findings = await registry.doctor();
  const said = findings.flatMap(({ severity, message, fix }) =>
    severity === "ok" ? [] : [`${severity}: ${message} ${fix}`.replaceAll(workspace, "W")],
  );
  const command = "Correct the command in the agent's settings.";
  const there = "which is not there.";
  for (const words of [
    `error: The agent @claude would start claude, ${there} Install it with npm install -g @anthropic-ai/claude-code, log in, and ask again.`,
    `error: The agent @other would start /no/claude, ${there} ${command}`,
    `error: The agent @codex would start codex, ${there} Install it with npm install -g @openai/codex, log in with codex login, and ask again.`,
    `error: The agent @acp would start cursor-agent, ${there} Install it with the script at https://cursor.com/cli.`,
    `error: The agent @any would start no-such-program, ${there} ${command}`,
    `error: The agent @far would start ssh, ${there} Install OpenSSH's client, or correct ssh_command in the agent's settings.`,
    "error: @scripted: The scripted agent's file W/none.yaml cannot be used: ENOENT: no such file or directory, open 'W/none.yaml' Correct the script, or where the agent's settings look for it.",
    'error: The settings of agent @wrong: An agent has no setting `url`. Correct agents["@wrong"] in the settings. Correct the settings.',
    "warning: @My_Agent: The adapter `offline` does not read `num_ctx`. Remove it from the settings, or change the adapter.",
    'error: "My Agent" under agents in the settings is no agent name: "@", then letters, digits, ".", "_" and "-". Correct the name in the settings.',
    "warning: No agent was found here: those without a setting are offline and have no model. Install one and log in, such as Claude Code (npm install -g @anthropic-ai/claude-code), or start Ollama; then ask again.",
  ])
    assert.ok(said.includes(words), `${words}\n\n${said.join("\n")}`);
  assert.match(said.join("\n"), /warning: Agent @editor .* this host is not VS Code/);
  assert.equal(said.length, 12, said.join("\n"));
  assert.match(refused(await registry.choose("@wrong")).message, /no setting `url`/);
});
