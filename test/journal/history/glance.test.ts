import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { mayBeUnfinished } from "../../../src/journal/history/glance.ts";
import { encodeHeader, encodeRecord } from "../../../src/journal/record.ts";

let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "fermata-glance-"));
});

afterEach(() => rmSync(state, { recursive: true, force: true }));

let made = 0;

/** A run whose journal holds these events. */
function run(...events: readonly object[]): void {
  const name = `run_${String(made++).padStart(12, "a").replace(/[189]/g, "b")}`;
  const folder = join(state, "runs", name);
  mkdirSync(folder, { recursive: true });
  const lines = events.map((event, index) =>
    encodeRecord({ seq: index + 1, fence: 1, at: 5 }, JSON.stringify(event), index),
  );
  writeFileSync(
    join(folder, "journal.jsonl"),
    [encodeHeader({ run: name, fence: 1, at: 5 }), ...lines].join(""),
  );
}

const OVER = { type: "run_finished", status: "done" };

test("no runs, or only such that are over", () => {
  assert.equal(mayBeUnfinished(state), false);
  run({ type: "run_started" }, OVER);
  run({ type: "run_started" }, { ...OVER, value: "x".repeat(9000) });
  assert.equal(mayBeUnfinished(state), false);
});

test("a run that goes on, that was retried, or that only says in a value that it is over", () => {
  const said = { type: "attempt_completed", result: '"event":{"type":"run_finished"' };
  for (const last of [{ type: "run_paused" }, { type: "retry_requested" }, said]) {
    rmSync(join(state, "runs"), { recursive: true, force: true });
    run({ type: "run_started" }, OVER, last);
    assert.equal(mayBeUnfinished(state), true, JSON.stringify(last));
  }
});

test("what cannot be read is looked into properly", () => {
  mkdirSync(join(state, "runs", "run_aaaaaaaaaaaa"), { recursive: true });
  assert.equal(mayBeUnfinished(state), true);
});
