/** The log's files: whole lines from several writers, put aside when full, nothing secret, nobody stopped. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type LogFileOptions, openLogFile } from "../../../src/journal/log/logFile.ts";
import type { LogEntry } from "../../../src/run/log/entry.ts";

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-log-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const options = (folder: string, more: Partial<LogFileOptions> = {}): LogFileOptions => ({
  folder,
  level: () => "info",
  redact: (text) => text,
  now: () => 1_800_000_000_000,
  ...more,
});

async function linesIn(folder: string): Promise<LogEntry[]> {
  const names = (await readdir(folder)).sort().reverse();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): LogEntry => JSON.parse(line));
}

test("nothing is written before there is something to say, and then only what is wanted", async (t) => {
  const folder = join(await scratch(t), "deep", "log");
  let level: "info" | "debug" = "info";
  const log = openLogFile(options(folder, { level: () => level }));
  log.write({ level: "debug", message: "not wanted" });
  await log.close();
  await assert.rejects(stat(folder), { code: "ENOENT" });
  log.write({ level: "info", message: "first" });
  level = "debug";
  log.write({ level: "debug", message: "second" });
  await log.close();
  assert.deepEqual(
    (await linesIn(folder)).map(({ message }) => message),
    ["first", "second"],
  );
  assert.equal((await stat(log.file)).mode & 0o777, 0o600);
});

test("a full file is put aside, four older ones are kept, and no line is lost before that", async (t) => {
  const folder = await scratch(t);
  const log = openLogFile(options(folder, { rotateAt: 2000 }));
  for (let number = 1; number <= 400; number += 1) {
    log.write({ level: "info", message: `line ${number}` });
    if (number % 10 === 0) await log.close();
  }
  const names = (await readdir(folder)).sort();
  assert.deepEqual(names, [
    ...[
      "fermata.1.jsonl",
      "fermata.2.jsonl",
      "fermata.3.jsonl",
      "fermata.4.jsonl",
      "fermata.jsonl",
    ],
  ]);
  const numbers = (await linesIn(folder)).map(({ message }) => Number(message.slice(5)));
  // Read in the order of names, oldest first: the newest file comes before the numbered ones.
  const sorted = [...numbers].sort((a, b) => a - b);
  assert.equal(sorted.at(-1), 400);
  assert.deepEqual(
    sorted,
    Array.from({ length: sorted.length }, (_, index) => 400 - sorted.length + 1 + index),
    "a line is missing or there twice",
  );
  for (const name of names) assert.ok((await stat(join(folder, name))).size < 4000, name);
});

test("secrets are taken out of the file and of what the host is told", async (t) => {
  const folder = await scratch(t);
  const told: LogEntry[] = [];
  const redact = (text: string) => text.replaceAll("hunter2", "***");
  const log = openLogFile(options(folder, { redact, also: (entry) => told.push(entry) }));
  log.write({ level: "error", message: "hunter2 is wrong", error: { detail: ["is hunter2"] } });
  await log.close();
  const everything = JSON.stringify([told, await linesIn(folder)]);
  assert.ok(!everything.includes("hunter2"), everything);
  assert.deepEqual(told, [
    { level: "error", message: "*** is wrong", error: { detail: ["is ***"] } },
  ]);
});

test("two writers over one file leave whole lines of both", async (t) => {
  const folder = await scratch(t);
  const logs = [openLogFile(options(folder)), openLogFile(options(folder))];
  for (let round = 0; round < 50; round += 1)
    for (const [index, log] of logs.entries())
      log.write({ level: "info", message: `${index}:${round} ${"x".repeat(500)}` });
  await Promise.all(logs.map((log) => log.close()));
  assert.equal((await linesIn(folder)).length, 100);
});

test("a log that cannot be written stops nobody", async (t) => {
  const folder = await scratch(t);
  await writeFile(join(folder, "log"), "a file where the folder should be");
  const log = openLogFile(options(join(folder, "log")));
  log.write({ level: "error", message: "lost" });
  await log.close();
});

test("when the disk is too slow lines are dropped, and that is told", async (t) => {
  const folder = await scratch(t);
  const log = openLogFile(options(folder));
  for (let number = 0; number < 10_500; number += 1) log.write({ level: "info", message: "m" });
  await log.close();
  const lines = await linesIn(folder);
  assert.match(lines.at(-1)?.message ?? "", /^500 lines were dropped/);
});
