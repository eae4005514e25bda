/** A look at a workspace comes back as it was kept, or not at all. */
import assert from "node:assert/strict";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Snapshot } from "../../../src/activities/watch/fileWatcher.ts";
import { keepSnapshot, keptSnapshot } from "../../../src/activities/watch/keptSnapshot.ts";
import { watched } from "../../../src/activities/watch/watched.ts";
import { scratch } from "../../agents/attempt.ts";
import { openAttempt } from "../attempt.ts";

const LOOK: Snapshot = {
  files: new Map([
    ["a.txt", { size: 5, modified: 1.5, text: 'a\n\u2028"b' }],
    ["big.bin", { size: 9_000_000, modified: 2 }],
    ["long.txt", { size: 300_000, modified: 3, text: "x".repeat(300_000) }],
  ]),
  whole: false,
};

test("what was kept comes back", async (t) => {
  const file = join(await scratch(t), "before");
  await keepSnapshot(file, LOOK);
  assert.deepEqual(await keptSnapshot(file), LOOK);
  await keepSnapshot(file, { files: new Map(), whole: true });
  assert.deepEqual(await keptSnapshot(file), { files: new Map(), whole: true });
});

test("what was cut off, is of another kind or is not there is nobody's word", async (t) => {
  const file = join(await scratch(t), "before");
  assert.equal(await keptSnapshot(file), undefined);
  await keepSnapshot(file, LOOK);
  const { length } = await readFile(file);
  for (const at of [0, 1, 8, 40, length - 3, length - 2]) {
    await keepSnapshot(file, LOOK);
    await truncate(file, at);
    assert.equal(await keptSnapshot(file), undefined, `cut at ${at} of ${length}`);
  }
  for (const text of ["{}\n", "[true]\n[1]\n", "[true]\n[0]\n[0]\n", '[true]\n["a", 1]\n[1]\n']) {
    await writeFile(file, text);
    assert.equal(await keptSnapshot(file), undefined, text);
  }
});

test("an attempt that began under another host is seen from its beginning, as far as anybody saw it", async (t) => {
  const { context, workspace } = await openAttempt(t);
  await writeFile(join(workspace, "a.txt"), "a\n");
  const first = Promise.withResolvers<never>();
  void watched(
    context,
    [],
    () => 0,
    async () => {
      await writeFile(join(workspace, "first.txt"), "1\n");
      first.reject(new Error("the host dies here"));
      return first.promise;
    },
  ).catch(() => undefined);
  await first.promise.catch(() => undefined);
  const earlier = [
    { kind: "tool_call", text: "Bash(npm test)", at: 1_000 },
    { kind: "tool_result", text: "exit code: 0", at: 70_000 },
  ] as const;
  const goOn = (seen: object) =>
    watched(
      { ...context, ...seen, earlier },
      [],
      () => 9_000_000,
      async () => {
        await writeFile(join(workspace, "a.txt"), "b\n");
        return { type: "completed", result: { response: "r", files_changed: ["a.txt"] } };
      },
    );
  const known = await goOn({});
  assert.ok(known.type === "completed");
  const { evidence, files_changed } = Object(known.result);
  assert.deepEqual(files_changed, ["a.txt", "first.txt"], "it named those of its last turn alone");
  assert.equal(evidence.watched, true);
  assert.deepEqual(
    evidence.files.map((file: { path: string; change: string }) => [file.path, file.change]),
    [
      ["a.txt", "changed"],
      ["first.txt", "created"],
    ],
  );
  assert.match(evidence.files[0].diff, /-a\n\+b/);
  assert.deepEqual(evidence.commands, [
    { command: "npm test", exit_code: 0, output: "exit code: 0" },
  ]);
  assert.deepEqual(evidence.stalls, [69_000], "nobody knows of a silence while nobody listened");
  const unknown = await goOn({ before: join(workspace, "nothing") });
  assert.ok(unknown.type === "completed");
  const said = Object(unknown.result);
  assert.deepEqual([said.evidence.watched, said.evidence.files], [false, []]);
  assert.deepEqual(said.files_changed, ["a.txt"]);
});
