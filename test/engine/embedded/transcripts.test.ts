/** What attempts said is kept for people: in order, capped, and never at the cost of a task. */
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { baseName, openTranscripts } from "../../../src/engine/embedded/transcripts.ts";

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fermata-transcripts-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "output");
}

test("lines come back in order, over all attempts", async (t) => {
  let now = 100;
  const transcripts = openTranscripts(scratch(t), () => now++);
  assert.deepEqual(await transcripts.read("each[0]/run"), []);
  for (const attempt of [1, 2, 10]) {
    const transcript = transcripts.open("each[0]/run", attempt);
    transcript.write({ kind: "stdout", text: `from ${attempt}` });
    transcript.write({ kind: "text", text: "two\nlines" });
    await transcript.close();
  }
  const lines = await transcripts.read("each[0]/run");
  assert.deepEqual(
    lines.map(({ attempt }) => attempt),
    [1, 1, 2, 2, 10, 10],
  );
  assert.deepEqual(lines[0], { at: 100, attempt: 1, kind: "stdout", text: "from 1" });
  assert.equal(lines[1]?.text, "two\nlines");
});

test("a path is never taken for another", async (t) => {
  const transcripts = openTranscripts(scratch(t), () => 0);
  const deep = Array.from({ length: 30 }, (_, index) => `level-${index}[${index}]`).join("/");
  const paths = [
    "a",
    "a/b",
    "a~b",
    "a#2",
    "a.1",
    "a[1]",
    "a[10]",
    "ab",
    "ä",
    `${deep}/x`,
    `${deep}/y`,
  ];
  for (const path of paths) {
    const transcript = transcripts.open(path, 1);
    transcript.write({ kind: "text", text: path });
    await transcript.close();
  }
  for (const path of paths) {
    assert.deepEqual(
      (await transcripts.read(path)).map(({ text }) => text),
      [path],
    );
    assert.ok(baseName(path).length <= 120);
    assert.match(baseName(path), /^[\w%#~-]+$/, "no file system minds it");
  }
  const all = await transcripts.readAll();
  assert.deepEqual(all.map(({ lines }) => lines[0]?.text).sort(), [...paths].sort());
});

test("a torn last line is left out, what is whole is not", async (t) => {
  const folder = scratch(t);
  const transcripts = openTranscripts(folder, () => 0);
  const transcript = transcripts.open("a", 1);
  transcript.write({ kind: "text", text: "whole" });
  await transcript.close();
  const [name] = readdirSync(folder);
  appendFileSync(join(folder, name ?? ""), '{"at":1,"attempt":1,"ki');
  assert.deepEqual(
    (await transcripts.read("a")).map(({ text }) => text),
    ["whole"],
  );
});

test("a transcript is cut at 10 MiB, counted as the disk counts, and says so", async (t) => {
  const folder = scratch(t);
  const transcripts = openTranscripts(folder, () => 0);
  const transcript = transcripts.open("loud", 1);
  const mebibyte = "€".repeat(2 ** 20 / 3);
  for (let index = 0; index < 40; index++) transcript.write({ kind: "stdout", text: mebibyte });
  await transcript.close();
  const [name] = readdirSync(folder);
  assert.ok(statSync(join(folder, name ?? "")).size < 11 * 2 ** 20);
  const lines = await transcripts.read("loud");
  assert.equal(lines.length, 10, "nine whole ones, and a word on the rest");
  assert.match(lines.at(-1)?.text ?? "", /cut/);
});

test("a file of unknown size that is far too big is not read into memory", async (t) => {
  const folder = scratch(t);
  const transcripts = openTranscripts(folder, () => 0);
  const transcript = transcripts.open("a", 1);
  transcript.write({ kind: "text", text: "x" });
  await transcript.close();
  const [name] = readdirSync(folder);
  writeFileSync(join(folder, name ?? ""), Buffer.alloc(21 * 2 ** 20, "x"));
  assert.deepEqual(await transcripts.read("a"), []);
});

test("a disk that takes nothing fails no task", async (t) => {
  const folder = scratch(t);
  writeFileSync(folder, "a file where the folder should be");
  const transcript = openTranscripts(folder, () => 0).open("a", 1);
  transcript.write({ kind: "text", text: "lost" });
  await transcript.close();
  transcript.write({ kind: "text", text: "lost, too" });
  await transcript.close();
});
