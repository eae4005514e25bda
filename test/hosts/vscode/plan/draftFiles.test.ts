/** What is reported as kept is in a file of its own, whole, whatever happens to the window afterwards. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDraftFiles } from "../../../../src/hosts/vscode/plan/draftFiles.ts";

function folderFor(test: { after(work: () => void): void }): string {
  const scratch = mkdtempSync(join(tmpdir(), "fermata-drafts-"));
  test.after(() => rmSync(scratch, { recursive: true, force: true }));
  return join(scratch, "storage", "drafts");
}

test("a draft that was kept is there for the next window, the last of several", async (context) => {
  const folder = folderFor(context);
  const files = await openDraftFiles(folder);
  assert.deepEqual([...files.found], []);
  await Promise.all([
    files.write("run 1", { edit: "a".repeat(100_000) }),
    files.write("run 2", { edit: "other" }),
    files.write("run 1", { edit: "last" }),
  ]);
  const { found } = await openDraftFiles(folder);
  assert.deepEqual(Object.fromEntries(found), {
    "run 1": { edit: "last" },
    "run 2": { edit: "other" },
  });
  await files.write("run 1", undefined);
  assert.deepEqual([...(await openDraftFiles(folder)).found.keys()], ["run 2"]);
  assert.equal(readdirSync(folder).length, 1, "nothing half-written stays");
});

test("a file that holds no draft takes none of the others along, and stays", async (context) => {
  const folder = folderFor(context);
  const files = await openDraftFiles(folder);
  await files.write("run", { edit: "mine" });
  writeFileSync(join(folder, "torn.json"), '{"key": "run 7", "val');
  writeFileSync(join(folder, "other.json"), "[1]");
  assert.deepEqual([...(await openDraftFiles(folder)).found.keys()], ["run"]);
  assert.equal(readFileSync(join(folder, "torn.json"), "utf8"), '{"key": "run 7", "val');
});

test("a disk that refuses is told of, and the draft stays as it was", async (context) => {
  const folder = folderFor(context);
  const files = await openDraftFiles(folder);
  await files.write("run", { edit: "before" });
  const [name = ""] = readdirSync(folder);
  mkdirSync(join(folder, `${name}.${process.pid}`));
  await assert.rejects(files.write("run", { edit: "after" }), { code: "EISDIR" });
  const { found } = await openDraftFiles(folder);
  assert.deepEqual(found.get("run"), { edit: "before" });
  rmSync(join(folder, `${name}.${process.pid}`), { recursive: true });
  await files.write("run", { edit: "after" });
  assert.deepEqual((await openDraftFiles(folder)).found.get("run"), { edit: "after" });
});
