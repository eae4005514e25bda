import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { workspaceOf } from "../../search/scratch.ts";
import { badServer, callOf, linesOf, outsideServer, variable } from "./startServer.ts";

test("a server that ends at once is reported with its command, end and last lines", async (t) => {
  const server = badServer(t, "exits");
  const outcome = await server.tools();
  assert.equal(outcome.type, "failed");
  const { code, message, detail } = outcome.failure;
  assert.equal(code, "tool_unavailable");
  assert.match(
    message,
    /^The tool server `bad` did not start: it ended with code 3 before it answered\./,
  );
  assert.match(message, /Its last lines on stderr:\nreason 26\n.*\nreason 30\n/s);
  assert.match(
    message,
    /Run `.*badServer\.ts exits ''` in a terminal to see more, or correct \.mcp\.json:3:5\.$/,
  );
  const { stderr, end } = detail as { stderr: string[]; end: unknown };
  assert.deepEqual([stderr.length, stderr[0], stderr.at(-1)], [20, "reason 11", "reason 30"]);
  assert.deepEqual(end, { code: 3, signal: null });
  assert.equal(server.status().status, "failed");
});

test("a command that does not exist says so", async (t) => {
  const outcome = await outsideServer(t, "none", { command: "no-such-server-here" }).tools();
  assert.equal(outcome.type, "failed");
  assert.match(
    outcome.failure.message,
    /`none` did not start: There is no command `no-such-server-here`/,
  );
  assert.match(outcome.failure.message, /\.mcp\.json:3:5/);
});

test("a server that hangs at the handshake is given up and stopped", async (t) => {
  const server = badServer(t, "hangs", "", { startTimeoutMs: 700 });
  const outcome = await server.tools();
  assert.equal(outcome.type, "failed");
  assert.match(
    outcome.failure.message,
    /did not start: it did not answer the MCP handshake in time/,
  );
});

test("a server that prints something else shows it", async (t) => {
  const outcome = await badServer(t, "garbage", "", { startTimeoutMs: 700 }).tools();
  assert.equal(outcome.type, "failed");
  assert.match(
    outcome.failure.message,
    /It wrote something else to stdout: "Listening on port 3000"/,
  );
});

test("a server that ends at the newer handshake is asked in the older way", async (t) => {
  const log = join(await workspaceOf(t, {}), "log");
  const server = badServer(t, "strict", log);
  const outcome = await server.call(callOf("work"));
  assert.equal(outcome.type, "completed");
  assert.deepEqual(await linesOf(log), ["start", "start", "call work"]);
});

test("a server that dies in a call leaves the outcome unknown, and the next call starts it anew", async (t) => {
  const log = join(await workspaceOf(t, {}), "log");
  const server = badServer(t, "dies", log);
  for (let round = 0; round < 2; round++) {
    const outcome = await server.call(callOf("work"));
    assert.equal(outcome.type, "unknown");
    assert.equal(outcome.failure.code, "network");
    assert.equal(
      outcome.failure.message,
      "The connection to `bad` was lost before the answer came; whether `bad.work` has run is not known. Its process ended with code 7. Its last lines on stderr:\nout of cheese\n",
    );
  }
  assert.deepEqual(
    await linesOf(log),
    ["start", "call work", "start", "call work"],
    "never called twice for one",
  );
});

test("a call without an answer in time is unknown; before it was sent it is a plain failure", async (t) => {
  const log = join(await workspaceOf(t, {}), "log");
  const silent = badServer(t, "silent", log);
  await silent.tools();
  const late = await silent.call({ ...callOf("work"), timeoutMs: 200 });
  assert.equal(late.type, "unknown");
  assert.equal(late.failure.code, "timeout");
  assert.deepEqual(await linesOf(log), ["start", "call work"]);

  const hanging = badServer(t, "hangs");
  const never = await hanging.call({ ...callOf("work"), timeoutMs: 300 });
  assert.equal(never.type, "failed");
  assert.equal(never.failure.code, "timeout");
  assert.match(never.failure.message, /no tool was called/);
});

test("a cancelled call settles at once and is unknown", async (t) => {
  const server = badServer(t, "silent");
  await server.tools();
  const stop = new AbortController();
  const call = server.call({ ...callOf("work"), signal: stop.signal });
  const timer = setTimeout(() => stop.abort(new Error("cancelled")), 100);
  t.after(() => clearTimeout(timer));
  const outcome = await call;
  assert.equal(outcome.type, "unknown");
  assert.equal(outcome.failure.code, "cancelled");
});

test("an answer against the tool's own schema is not taken", async (t) => {
  const outcome = await badServer(t, "").call(callOf("lies"));
  assert.equal(outcome.type, "failed");
  assert.equal(outcome.failure.code, "invalid_output");
  assert.match(outcome.failure.message, /`bad\.lies` answered against its own output schema/);
});

test("a variable without a value stops the start and is named", async (t) => {
  const settings = { command: "node", args: [variable("env:FERMATA_NO_SUCH")] };
  const outcome = await outsideServer(t, "needy", settings).tools();
  assert.equal(outcome.type, "failed");
  assert.match(
    outcome.failure.message,
    /`needy` needs `\$\{env:FERMATA_NO_SUCH\}`, which has no value here/,
  );
});

test("many callers share one start", async (t) => {
  const log = join(await workspaceOf(t, {}), "log");
  const server = badServer(t, "", log);
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => server.call(callOf("work"))));
  assert.ok(outcomes.every((outcome) => outcome.type === "completed"));
  assert.equal((await linesOf(log)).filter((line) => line === "start").length, 1);
});
