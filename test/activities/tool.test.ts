import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { checkParameters, createToolActivity } from "../../src/activities/tool.ts";
import { openToolServers } from "../../src/mcp/toolServers.ts";
import { spawnGuarded } from "../../src/process/spawn.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { BAD_SERVER, linesOf } from "../mcp/client/startServer.ts";
import { workspaceOf } from "../search/scratch.ts";
import { openAttempt } from "./attempt.ts";

const MODERN_SERVER = join(import.meta.dirname, "..", "mcp", "servers", "modernServer.ts");

async function tools(t: TestContext, mode = "") {
  const attempt = await openAttempt(t);
  const log = join(attempt.workspace, "log");
  const bad = { command: process.execPath, args: [BAD_SERVER, mode, log] };
  const modern = { command: process.execPath, args: [MODERN_SERVER] };
  const workspace = await workspaceOf(t, {
    ".mcp.json": JSON.stringify({ mcpServers: { bad, modern } }),
  });
  const servers = await openToolServers({
    workspace,
    stateFolder: attempt.workspace,
    trusted: () => true,
    settings: {},
    spawn: spawnGuarded,
    environment: process.env,
    version: "0.0.0",
  });
  t.after(() => servers.dispose());
  const activity = createToolActivity({ servers });
  const perform = (tool: string, parameters: JsonObject) =>
    activity({ activity: "tool", tool, parameters }, attempt.context);
  return { attempt, log, perform };
}

test("a tool's answer is the task's result, and the transcript shows both", async (t) => {
  const { attempt, perform } = await tools(t);
  const outcome = await perform("memory.save", { key: "k", value: { a: 1 } });
  assert.deepEqual(outcome, { type: "completed", result: { success: true, key: "k" } });
  assert.deepEqual(attempt.lines, [
    { kind: "tool_call", text: 'memory.save {"key":"k","value":{"a":1}}' },
    { kind: "tool_result", text: '{"success":true,"key":"k"}' },
  ]);
});

test("an outside server is told the task's key", async (t) => {
  const { perform } = await tools(t);
  const outcome = await perform("modern.whoami", {});
  assert.match(JSON.stringify(outcome), /fermata\/idempotencyKey.*run_1\/step/);
});

test("parameters that do not fit are refused before anything is called", async (t) => {
  const { attempt, perform } = await tools(t);
  const outcome = await perform("memory.save", { keey: "k", value: 1 });
  assert.equal(outcome.type, "failed");
  assert.equal(outcome.failure.code, "invalid_input");
  assert.match(
    outcome.failure.message,
    /The parameters of `memory\.save` do not fit: `key` is missing\./,
  );
  assert.deepEqual(attempt.lines, []);
});

test("the first field that does not fit is named", () => {
  const schema = {
    type: "object",
    properties: {
      key: { type: "string", minLength: 1 },
      count: { type: "integer" },
      list: { type: "array", items: { type: "string" } },
      inner: {
        type: "object",
        properties: { x: { enum: ["a", "b"] } },
        additionalProperties: false,
      },
    },
    required: ["key"],
    additionalProperties: false,
  };
  const cases: readonly (readonly [JsonObject, string, RegExp])[] = [
    [{}, "key", /`key` is missing/],
    [{ key: 1 }, "key", /`key` is wrong: .*"number" is invalid\. Expected "string"/],
    [{ key: "k", cuont: 1 }, "cuont", /`cuont` is not taken\. Did you mean `count`\?/],
    [{ key: "k", zzz: 1 }, "zzz", /`zzz` is not taken\. It takes: key, count, list, inner\./],
    [{ key: "k", list: ["a", 1] }, "list.1", /`list\.1` is wrong/],
    [{ key: "k", inner: { x: "c" } }, "inner.x", /`inner\.x` is wrong: .*\["a","b"\]/],
    [{ key: "k", inner: { y: 1 } }, "inner.y", /`inner\.y` is not taken\./],
    [{ key: "", count: 1 }, "key", /`key` is wrong: String is too short/],
  ];
  for (const [parameters, field, expected] of cases) {
    const wrong = checkParameters("s.t", parameters, schema);
    assert.equal(wrong?.code, "invalid_input");
    assert.match(wrong.message, expected);
    assert.deepEqual(wrong.detail, { field, parameters });
  }
  assert.equal(
    checkParameters("s.t", { key: "k", count: 1, list: ["a"], inner: { x: "a" } }, schema),
    undefined,
  );
});

test("a schema that nobody can read leaves the judgement to the server", () => {
  assert.equal(checkParameters("s.t", { a: 1 }, { $ref: "https://example.org/none" }), undefined);
});

test("a server that dies in the call leaves the outcome unknown, called once", async (t) => {
  const { log, perform } = await tools(t, "dies");
  const outcome = await perform("bad.work", {});
  assert.equal(outcome.type, "unknown");
  assert.equal(outcome.failure.code, "network");
  assert.deepEqual(await linesOf(log), ["start", "call work"]);
});

test("an unknown tool and a server that does not start are plain failures", async (t) => {
  const { perform } = await tools(t, "exits");
  const unknown = await perform("memory.sav", {});
  assert.match(
    unknown.type === "failed" ? unknown.failure.message : "",
    /Did you mean `memory\.save`\?/,
  );
  const dead = await perform("bad.work", {});
  assert.equal(dead.type === "failed" && dead.failure.code, "tool_unavailable");
});

test("a cancelled call settles and is unknown", async (t) => {
  const { attempt, perform } = await tools(t, "silent");
  const running = perform("bad.work", {});
  const check = setInterval(() => {
    if (attempt.lines.some(({ kind }) => kind === "tool_call")) attempt.cancel();
  }, 20);
  t.after(() => clearInterval(check));
  const outcome = await running;
  assert.equal(outcome.type, "unknown");
  assert.equal(outcome.failure.code, "cancelled");
});
