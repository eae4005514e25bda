import assert from "node:assert/strict";
import { type ChildProcess, fork, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { awaitGone } from "../../src/process/guardRecord.ts";
import { spawnGuarded } from "../../src/process/spawn.ts";
import { isAlive, PLAIN_ENV, readPids, readText, scratch, until } from "./until.ts";

const onLinux = { skip: existsSync("/proc/self/stat") ? false : "needs /proc" };

/** Three processes: polite, deaf in a session of its own, and an orphan whose parent ended at once. */
const SCRIPT = `
deaf='trap "" TERM; echo $$ >> pids; while :; do sleep 0.2; done'
setsid /bin/sh -c "$deaf" &
(setsid /bin/sh -c "$deaf" &)
echo $$ >> pids
cat
sleep 300
`;

// At once: they mostly wait for the grace that a guard gives.
describe("after the host is dead", { concurrency: true }, () => {
  test("a host killed with -9 takes its whole tree along", onLinux, async (t) => {
    const { host, pids, guardRecord } = await startHost(t);
    host.kill("SIGKILL");
    await until("an end of the tree", () => !pids.some(isAlive), 6000);
    await until("the record's removal", () => !existsSync(guardRecord));
  });

  test("waits for a guard that is still killing", onLinux, async (t) => {
    const { host, pids, guardRecord } = await startHost(t);
    host.kill("SIGKILL");
    assert.equal(await awaitGone(guardRecord), "gone");
    assert.deepEqual(pids.filter(isAlive), []);
    assert.equal(existsSync(guardRecord), false);
  });

  test("does the work of a guard that was killed together with its host", onLinux, async (t) => {
    const { host, pids, guardRecord, guard } = await startHost(t);
    process.kill(guard, "SIGSTOP");
    host.kill("SIGKILL");
    await until("the host's end", () => host.signalCode !== null);
    process.kill(guard, "SIGKILL");
    assert.equal(pids.every(isAlive), true, "nobody else ends them");
    assert.equal(await awaitGone(guardRecord), "gone");
    assert.deepEqual(pids.filter(isAlive), []);
    assert.equal(existsSync(guardRecord), false);
  });

  test("does the work of a guard that hangs", onLinux, async (t) => {
    const { host, pids, guardRecord, guard } = await startHost(t);
    process.kill(guard, "SIGSTOP");
    host.kill("SIGKILL");
    assert.equal(await awaitGone(guardRecord, { patienceMs: 100 }), "gone");
    assert.deepEqual([guard, ...pids].filter(isAlive), []);
  });

  test("a guard inside a guarded command goes with its tree", onLinux, async (t) => {
    const outer = await scratch(t);
    const inner = await scratch(t);
    const host = fileURLToPath(new URL("./host.ts", import.meta.url));
    const command = [
      process.execPath,
      "--no-warnings",
      host,
      inner,
      join(inner, "guard.json"),
      SCRIPT,
    ];
    const nested = await spawnGuarded({ command, cwd: outer, env: PLAIN_ENV });
    const pids = await until("three processes", () => readPids(join(inner, "pids"), 3));
    const guard = guardOf(join(inner, "guard.json"));
    process.kill(guard, "SIGSTOP");
    assert.equal(await nested.stop(), "gone");
    assert.deepEqual([guard, ...pids].filter(isAlive), []);
  });

  test("stops waiting when told to, and then proves nothing", onLinux, async (t) => {
    const { host, pids, guardRecord, guard } = await startHost(t);
    process.kill(guard, "SIGSTOP");
    host.kill("SIGKILL");
    const signal = AbortSignal.abort();
    assert.equal(await awaitGone(guardRecord, { signal }), "unproven");
    assert.equal(existsSync(guardRecord), true);
    assert.equal(pids.every(isAlive), true);
    assert.equal(await awaitGone(guardRecord, { patienceMs: 0 }), "gone");
  });
});

test("no record: nothing was started", async (t) => {
  assert.equal(await awaitGone(join(await scratch(t), "guard.json")), "gone");
});

test("a record that cannot be read proves nothing", async (t) => {
  const file = join(await scratch(t), "guard.json");
  for (const text of [
    "",
    "{",
    '{"guard":{"pid":1}}\n',
    '{"guard":{"pid":1,"start":1},"marker":""}\n',
  ]) {
    await writeFile(file, text);
    assert.equal(await awaitGone(file), "unproven", text);
  }
});

test("another start of the machine proves everything gone", onLinux, async (t) => {
  const file = join(await scratch(t), "guard.json");
  await writeFile(file, record({ boot: "another", space: "" }));
  assert.equal(await awaitGone(file), "gone");
  assert.equal(existsSync(file), false);
});

test("a guard in another process namespace cannot be proven gone", onLinux, async (t) => {
  const file = join(await scratch(t), "guard.json");
  const boot = readText("/proc/sys/kernel/random/boot_id").trim();
  await writeFile(file, record({ boot, space: "pid:[1]" }));
  assert.equal(await awaitGone(file, { patienceMs: 50 }), "unproven");
});

test("spares a stranger who got the guard's and the child's numbers", onLinux, async (t) => {
  const stranger = spawn("sleep", ["300"], { stdio: "ignore", detached: true });
  t.after(() => stranger.kill("SIGKILL"));
  const file = join(await scratch(t), "guard.json");
  const boot = readText("/proc/sys/kernel/random/boot_id").trim();
  const space = await import("node:fs").then((fs) => fs.readlinkSync("/proc/self/ns/pid"));
  const child = { child: { pid: stranger.pid, start: 2 } };
  const text = record({ boot, space }, stranger.pid) + JSON.stringify(child);
  await writeFile(file, `${text}\n`);
  assert.equal(await awaitGone(file), "gone");
  assert.equal(stranger.exitCode ?? stranger.signalCode, null);
  assert.equal(isAlive(stranger.pid ?? 0), true);
});

interface Started {
  readonly host: ChildProcess;
  readonly guard: number;
  readonly pids: readonly number[];
  readonly guardRecord: string;
}

async function startHost(t: TestContext): Promise<Started> {
  const cwd = await scratch(t);
  const guardRecord = join(cwd, "guard.json");
  const program = fileURLToPath(new URL("./host.ts", import.meta.url));
  const host = fork(program, [cwd, guardRecord, SCRIPT], { execArgv: ["--no-warnings"] });
  const pids = await until("three processes", () => readPids(join(cwd, "pids"), 3));
  const guard = guardOf(guardRecord);
  t.after(() => {
    for (const pid of [host.pid ?? 0, guard, ...pids])
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });
  return { host, guard, pids, guardRecord };
}

function guardOf(guardRecord: string): number {
  return JSON.parse(readText(guardRecord).split("\n")[0] ?? "").guard.pid;
}

function record(epoch: object, pid = 1): string {
  return `${JSON.stringify({ guard: { pid, start: 1 }, epoch, marker: "0123456789abcdef" })}\n`;
}
