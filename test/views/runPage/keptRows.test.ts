/** Rows that are kept from picture to picture say what rows drawn anew say, after every event of every case. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import type { Recorded } from "../../../src/run/event.ts";
import { evolve } from "../../../src/run/evolve/evolve.ts";
import { ancestorPaths } from "../../../src/run/path.ts";
import type { RunState } from "../../../src/run/state.ts";
import { createKeptRows } from "../../../src/views/runPage/keptRows.ts";
import { runTree } from "../../../src/views/taskTree.ts";
import { playCase, readCase } from "../../run/caseFile.ts";

const CASES = join(ROOT, "test/run/cases");

for (const file of readdirSync(CASES).filter((name) => name.endsWith(".yaml"))) {
  test(`kept rows are true in ${file}`, () => {
    const documents = parseAllDocuments(readFileSync(join(CASES, file), "utf8"));
    for (const [index, document] of documents.entries()) {
      const { records } = playCase(readCase(document.toJS())).played;
      compare(records, index % 2 === 0 ? 1 : 3);
    }
  });
}

test("a task lies in its item, that in its loop, and so on", () => {
  assert.deepEqual(ancestorPaths("a[2]/b#3/c[10]"), ["a[2]/b#3/c", "a[2]/b#3", "a[2]", "a"]);
  assert.deepEqual(ancestorPaths("a"), []);
});

/** Folds the events, and draws a picture after each that is the `gathered`-th. */
function compare(records: readonly Recorded[], gathered: number): void {
  const kept = createKeptRows();
  let state: RunState | undefined;
  for (const [index, recorded] of structuredClone(records).entries()) {
    state = evolve(state, recorded);
    kept.note(recorded);
    if (index % gathered > 0) continue;
    const live = lines(state, index);
    const options = { driven: true, live, me: "me" };
    assert.deepEqual(
      runTree(state, { ...options, kept }),
      runTree(state, options),
      `after ${recorded.seq}, ${recorded.event.type}`,
    );
  }
}

/** What running tasks say changes from picture to picture. */
function lines(state: RunState, index: number): ReadonlyMap<string, string> {
  const running = [...state.tasks.values()].filter(({ status }) => status === "running");
  return new Map(running.map(({ path }) => [path, `line ${index % 4}`]));
}
