import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../../src/process/run.ts";
import { isAlive, PLAIN_ENV, readPids, readText, scratch, until } from "./until.ts";

const env = PLAIN_ENV;
const sh = (script: string) => ["/bin/sh", "-c", script];

test("collects output, code and duration", async (t) => {
  const lines: string[] = [];
  const result = await runCommand({
    command: sh("cat; echo two >&2; sleep 0.1; exit 4"),
    cwd: await scratch(t),
    env,
    input: "one",
    onLine: (stream, line) => lines.push(`${stream}: ${line}`),
  });
  const { duration, ...rest } = result;
  assert.ok(duration >= 0.1 && duration < 10, `${duration} s`);
  assert.deepEqual(rest, {
    exitCode: 4,
    signal: null,
    stdout: "one",
    stderr: "two\n",
    truncated: false,
    stopped: false,
    gone: "gone",
  });
  assert.deepEqual(lines.sort(), ["stderr: two", "stdout: one"]);
});

test("a flood of output keeps memory and both ends", async (t) => {
  const before = process.memoryUsage.rss();
  const command = sh("echo first; yes | head -c 30000000; echo last");
  const result = await runCommand({ command, cwd: await scratch(t), env });
  const grownMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
  assert.equal(result.truncated, true);
  assert.equal(result.stdout.length < 1.01 * 2 ** 20, true);
  assert.equal(result.stdout.slice(0, 8), "first\ny\n");
  assert.equal(result.stdout.slice(-7), "\ny\nlast\n".slice(-7));
  assert.equal(/\[.*\]/.exec(result.stdout)?.[0], "[... 28951435 bytes left out ...]");
  assert.ok(grownMiB < 60, `${grownMiB} MiB more`);
});

test("output that is no UTF-8 is still a result", async (t) => {
  const command = sh("printf 'a\\377\\n'");
  assert.equal((await runCommand({ command, cwd: await scratch(t), env })).stdout, "a\uFFFD\n");
});

test("lets a script open its own output again by name", async (t) => {
  const script =
    "echo one > /dev/stdout; echo two > /dev/stderr; echo three | tee /dev/stderr; exit 5";
  const cwd = await scratch(t);
  const result = await runCommand({ command: sh(script), cwd, env, reopenable: true });
  assert.equal(result.stdout, "one\nthree\n");
  assert.equal(result.stderr, "two\nthree\n");
  assert.equal(result.exitCode, 5);
});

test("output that can be opened again is whole, blocks its writer and leaves no files", async (t) => {
  const cwd = await scratch(t);
  const { TMPDIR = "/tmp" } = process.env;
  t.after(() => {
    process.env.TMPDIR = TMPDIR;
  });
  process.env.TMPDIR = cwd;
  const command = sh("head -c 3000000 /dev/zero | tr '\\0' x | cat; true");
  const result = await runCommand({ command, cwd, env, reopenable: true, maxOutputBytes: 4e6 });
  assert.equal(result.stdout.length, 3_000_000);
  assert.equal(result.exitCode, 0);
  assert.equal(result.stderr, "");
  assert.deepEqual(readdirSync(cwd), []);
});

test("an abort stops the tree and says what there was until then", async (t) => {
  const cwd = await scratch(t);
  const cancel = new AbortController();
  const script = "echo before; setsid sleep 300 & echo $! >> pids; echo $$ >> pids; wait";
  const running = runCommand({ command: sh(script), cwd, env, signal: cancel.signal });
  const pids = await until("two processes", () => readPids(join(cwd, "pids"), 2));
  cancel.abort();
  const result = await running;
  assert.equal(result.stopped, true);
  assert.equal(result.stdout, "before\n");
  assert.equal(result.gone, "gone");
  assert.deepEqual(pids.filter(isAlive), []);
});

test("an aborted signal starts nothing", async (t) => {
  const cwd = await scratch(t);
  const signal = AbortSignal.abort(new Error("cancelled"));
  await assert.rejects(
    runCommand({ command: sh("echo > started"), cwd, env, signal }),
    /cancelled/,
  );
  assert.equal(readText(join(cwd, "started")), "");
});

test("a stream that somebody holds open proves that the tree is not gone", async (t) => {
  const cwd = await scratch(t);
  // Leaves group, session, parents and environment between two looks: only the open stream betrays it.
  const fleeing =
    "env -i setsid /bin/sh -c '/bin/sh -c \"echo \\$\\$ >> pids; exec sleep 300\" & exit' &";
  const result = await runCommand({ command: sh(`${fleeing} sleep 0.3`), cwd, env });
  const [escaped = 0] = await until("the escape", () => readPids(join(cwd, "pids"), 1));
  t.after(() => process.kill(escaped, "SIGKILL"));
  assert.equal(result.exitCode, 0);
  assert.equal(result.gone, "unproven");
});

test("keeps what a quick command prints, however late this process gets to it", async (t) => {
  const cwd = await scratch(t);
  // While this process is busy with another's output, commands start, print and end; their ends may be seen first.
  const talker = spawn("sh", ["-c", "while :; do echo; sleep 0.01; done"]);
  t.after(() => talker.kill());
  talker.stdout.on("data", () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  });
  const commands = Array.from({ length: 40 }, (_, number) => sh(`echo ${number}`));
  const results = await Promise.all(commands.map((command) => runCommand({ command, cwd, env })));
  const printed = results.map(({ stdout }) => stdout);
  assert.deepEqual(
    printed,
    commands.map((_, number) => `${number}\n`),
  );
});
