import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isAlive, PLAIN_ENV, scratch, until } from "./until.ts";

/** A guard spoken to over its own protocol, as far as the first message, `ready`. */
async function openGuard(t: TestContext) {
  const cwd = await scratch(t);
  const guardRecord = join(cwd, "guard.json");
  const script = fileURLToPath(new URL("../../src/process/guardMain.ts", import.meta.url));
  const guard = spawn(process.execPath, ["--no-warnings", script, guardRecord], {
    env: { ...PLAIN_ENV, FERMATA_TASK: "0123456789abcdef" },
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const control = guard.stdio[3] as Duplex;
  const [first] = await once(control.setEncoding("utf8"), "data");
  assert.match(String(first), /^\{"type":"ready"/);
  const start = {
    type: "start",
    command: ["touch", "started"],
    cwd,
    env: PLAIN_ENV,
    verbatim: false,
  };
  return { cwd, guardRecord, guard, control, start: `${JSON.stringify(start)}\n` };
}

test("is on record before it can be told to start anything", async (t) => {
  const { guardRecord, control, guard } = await openGuard(t);
  assert.equal(existsSync(guardRecord), true);
  control.destroy();
  await once(guard, "exit");
});

test("starts nothing for a host that died before it said so", async (t) => {
  const { cwd, guardRecord, control, guard } = await openGuard(t);
  control.destroy();
  await once(guard, "exit");
  assert.equal(existsSync(guardRecord), false);
  assert.equal(existsSync(join(cwd, "started")), false);
});

test("starts a command once, whatever it is told", async (t) => {
  const { cwd, control, guard, start } = await openGuard(t);
  const said: string[] = [];
  control.on("data", (text) => said.push(String(text)));
  control.write(start + start);
  await once(guard, "exit");
  assert.equal(existsSync(join(cwd, "started")), true);
  assert.equal(said.join("").match(/"started"/g)?.length, 1);
});

test("stops on a signal as it does for a dead host", async (t) => {
  const { control, guard, start } = await openGuard(t);
  const message = JSON.parse(start);
  let pid = 0;
  control.on("data", (text) => {
    pid = Number(/"pid":(\d+)/.exec(String(text))?.[1] ?? pid);
  });
  control.write(`${JSON.stringify({ ...message, command: ["sleep", "300"] })}\n`);
  await until("the command", () => pid > 0 && isAlive(pid));
  guard.kill("SIGTERM");
  await once(guard, "exit");
  assert.equal(isAlive(pid), false);
});

test("leaves a line to elsewhere the time it was given, once its host is dead, to end what is there", async (t) => {
  const { cwd, control, guard, start } = await openGuard(t);
  const script = "trap 'touch asked' TERM; touch begun; sleep 1; touch done";
  const order = { ...JSON.parse(start), command: ["/bin/sh", "-c", script], lingerMs: 30_000 };
  control.write(`${JSON.stringify(order)}\n`);
  await until("the command", () => existsSync(join(cwd, "begun")));
  control.destroy();
  await once(guard, "exit");
  assert.deepEqual([existsSync(join(cwd, "done")), existsSync(join(cwd, "asked"))], [true, false]);
});
