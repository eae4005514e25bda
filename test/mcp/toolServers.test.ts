import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openToolServers, type ToolServersOptions } from "../../src/mcp/toolServers.ts";
import { spawnGuarded } from "../../src/process/spawn.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { workspaceOf } from "../search/scratch.ts";
import { BAD_SERVER, linesOf } from "./client/startServer.ts";

async function serversOf(
  t: TestContext,
  servers: object,
  options: Partial<ToolServersOptions> = {},
) {
  const workspace = await workspaceOf(t, {
    ".mcp.json": JSON.stringify({ mcpServers: servers }),
    "a.md": "The zeppelin is blue.\n",
  });
  const stateFolder = await workspaceOf(t, {});
  const opened = await openToolServers({
    workspace,
    stateFolder,
    trusted: () => true,
    settings: {},
    spawn: spawnGuarded,
    environment: process.env,
    version: "0.0.0",
    ...options,
  });
  t.after(() => opened.dispose());
  return { opened, workspace, stateFolder };
}

function bad(mode: string, log = ""): object {
  return { command: process.execPath, args: [BAD_SERVER, mode, log] };
}

const call = (parameters: JsonObject) => ({
  parameters,
  key: "run_1/step",
  signal: new AbortController().signal,
});

test("built-in servers answer without any configuration", async (t) => {
  const { opened } = await serversOf(t, {});
  assert.deepEqual(await opened.names(), ["memory", "web", "workspace"]);
  const saved = await opened.call("memory.save", call({ key: "k", value: 1 }));
  assert.deepEqual(saved, { type: "completed", result: { success: true, key: "k" } });
  const found = await opened.call("web.search", call({ query: "zeppelin" }));
  assert.match(JSON.stringify(found), /"sources":\["a\.md#L1"\]/);
  const described = await opened.describe("memory.add");
  assert.equal(described.type, "tool");
  assert.equal(described.info.effects, "repeatable");
});

test("unknown names say what was probably meant", async (t) => {
  const { opened } = await serversOf(t, { x: {} });
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      "memry.save",
      /There is no tool server `memry`\. Did you mean `memory`\? Known: memory, web, workspace, x\./,
    ],
    [
      "github.issue",
      /There is no tool server `github`\. Add it to \.mcp\.json, or use one of these: memory/,
    ],
    [
      "memory.sav",
      /The tool server `memory` has no tool `sav`\. Did you mean `memory\.save`\? It has: save, add/,
    ],
    ["memory", /`memory` names no tool: write `server\.tool`/],
    ["memory.", /names no tool/],
    [".save", /names no tool/],
    [
      "x.y",
      /`x` is not usable as it is configured\. \.mcp\.json:1:16: error: `x` needs a `command`/,
    ],
    ["constructor.call", /There is no tool server `constructor`/],
  ];
  for (const [name, expected] of cases) {
    const described = await opened.describe(name);
    assert.equal(described.type, "failed");
    assert.equal(described.failure.code, "tool_unavailable");
    assert.match(described.failure.message, expected);
  }
});

test("an untrusted workspace starts no process and answers nothing", async (t) => {
  const log = join(await workspaceOf(t, {}), "log");
  const { opened } = await serversOf(t, { bad: bad("", log) }, { trusted: () => false });
  for (const name of ["bad.work", "memory.save"]) {
    const described = await opened.describe(name);
    assert.equal(described.type === "failed" && described.failure.code, "untrusted");
    const outcome = await opened.call(name, call({}));
    assert.equal(outcome.type === "failed" && outcome.failure.code, "untrusted");
  }
  assert.deepEqual(await linesOf(log), [""], "never started");
  assert.deepEqual(
    await opened.names(),
    ["bad", "memory", "web", "workspace"],
    "looking is allowed",
  );
});

test("a configured server takes the place of a built-in one, and says so", async (t) => {
  const { opened } = await serversOf(t, { memory: bad("") });
  const described = await opened.describe("memory.work");
  assert.equal(described.type, "tool");
  const [state] = opened.states().filter(({ name }) => name === "memory");
  assert.equal(state?.replacesBuiltIn, true);
  assert.equal(state?.origin, ".mcp.json:1:16");
  assert.equal(state?.status.status, "connected");
});

test("a mended configuration counts at once; servers that did not change are kept", async (t) => {
  const log = join(await workspaceOf(t, {}), "log");
  const { opened, workspace } = await serversOf(t, {
    keep: bad("", log),
    mend: { command: "no-such" },
  });
  assert.equal((await opened.describe("keep.work")).type, "tool");
  const missing = await opened.describe("mend.work");
  assert.match(missing.type === "failed" ? missing.failure.message : "", /no command `no-such`/);
  const text = JSON.stringify({ mcpServers: { mend: bad(""), keep: bad("", log) } });
  await writeFile(join(workspace, ".mcp.json"), text);
  assert.equal((await opened.describe("mend.work")).type, "tool");
  assert.equal((await opened.describe("keep.work")).type, "tool");
  assert.deepEqual(await linesOf(log), ["start"]);
  await writeFile(join(workspace, ".mcp.json"), "{}");
  const gone = await opened.describe("keep.work");
  assert.match(
    gone.type === "failed" ? gone.failure.message : "",
    /There is no tool server `keep`/,
  );
});

test("diagnostics of the configuration are at hand, and nothing runs after dispose", async (t) => {
  const { opened } = await serversOf(t, { bad: bad(""), x: 1 });
  assert.equal(opened.diagnostics()[0]?.fileName, ".mcp.json");
  await opened.describe("bad.work");
  await opened.dispose();
  const described = await opened.describe("bad.work");
  assert.equal(described.type, "failed");
});
