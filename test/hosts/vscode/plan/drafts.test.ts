/** What was begun of a plan goes with its run, and with nothing else. */
import "../fakeEditor.ts";
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const { openDrafts } = await import("../../../../src/hosts/vscode/plan/drafts.ts");

const plan = (run: string, path: string) => ({ run, path, version: 1, hash: "h" });
const EDITED = { threads: [], dropped: [], edit: "mine" };

test("drafts of runs that are gone leave the disk, those of others stay", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "fermata-drafts-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const before = await openDrafts(folder);
  await before.set(plan("run_a", "decide"), EDITED);
  await before.set(plan("run_a", "again"), EDITED);
  await before.set(plan("run_b", "decide"), EDITED);
  const drafts = await openDrafts(folder);
  await drafts.forgetRuns(() => false);
  assert.equal(readdirSync(folder).length, 3);
  await drafts.forgetRuns((run) => run === "run_a");
  assert.equal(readdirSync(folder).length, 1);
  assert.equal(drafts.get(plan("run_a", "decide")).edit, undefined);
  assert.equal((await openDrafts(folder)).get(plan("run_b", "decide")).edit, "mine");
});
