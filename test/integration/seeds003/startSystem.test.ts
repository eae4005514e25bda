/** The seed's start script: the six workers as programs of their own, each with a log, stopped by the file of their ids. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pidFileOf, readRunning } from "../../../examples/workers/lib/running.ts";
import { SERVICES } from "../../../examples/workers/services.ts";
import { isObject } from "../../../src/util/json.ts";

const SCRIPT = fileURLToPath(new URL("../../../examples/workers/system.ts", import.meta.url));

test("all are started and asked for their health, told when one is down, and stopped", async (t) => {
  const work = await mkdtemp(join(tmpdir(), "fermata-system-"));
  const say = (command: string) => {
    const words = [SCRIPT, command, "--work", work, "--free-ports"];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    return { status, said: `${stdout}${stderr}` };
  };
  t.after(async () => {
    say("stop");
    await rm(work, { recursive: true, force: true });
  });
  const started = say("start");
  assert.equal(started.status, 0, started.said);
  assert.match(started.said, /^6\/6 services healthy/m);
  const running = readRunning(work);
  assert.deepEqual(
    running.map(({ name }) => name),
    Object.keys(SERVICES),
  );
  for (const { log } of Object.values(SERVICES))
    assert.ok(existsSync(join(work, "logs", `${log}.log`)), log);
  const watcher = running.find(({ name }) => name === "performance") ?? assert.fail();
  const response = await fetch(`${watcher.url}/operations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ operation: "monitor_health" }),
  });
  const { result } = Object(await response.json());
  assert.equal(isObject(result) && result.healthy, 6, "it knows whom to ask");
  assert.match(say("start").said, /running already\. Stop first/);
  process.kill(running[0]?.pid ?? assert.fail(), "SIGKILL");
  const short = say("status");
  assert.deepEqual(
    [short.status, /^5\/6 services healthy/m.test(short.said)],
    [1, true],
    short.said,
  );
  const stopped = say("stop");
  assert.equal(stopped.status, 0, stopped.said);
  assert.ok(!existsSync(pidFileOf(work)));
  for (const { pid } of running) assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});
