/** Which run touched a file last: by events, across runs, without what lies outside the folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changedNames,
  readTouches,
  withoutRemoved,
  withRecords,
} from "../../../../src/hosts/vscode/touched/touches.ts";
import type { Recorded } from "../../../../src/run/event.ts";

const FOLDER = "/home/me/site";

function completed(at: number, path: string, files: readonly (string | object)[]): Recorded {
  return JSON.parse(
    JSON.stringify({
      seq: at,
      at,
      event: { type: "attempt_completed", path, attempt: 1, result: { files_changed: files } },
    }),
  );
}

test("the last run that touched a file is the one that is named", () => {
  const first = withRecords(
    new Map(),
    "run_a",
    [completed(1, "write", ["src/a.ts", { path: "b.ts" }, "../out.ts", "/etc/passwd"])],
    FOLDER,
  );
  assert.deepEqual([...first.keys()], ["src/a.ts", "b.ts"]);
  const second = withRecords(first, "run_b", [completed(2, "fix", [`${FOLDER}/src/a.ts`])], FOLDER);
  assert.deepEqual(second.get("src/a.ts"), { run: "run_b", path: "fix", at: 2 });
  assert.deepEqual(changedNames(first, second), ["src/a.ts"]);
  assert.equal(withRecords(second, "run_a", [completed(1, "write", ["src/a.ts"])], FOLDER), second);
  const removed = withoutRemoved(second, (run) => run !== "run_a");
  assert.deepEqual([...removed.keys()], ["b.ts"]);
  assert.equal(
    withoutRemoved(second, () => false),
    second,
  );
});

test("what was stored comes back, and what does not fit is left out", () => {
  const touches = withRecords(new Map(), "run_a", [completed(1, "write", ["a.ts"])], FOLDER);
  const stored: unknown = JSON.parse(JSON.stringify([...touches, ["x", { run: 1 }], "y"]));
  assert.deepEqual(readTouches(stored), touches);
  assert.deepEqual(readTouches(undefined), new Map());
});
