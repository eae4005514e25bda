/** Agents on another machine: a real OpenSSH server where there is one, a stand-in for the client everywhere. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { AgentRecord } from "../../../src/agents/agent.ts";
import { remoteCommand, remoteFraming } from "../../../src/agents/ssh/remoteScript.ts";
import { sshAdapter } from "../../../src/agents/ssh/sshAdapter.ts";
import { createSshAgent } from "../../../src/agents/ssh/sshAgent.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import { isAlive, readText, until } from "../../process/until.ts";
import { attemptIn, scratch } from "../attempt.ts";
import { type Line, noServer, startServer, startStandIn } from "./sshServer.ts";

const WINDOWS = process.platform === "win32" ? "the other machine's shell is a POSIX one" : false;

function recordOf({ host, ssh_command }: Line, settings: JsonObject): AgentRecord {
  return {
    ...{ source: "test", description: "", profile: "command", host },
    ...{ ssh_command: [...ssh_command], ...settings },
  };
}

async function agentOver(test: TestContext, line: Line, settings: JsonObject) {
  const workspace = await scratch(test);
  const definition = recordOf(line, { folder: workspace, ...settings });
  const agent = createSshAgent({
    name: "@far",
    definition,
    effects: "once",
    workspace,
    environment: { PATH: process.env.PATH, HOME: process.env.HOME, SECRET_HERE: "stays" },
  });
  return { agent, workspace, attempt: attemptIn(workspace) };
}

async function answers(t: TestContext, line: Line): Promise<void> {
  const command = ["/bin/sh", "-c", `cat; echo "$GREETING, $FERMATA_KEY, $(pwd), [$SECRET_HERE]"`];
  const environment = { GREETING: "it's $HOME" };
  const { agent, workspace, attempt } = await agentOver(t, line, { command, environment });
  const instructions = "one\n  two 'quoted' \\n $(x)\tüñ ♪\n\nthree";
  const outcome = await agent.prompt({ instructions }, attempt.context);
  assert.equal(outcome.type, "completed", JSON.stringify(outcome));
  const { response } = (outcome.type === "completed" && outcome.result) as JsonObject;
  assert.equal(response, `${instructions}\n\nit's $HOME, run_test00000000/ask, ${workspace}, []`);
}

/** A program that will not be asked, with a child of its own; both are here, so that they can be looked for. */
const STUBBORN = `trap "" TERM; sleep 300 & echo $! $$ > pids; wait; sleep 300`;

function pidsIn(folder: string): readonly number[] | undefined {
  const text = readText(join(folder, "pids"));
  return text.endsWith("\n") ? text.trim().split(" ").map(Number) : undefined;
}

async function started(t: TestContext, line: Line) {
  const over = await agentOver(t, line, { command: ["/bin/sh", "-c", STUBBORN] });
  const { agent, attempt, workspace } = over;
  const ended = agent.prompt({ instructions: "x" }, attempt.context);
  const pids = await until("the start", () => pidsIn(workspace), 30_000);
  assert.ok(pids.length === 2 && pids.every(isAlive));
  return { ...over, ended, pids };
}

async function stops(t: TestContext, line: Line): Promise<void> {
  const { attempt, ended, pids } = await started(t, line);
  attempt.abort();
  const outcome = await ended;
  assert.notEqual(outcome.type, "completed");
  await until("the end there", () => !pids.some(isAlive), 30_000);
}

test("without a server: prompt, environment and folder go over", { skip: WINDOWS }, async (t) =>
  answers(t, await startStandIn(t)),
);

test("when the connection ends, what works there ends, too", { skip: WINDOWS }, async (t) => {
  const folder = await scratch(t);
  const command = remoteCommand(folder, ["/bin/sh", "-c", STUBBORN]);
  const login = spawn("/bin/sh", ["-c", command], { stdio: ["pipe", "ignore", "ignore"] });
  t.after(() => login.kill("SIGKILL"));
  login.stdin.write(remoteFraming({}).write("x\n"));
  const pids = await until("the start", () => pidsIn(folder), 30_000);
  assert.ok(pids.every(isAlive));
  login.stdin.end();
  await until("the end there", () => !pids.some(isAlive), 30_000);
});

test("an OpenSSH server", { skip: WINDOWS || noServer() }, async (t) => {
  const server = await startServer(t);
  await t.test("prompt, environment and folder go over", (t) => answers(t, server));
  await t.test("a stop ends what works there", (t) => stops(t, server));
  await t.test("a connection that is cut ends what works there, outcome unknown", async (t) => {
    const { ended, pids } = await started(t, server);
    server.cut();
    const outcome = await ended;
    assert.equal(outcome.type, "unknown", JSON.stringify(outcome));
    assert.equal(outcome.type === "unknown" && outcome.failure.code, "network");
    await until("the end there", () => !pids.some(isAlive), 30_000);
  });
  await t.test("a machine whose key nobody knows is refused", async (t) => {
    const { agent, attempt } = await agentOver(t, server.stranger, { command: ["cat"] });
    const outcome = await agent.prompt({ instructions: "x" }, attempt.context);
    assert.ok(outcome.type === "failed", JSON.stringify(outcome));
    assert.equal(outcome.failure.code, "agent_unavailable");
    assert.match(outcome.failure.message, /host key of box is unknown.*ssh box/);
  });
  for (const [what, settings, says] of [
    ["folder", { command: ["cat"], folder: "/no/such/folder" }, /folder is not there on box/],
    ["program", { command: ["no-such-program"] }, /program was not found on box/],
  ] as const) {
    await t.test(`a ${what} that is not there is named`, async (t) => {
      const { agent, attempt } = await agentOver(t, server, { ...settings });
      const outcome = await agent.prompt({ instructions: "x" }, attempt.context);
      assert.ok(outcome.type === "failed", JSON.stringify(outcome));
      assert.equal(outcome.failure.code, "agent_unavailable");
      assert.match(outcome.failure.message, says);
    });
  }
  await t.test("doctor asks the machine", async (t) => {
    const { workspace } = await agentOver(t, server, {});
    const place = { workspace, environment: { PATH: process.env.PATH } };
    await writeFile(join(workspace, "only-there"), "#!/bin/sh\n", { mode: 0o755 });
    const use = (line: Line, settings: JsonObject) => ({
      ...{ name: "@far", adapter: "ssh", effects: "once", hash: "", why: "configured" },
      definition: recordOf(line, settings),
    });
    const found = await sshAdapter.examine?.(place, [
      use(server, { command: ["cat"] }),
      use(server, { command: ["no-such-program"] }),
      use(server, { command: ["only-there"], environment: { PATH: workspace } }),
      use(server, { command: ["cat"], folder: "/no/such/folder" }),
      use(server.stranger, { command: ["cat"] }),
    ] as never);
    const said = found?.map(({ severity, message, fix = "" }) => `${severity}: ${message} ${fix}`);
    for (const [index, words] of [
      /^ok: .* lets us in and has cat\. $/,
      /^error: The agent @far: The program was not found on box: .*no-such-program.* install no-such-program on box\.$/s,
      /^ok: .* has only-there/,
      /^error: The agent @far: The folder is not there on box: .*Correct the agent's settings/s,
      /^error: .*host key of box is unknown.*by hand without a question\.$/,
    ].entries())
      assert.match(said?.[index] ?? "", words);
  });
});

test("settings that cannot work are refused", () => {
  const check = (settings: JsonObject) =>
    sshAdapter.check?.({ source: "t", description: "", ...settings });
  assert.match(check({}) ?? "", /no machine/);
  assert.match(check({ host: "-oProxyCommand=x" }) ?? "", /no machine/);
  assert.match(check({ host: "a", profile: "command" }) ?? "", /no command/);
  assert.match(check({ host: "a", environment: { A: "1\n2" } }) ?? "", /line break/);
  assert.equal(check({ host: "me@a" }), undefined);
});
