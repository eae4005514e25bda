/** Every bomb ends within 100 ms of processor time and 16 MB of memory, in a process that has no more. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { allBombs, type BombReport } from "../../expression/bombThread.ts";
import { yardstick } from "../harness/yardstick.ts";

const PROCESS = fileURLToPath(new URL("../../expression/bombProcess.ts", import.meta.url));
// In yardsticks; the goal is 100 ms on a quiet machine, and the longest is printed beside.
const MOST = 8;
const MOST_MB = 16;

test("no bomb takes more time or memory than an expression may", async (t) => {
  const bombs = allBombs();
  const unit = yardstick();
  const mostMs = MOST * unit;
  const printed = await output([PROCESS, String(MOST_MB), String(mostMs)]);
  const [memory, ...lines] = printed.trim().split("\n");
  const reports = lines.map((line): BombReport => JSON.parse(line));
  const next = bombs[reports.length];
  assert.equal(next, undefined, `this one ended the process: ${next?.source.slice(0, 200)}`);
  const slow = reports.filter(({ ms }) => ms > mostMs);
  const full = reports.filter(({ ends }) => ends.startsWith("ERR_"));
  const worst = reports.reduce((most, { ms }) => Math.max(most, ms), 0);
  t.diagnostic(
    `${reports.length} bombs, the longest ${worst.toFixed(1)} ms, a yardstick ${unit.toFixed(1)} ms, memory ${memory}`,
  );
  const shown = [...slow, ...full].map(
    ({ index, ends, ms }) => `${ends} ${ms} ms: ${bombs[index]?.source.slice(0, 200)}`,
  );
  assert.deepEqual(shown, []);
});

function output(words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, words, { maxBuffer: 50_000_000 }, (_, out) => resolve(out));
  });
}
