import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ToolServer } from "../../../src/mcp/toolServer.ts";
import { workspaceOf } from "../../search/scratch.ts";
import { callOf, outsideServer, ROOT, variable } from "./startServer.ts";

const PACKAGES = join(ROOT, "node_modules", "@modelcontextprotocol");
const EVERYTHING = join(PACKAGES, "server-everything", "dist", "index.js");

async function effectsOf(server: ToolServer): Promise<Record<string, string>> {
  const outcome = await server.tools();
  assert.equal(outcome.type, "tools", JSON.stringify(outcome));
  return Object.fromEntries(outcome.tools.map((tool) => [tool.name, tool.effects]));
}

test("server-everything over stdio: listed, called, kept, told its key", async (t) => {
  const settings = {
    command: process.execPath,
    args: [EVERYTHING, "stdio"],
    env: { FLAVOUR: variable("env:FLAVOUR") },
  };
  const server = outsideServer(t, "every", settings, {
    environment: { ...process.env, FLAVOUR: "plum", MY_TOKEN: "secret" },
  });
  const effects = await effectsOf(server);
  assert.equal(effects["get-sum"], "repeatable");
  assert.equal(effects["toggle-simulated-logging"], "once");

  const echoed = await server.call(callOf("echo", { message: "hi" }));
  assert.deepEqual(echoed, {
    type: "completed",
    result: { content: [{ type: "text", text: "Echo: hi" }] },
  });
  const structured = await server.call(callOf("get-structured-content", { location: "New York" }));
  assert.deepEqual(structured, {
    type: "completed",
    result: { temperature: 33, conditions: "Cloudy", humidity: 82 },
  });
  const wrong = await server.call(callOf("get-sum", { a: "x" }));
  assert.equal(wrong.type, "failed");
  assert.equal(wrong.failure.code, "tool_error");
  assert.match(wrong.failure.message, /`every\.get-sum` reported an error: .*expected number/s);

  const told: string[] = [];
  const long = callOf("trigger-long-running-operation", { duration: 0.2, steps: 2 });
  await server.call({ ...long, progress: (text) => told.push(text) });
  assert.ok(told.includes("1 of 2"), told.join());

  const environment = JSON.stringify(await server.call(callOf("get-env")));
  assert.match(environment, /FLAVOUR.*plum/);
  assert.doesNotMatch(environment, /MY_TOKEN/, "secrets of ours are not handed on");

  const status = server.status();
  assert.equal(status.status, "connected");
  await server.dispose();
  assert.throws(() => process.kill(status.pid ?? 0, 0), "its process is gone");
});

test("server-filesystem over stdio, its folder given by a variable", async (t) => {
  const workspace = await workspaceOf(t, { "hello.txt": "hello from the file" });
  const script = join(PACKAGES, "server-filesystem", "dist", "index.js");
  const settings = { command: process.execPath, args: [script, variable("workspaceFolder")] };
  const server = outsideServer(t, "files", settings, { workspace });
  const effects = await effectsOf(server);
  assert.equal(effects.read_text_file, "repeatable");
  assert.equal(effects.edit_file, "once");
  const path = join(workspace, "hello.txt");
  const read = await server.call(callOf("read_text_file", { path }));
  assert.deepEqual(read, { type: "completed", result: { content: "hello from the file" } });
  const outside = await server.call(callOf("read_text_file", { path: "/etc/hostname" }));
  assert.equal(outside.type, "failed");
});

test("server-everything over streamable HTTP: called, lost in a call, connected anew", async (t) => {
  const port = await freePort();
  let running = await startHttp(t, port);
  const settings = {
    type: "http",
    url: `http://127.0.0.1:${port}/mcp`,
    headers: { "x-test": "1" },
  };
  const server = outsideServer(t, "every", settings);
  const echoed = await server.call(callOf("echo", { message: "hi" }));
  assert.deepEqual(echoed, {
    type: "completed",
    result: { content: [{ type: "text", text: "Echo: hi" }] },
  });

  const long = callOf("trigger-long-running-operation", { duration: 60, steps: 600 });
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const lost = server.call({ ...long, progress: () => resolve() });
  await begun;
  running.kill("SIGKILL");
  await once(running, "exit");
  const outcome = await lost;
  assert.equal(outcome.type, "unknown", JSON.stringify(outcome));
  assert.equal(outcome.failure.code, "network");

  const down = await server.call(callOf("echo", { message: "hi" }));
  assert.equal(down.type, "failed");
  assert.match(
    down.failure.message,
    /cannot be reached at http:\/\/127\.0\.0\.1:\d+\/mcp: ECONNREFUSED/,
  );

  running = await startHttp(t, port);
  const again = await server.call(callOf("echo", { message: "again" }));
  assert.equal(again.type, "completed");
});

test("a server of the 2026 protocol only, over stdio, sees the task's key", async (t) => {
  const script = join(import.meta.dirname, "..", "servers", "modernServer.ts");
  const server = outsideServer(t, "modern", { command: process.execPath, args: [script] });
  assert.deepEqual(await effectsOf(server), { whoami: "repeatable" });
  const outcome = await server.call(callOf("whoami"));
  assert.match(JSON.stringify(outcome), /fermata\/idempotencyKey.*run_1\/step/);
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function startHttp(t: Pick<TestContext, "after">, port: number) {
  const started = spawn(process.execPath, [EVERYTHING, "streamableHttp"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => started.kill("SIGKILL"));
  for await (const chunk of started.stderr) if (String(chunk).includes("listening")) break;
  return started;
}
