/** A run whose folder is not there: one word for whatever was to be done in it. */
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { inWorkspace, missingWorkspace } from "../../src/activities/folder.ts";
import type { Activity } from "../../src/engine/activity.ts";
import type { ShellRequest } from "../../src/run/request.ts";
import { openAttempt } from "./attempt.ts";

const REQUEST: ShellRequest = { activity: "shell", command: "x" };

test("nothing begins without the folder, and what fails when it went says so", async (t) => {
  const { context, workspace } = await openAttempt(t);
  const gone = `The folder that this run works in, ${workspace}, is not there: it was deleted or moved. Put it back, then retry.`;
  let asked = 0;
  const removing: Activity<ShellRequest> = async () => {
    asked += 1;
    await rm(workspace, { recursive: true, force: true });
    return { type: "failed", failure: { code: "command_failed", message: "exit code 2" } };
  };
  for (const _ of [1, 2]) {
    const outcome = await inWorkspace(removing)(REQUEST, context);
    assert.equal(outcome.type === "failed" && outcome.failure.message, gone);
  }
  assert.equal(asked, 1);
  await writeFile(workspace, "");
  assert.match((await missingWorkspace(workspace))?.message ?? "", /is no folder any more\. Put/);
});

test("a failure in a folder that is there is its own, and what ended well stands", async (t) => {
  const { context, workspace } = await openAttempt(t);
  const failing: Activity<ShellRequest> = async () => ({
    type: "failed",
    failure: { code: "command_failed", message: "exit code 2" },
  });
  const failed = await inWorkspace(failing)(REQUEST, context);
  assert.equal(failed.type === "failed" && failed.failure.message, "exit code 2");
  const done = await inWorkspace<ShellRequest>(async () => {
    await rm(workspace, { recursive: true });
    return { type: "completed", result: null };
  })(REQUEST, context);
  assert.equal(done.type, "completed");
});
