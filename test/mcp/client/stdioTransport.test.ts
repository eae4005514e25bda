/** What a server said before it ended is known when the connection is over, in whatever order it arrives. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { StdioTransport } from "../../../src/mcp/client/stdioTransport.ts";

test("the end waits for the last words on stderr, though stdout is closed and the process gone", async () => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const transport = new StdioTransport(async () => ({
    pid: 1,
    stdin,
    stdout,
    stderr,
    exited: Promise.resolve({ code: 3, signal: null }),
    stop: async () => undefined,
  }));
  const over = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  await transport.start();
  const closed = new Promise((resolve) => stdout.once("close", resolve));
  stdout.end();
  await closed;
  setImmediate(() => stderr.end("cannot find DATABASE_URL\n"));
  await over;
  assert.deepEqual(transport.evidence, {
    stderr: ["cannot find DATABASE_URL"],
    strays: [],
    end: { code: 3, signal: null },
  });
});

test("a pipe that is held open for good does not keep the connection from ending", async () => {
  const streams = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  const transport = new StdioTransport(async () => ({
    pid: 1,
    ...streams,
    exited: Promise.resolve({ code: 0, signal: null }),
    stop: async () => undefined,
  }));
  const over = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  await transport.start();
  await over;
  assert.deepEqual(transport.evidence.end, { code: 0, signal: null });
});
