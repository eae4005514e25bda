/** The lines that a run gives where lines are only ever added. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { evolve } from "../../../src/run/evolve/evolve.ts";
import type { RunState } from "../../../src/run/state.ts";
import { newsOf, type Said } from "../../../src/views/plain/news.ts";
import { runTree } from "../../../src/views/taskTree.ts";
import { playCase } from "../played.ts";

/** Every line of a case's run, looked at after each record. */
function linesOf(name: string): readonly string[] {
  const { played } = playCase(
    readFileSync(new URL(`../cases/${name}.txt`, import.meta.url), "utf8"),
  );
  const said: Said = new Map();
  let state: RunState | undefined;
  return structuredClone(played.records).flatMap((record) => {
    state = evolve(state, record);
    return newsOf(runTree(state, { driven: true }), said).map(
      ({ row, trail }) => `${[...trail, row.title].join(" › ")}: ${row.word}`,
    );
  });
}

test("items tell of their beginning and end, the steps inside them are quiet", () => {
  assert.deepEqual(linesOf("planning"), [
    "gather-requirements: Waiting for you",
    "gather-requirements: Done",
    "research-phase: Running",
    "research-phase › What limits exist today?: Running",
    "research-phase › Which store keeps the counters?: Running",
    "research-phase › What limits exist today?: Done",
    "research-phase › How do clients learn the limit?: Running",
    "research-phase › Which store keeps the counters?: Done",
    "research-phase › How do clients learn the limit?: Done",
    "research-phase: Done",
    "create-plan: Running",
    "create-plan: Done",
    "approval: Waiting for you",
    "approval: Done",
    "save-to-memory: Running",
    "save-to-memory: Done",
  ]);
});

test("retries and failures are told wherever they are", () => {
  const lines = linesOf("failure");
  assert.ok(lines.includes("choose › Validate the rows: Retrying (attempt 2 of 3)"));
  assert.deepEqual(lines.slice(-2), ["choose › Validate the rows: Failed", "choose: Failed"]);
});

test("a question inside an item is told with its place", () => {
  assert.ok(linesOf("waiting").includes("targets › targets 1 › confirm: Waiting for you"));
});
