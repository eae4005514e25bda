import assert from "node:assert/strict";
import { test } from "node:test";
import { type Status, wordOf } from "../../src/views/statusWord.ts";
import { rowToCome } from "../../src/views/taskRow.ts";
import { movesOf } from "../../webview/task/moves.ts";

const row = (kind: string, status: Status) => ({
  ...rowToCome("a", kind, "a", false),
  ...wordOf(status),
  dimmed: false,
});

const moves = (kind: string, status: Status) => movesOf(row(kind, status)).map(({ move }) => move);

test("what is offered follows from how a task stands", () => {
  assert.deepEqual(moves("delegate", "failed"), [
    ...["retry", "guide", "editAndRetry", "fork", "transcript"],
  ]);
  assert.deepEqual(moves("delegate", "running"), ["guide", "stop", "transcript"]);
  assert.deepEqual(moves("shell", "running"), ["stop", "transcript"]);
  assert.deepEqual(moves("delegate", "done"), ["fork", "transcript"]);
  assert.deepEqual(moves("planner", "running"), ["guide", "stop", "transcript"]);
  assert.deepEqual(moves("set_state", "done"), ["fork"]);
  assert.deepEqual(moves("prompt", "asking"), []);
  assert.deepEqual(moves("shell", "skipped"), []);
});

test("nothing is offered for what has not begun, and for what is no task", () => {
  assert.deepEqual(movesOf(rowToCome("a", "delegate", "a", false)), []);
  for (const kind of ["run", "phase", "item", "branch"])
    assert.deepEqual(moves(kind, "failed"), []);
});
