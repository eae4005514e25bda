/** `npm start` as a person types it: what its options say, and that only our own sample needs nobody's trust. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Ended, endOf, makePlace } from "./cli/spawnCli.ts";

const START = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url));
const place = makePlace();
after(() => place.remove());

function start(...args: readonly string[]): Promise<Ended> {
  const { workspace, env } = place;
  return endOf(spawn(process.execPath, [START, ...args], { cwd: workspace, env, stdio: "pipe" }));
}

test("help says what it can be told", async () => {
  const { code, stdout } = await start("--help");
  assert.equal(code, 0);
  for (const option of ["--terminal", "--workspace", "--editor", "--port", "--answers"])
    assert.ok(stdout.includes(option), option);
});

test("a folder of the person's is not trusted for being named, however it is named", async () => {
  const task = ["--input", "task_description=Add rate limiting"];
  for (const named of [
    ["--workspace", place.workspace],
    [`--workspace=${place.workspace}`],
    ["-w", "."],
  ]) {
    const { code, stderr } = await start("--terminal", ...named, ...task);
    assert.equal(code, 6, `${named}: ${stderr}`);
    assert.ok(stderr.includes(place.workspace), stderr);
  }
});
