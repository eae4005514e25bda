import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { spawnGuarded } from "../../src/process/spawn.ts";
import { SpawnError } from "../../src/process/spawnError.ts";
import { isAlive, PLAIN_ENV, readPids, readText, scratch, until } from "./until.ts";

const env = PLAIN_ENV;

test("hands over the command's streams and its exit code", async (t) => {
  const cwd = await scratch(t);
  const command = ["/bin/sh", "-c", 'read line; echo "got $line in $PWD"; echo bad >&2; exit 3'];
  const child = await spawnGuarded({ command, cwd, env, stdin: "pipe" });
  child.stdin.end("one\n");
  const [stdout, stderr, exited, gone] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exited,
    child.gone,
  ]);
  assert.equal(stdout, `got one in ${cwd}\n`);
  assert.equal(stderr, "bad\n");
  assert.deepEqual({ ...exited, ms: 0 }, { code: 3, signal: null, ms: 0 });
  assert.equal(gone, "gone");
});

test("gives the command the environment it was told and the marker, nothing else", async (t) => {
  const cwd = await scratch(t);
  const child = await spawnGuarded({ command: ["env"], cwd, env: { ...env, ONE: "1" } });
  const names = (await text(child.stdout)).split("\n").map((line) => line.split("=")[0]);
  assert.deepEqual(names.sort(), ["", "FERMATA_TASK", "ONE", "PATH"]);
});

test("leaves no file of the guard open in the command", { skip: noProc() }, async (t) => {
  const command = ["/bin/sh", "-c", "ls /proc/self/fd"];
  const child = await spawnGuarded({ command, cwd: await scratch(t), env });
  const bare = spawnSync("/bin/sh", ["-c", "ls /proc/self/fd"], { encoding: "utf8" });
  assert.equal(await text(child.stdout), bare.stdout);
});

test("reports the signal that ended the command", async (t) => {
  const command = ["/bin/sh", "-c", "kill -9 $$"];
  const child = await spawnGuarded({ command, cwd: await scratch(t), env });
  assert.equal((await child.exited).signal, "SIGKILL");
});

test("writes the guard record before the command starts and removes it when all is gone", async (t) => {
  const cwd = await scratch(t);
  const guardRecord = join(cwd, "guard.json");
  const command = ["/bin/sh", "-c", "cat guard.json"];
  const child = await spawnGuarded({ command, cwd, env, guardRecord });
  const [first = ""] = (await text(child.stdout)).split("\n");
  assert.match(first, /"guard":\{"pid":\d+,"start":\d+\}.*"marker":"[0-9a-f]{32}"/);
  assert.equal(await child.gone, "gone");
  assert.equal(existsSync(guardRecord), false);
});

test("starts nothing when the guard record cannot be written", async (t) => {
  const cwd = await scratch(t);
  const command = ["/bin/sh", "-c", "echo started > started"];
  const guardRecord = join(cwd, "missing", "guard.json");
  const error = await refusal({ command, cwd, env, guardRecord });
  assert.equal(error.failure.code, "internal");
  assert.equal(existsSync(join(cwd, "started")), false);
});

test("says that a guard did not run", async (t) => {
  const cwd = await scratch(t);
  const error = await refusal({ command: ["true"], cwd, env, guardScript: join(cwd, "none.mjs") });
  assert.equal(error.failure.code, "internal");
  assert.match(error.message, /The guard of `true` did not run/);
});

test("says which command does not exist and where it was searched", async (t) => {
  const cwd = await scratch(t);
  const error = await refusal({
    command: ["no-such-command", "x"],
    cwd,
    env: { PATH: "/bin:/opt" },
  });
  assert.equal(error.code, "ENOENT");
  assert.equal(error.said, "There is no command `no-such-command`. Searched: /bin:/opt.");
  assert.deepEqual(error.failure, {
    code: "tool_unavailable",
    message:
      "There is no command `no-such-command`. Searched: /bin:/opt. Install it, or give its full path.",
    detail: { command: "no-such-command", cwd, path: "/bin:/opt" },
  });
});

test("says where a program is missing that is given by its path", async (t) => {
  const cwd = await scratch(t);
  for (const name of ["./tools/agent", join(cwd, "tools/agent")]) {
    const { failure } = await refusal({ command: [name], cwd, env: { PATH: "/bin" } });
    assert.equal(
      failure.message,
      `There is no program ${join(cwd, "tools/agent")}. Put it there, or correct the path.`,
    );
  }
});

test("tells a file that is not executable, a lost interpreter and a missing folder apart", async (t) => {
  const cwd = await scratch(t);
  await writeFile(join(cwd, "plain"), "echo\n", { mode: 0o644 });
  await writeFile(join(cwd, "lost"), "#!/no/such/interpreter\n", { mode: 0o755 });
  const plain = await refusal({ command: [join(cwd, "plain")], cwd, env });
  assert.match(plain.message, /plain` is not executable\. Make it so/);
  const lost = await refusal({ command: [join(cwd, "lost")], cwd, env });
  assert.match(
    lost.message,
    /lost but the system cannot run it; the program named in its first line/,
  );
  const nowhere = await refusal({ command: ["true"], cwd: join(cwd, "nowhere"), env });
  assert.match(nowhere.message, /working folder .*nowhere does not exist/);
  assert.equal(nowhere.failure.code, "invalid_input");
});

test("refuses what no system can run: a NUL, too long an argument", async (t) => {
  const cwd = await scratch(t);
  const nul = await refusal({ command: ["echo", "a\0b"], cwd, env });
  assert.equal(nul.failure.code, "invalid_input");
  const long = await refusal({ command: ["echo", "x".repeat(3 << 20)], cwd, env });
  assert.equal(long.code, "E2BIG");
});

test("stops a whole tree: deaf to SIGTERM, in its own session, without environment", async (t) => {
  const cwd = await scratch(t);
  await writeFile(join(cwd, "deaf.sh"), DEAF);
  const child = await spawnGuarded({ command: ["/bin/sh", "deaf.sh"], cwd, env });
  const pids = await until("four processes", () => readPids(join(cwd, "pids"), 4));
  const begun = performance.now();
  const asked = until("the polite signal", () => readText(join(cwd, "asked")) !== "");
  const stopped = child.stop();
  await asked;
  assert.ok(performance.now() - begun < 1000, "asked within a second");
  assert.equal(await stopped, "gone");
  assert.ok(performance.now() - begun < 5000, "killed within five seconds");
  assert.deepEqual(pids.filter(isAlive), []);
});

test("stops what a command leaves behind when it ends by itself", async (t) => {
  const cwd = await scratch(t);
  const script = "sleep 300 & echo $! >> pids; setsid sleep 300 & echo $! >> pids; exit 0";
  const child = await spawnGuarded({ command: ["/bin/sh", "-c", script], cwd, env });
  assert.equal((await child.exited).code, 0);
  assert.equal(await child.gone, "gone");
  const pids = readPids(join(cwd, "pids"), 2) ?? [];
  assert.deepEqual(pids.filter(isAlive), []);
  assert.equal(pids.length, 2);
});

test("lets what a command leaves behind end by itself for a moment", async (t) => {
  const cwd = await scratch(t);
  const script = "trap 'echo asked > asked' TERM; (sleep 0.05; echo done > done) & exit 0";
  const child = await spawnGuarded({ command: ["/bin/sh", "-c", script], cwd, env });
  assert.equal(await child.gone, "gone");
  assert.equal(readText(join(cwd, "done")), "done\n");
});

test("ends a command that waits for input by ending its input", async (t) => {
  const cwd = await scratch(t);
  const script = "trap 'echo asked > asked' TERM; cat; echo bye";
  const child = await spawnGuarded({
    command: ["/bin/sh", "-c", script],
    cwd,
    env,
    stdin: "pipe",
  });
  const output = text(child.stdout);
  assert.equal(await child.stop(), "gone");
  assert.equal(await output, "bye\n");
  assert.equal(existsSync(join(cwd, "asked")), false);
});

test("ends the tree itself when the guard is killed", { skip: noProc() }, async (t) => {
  const cwd = await scratch(t);
  const guardRecord = join(cwd, "guard.json");
  const command = ["/bin/sh", "-c", "setsid sleep 300 & echo $! >> pids; echo $$ >> pids; wait"];
  const child = await spawnGuarded({ command, cwd, env, guardRecord });
  const pids = await until("two processes", () => readPids(join(cwd, "pids"), 2));
  process.kill(JSON.parse(readText(guardRecord).split("\n")[0] ?? "").guard.pid, "SIGKILL");
  assert.deepEqual({ ...(await child.exited), ms: 0 }, { code: null, signal: null, ms: 0 });
  assert.equal(await child.gone, "gone");
  assert.deepEqual(pids.filter(isAlive), []);
  assert.equal(existsSync(guardRecord), false);
});

test("a guard killed while it starts the command leaves nothing behind", {
  skip: noProc(),
}, async (t) => {
  const cwd = await scratch(t);
  const guardScript = join(cwd, "guard.mjs");
  await writeFile(guardScript, DYING_GUARD);
  const child = await spawnGuarded({ command: ["unused"], cwd, env, guardScript });
  const [pid = 0] = await until("the command", () => readPids(join(cwd, "pids"), 1));
  assert.equal((await child.exited).code, null, "started, and nobody saw its end");
  assert.equal(await child.gone, "gone");
  assert.equal(isAlive(pid), false);
});

/** Says that it is ready, starts something when told to, and dies before it can say so. */
const DYING_GUARD = `
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
const stat = readFileSync("/proc/self/stat", "latin1");
const start = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
const control = new Socket({ fd: 3 });
control.on("data", () => {
  const { pid } = spawn("sleep", ["300"], { detached: true, stdio: "inherit" });
  writeFileSync("pids", pid + "\\n");
  process.kill(process.pid, "SIGKILL");
});
control.write(JSON.stringify({ type: "ready", start }) + "\\n");
`;

/** Four processes that ignore or note SIGTERM: itself, a child, one in its own session, one without environment. */
const DEAF = `
trap 'echo asked >> asked' TERM
deaf='trap "" TERM; echo $$ >> pids; while :; do sleep 0.2; done'
echo $$ >> pids
/bin/sh -c "$deaf" &
setsid /bin/sh -c "$deaf" &
env -i /bin/sh -c "$deaf" &
while :; do sleep 0.1; done
`;

async function refusal(options: Parameters<typeof spawnGuarded>[0]): Promise<SpawnError> {
  return await spawnGuarded(options).then(
    () => assert.fail("it started"),
    (error: unknown) => (error instanceof SpawnError ? error : assert.fail(String(error))),
  );
}

function noProc(): string | false {
  return existsSync("/proc/self/stat") ? false : "needs /proc";
}
