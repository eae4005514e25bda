import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { changesBetween, takeSnapshot } from "../../../src/activities/watch/fileWatcher.ts";

async function inFolder(
  work: (root: string, write: (path: string, text: string) => Promise<void>) => Promise<void>,
) {
  const root = await mkdtemp(join(tmpdir(), "fermata-watch-"));
  try {
    await work(root, async (path, text) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    });
  } finally {
    await rm(root, { recursive: true });
  }
}

test("created, changed and deleted files, with diffs, outside of git", () =>
  inFolder(async (root, write) => {
    await write("src/a.py", "one\ntwo\nthree\n");
    await write("gone.txt", "bye\n");
    await write("same.txt", "same\n");
    const before = await takeSnapshot(root);
    await write("src/a.py", "one\n2\nthree\n");
    await write("new/b.py", "new\n");
    await rm(join(root, "gone.txt"));
    const changes = changesBetween(before, await takeSnapshot(root), ["same.txt"]);
    assert.deepEqual(
      changes.map(({ path, change }) => `${path} ${change}`),
      ["gone.txt deleted", "new/b.py created", "same.txt earlier", "src/a.py changed"],
    );
    assert.equal(changes[0]?.diff, "--- a/gone.txt\n+++ b/gone.txt\n@@ -1,1 +1,0 @@\n-bye\n");
    assert.equal(changes[1]?.text, "new\n");
    assert.equal(
      changes[3]?.diff,
      "--- a/src/a.py\n+++ b/src/a.py\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
    );
  }));

test("beyond its bounds it tells only what it knows", () =>
  inFolder(async (root, write) => {
    for (const name of ["a", "b", "c"]) await write(`${name}.txt`, name);
    const limits = { files: 2, fileBytes: 10, textBytes: 1 };
    const before = await takeSnapshot(root, undefined, limits);
    assert.equal(before.whole, false);
    assert.deepEqual([...before.files.keys()], ["a.txt", "b.txt"]);
    assert.equal(before.files.get("b.txt")?.text, undefined, "texts are bounded, too");
    const after = await takeSnapshot(root);
    assert.deepEqual(changesBetween(before, after), [], "what was not seen is not called new");
  }));
