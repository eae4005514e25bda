/** The seven end-to-end tests of seed 003, by their names: its workflows as the example's templates, over planted records. */
import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { answer, asks, ends, play, resultOf, stand, start } from "../harness/product.ts";
import { openSystem, PLANTED, say } from "./system.ts";

test("test_complete_florida_data_pipeline", async (t) => {
  const { app } = await openSystem(t);
  const state = await play(app, "data-pipeline");
  const value = resultOf(state);
  const good = PLANTED.rows["06"] - PLANTED.bad["06"];
  assert.deepEqual(value, {
    rows: PLANTED.rows["06"],
    records: good,
    rejected: PLANTED.bad["06"],
    score: Math.round((good / PLANTED.rows["06"]) * 1000) / 10,
    filled: PLANTED.gaps["06"],
    missing_parcels: PLANTED.missing_parcels["06"],
    stored: good,
  });
  assert.deepEqual(state.gates, { ...state.gates, passed: 1, failed: 0 });
  const again = resultOf(await play(app, "data-pipeline"));
  assert.equal(again.stored, good, "uploading twice stores nothing twice");
});

test("test_entity_matching_workflow", async (t) => {
  const { app, direct } = await openSystem(t);
  const value = resultOf(await play(app, "entity-matching"));
  assert.equal(value.entities, PLANTED.businesses);
  assert.equal(value.duplicates, PLANTED.duplicates["06"] + PLANTED.duplicates["13"]);
  const links = Number(value.linked);
  const found = Object((await direct("entity_matching", "link_properties_to_entities")).result);
  assert.equal(found.linked, links);
  const share = links / (links + found.unlinked);
  say(
    t,
    `${links} of ${links + found.unlinked} business-owned properties linked, ${Number(PLANTED.misspelled_owners)} of the owners misspelled`,
  );
  assert.ok(share >= 0.95, `only ${share} linked`);
});

test("test_performance_monitoring_self_healing", async (t) => {
  const { app, urls, work } = await openSystem(t);
  await play(app, "data-pipeline");
  await appendFile(join(work, "raw", "NAL_06_2025.csv"), "06-2025-99999,06,\n");
  const value = resultOf(await play(app, "self-healing", { addresses: urls }));
  assert.deepEqual([value.healthy, value.before, value.after], [6, false, true]);
  assert.deepEqual(value.actions, [
    { kind: "stale_copy", about: "NAL_06_2025", action: "fetched again", done: true },
  ]);
});

test("test_ai_ml_inference_workflow", async (t) => {
  const { app, direct } = await openSystem(t);
  const early = await direct("ai_ml", "handle_chat_query", { query: "How many are there?" });
  assert.deepEqual([early.status, early.error], ["failed", "no properties are stored yet"]);
  await play(app, "data-pipeline");
  const good = PLANTED.rows["06"] - PLANTED.bad["06"];
  const value = resultOf(
    await play(app, "use-codes", { query: "How many properties are in county 06?" }),
  );
  assert.equal(value.answer, `There are ${good} properties.`);
  assert.deepEqual(Object.keys(Object(value.unknown_before)), ["Marina with wet slips"]);
  assert.deepEqual([value.unknown_after, value.rules], [{}, 1]);
  const later = resultOf(await play(app, "use-codes"));
  assert.deepEqual(later.unknown_before, {}, "what was learned is known from then on");
  const bad = await direct("ai_ml", "store_rules", { rules: [{ pattern: "(a", code: "0100" }] });
  assert.deepEqual([bad.status, bad.http], ["failed", 500]);
});

test("test_parallel_operations", async (t) => {
  const { app } = await openSystem(t);
  const state = await play(app, "parallel-operations");
  assert.equal(state.status, "done", stand(state));
  assert.deepEqual(state.value, ["download", "compare", "sync", "monitor", "look"]);
  const calls = [...state.tasks.values()].filter(({ kind }) => kind === "worker_call");
  const lastBegin = Math.max(...calls.map(({ started_at }) => started_at));
  const firstEnd = Math.min(...calls.map(({ ended_at }) => ended_at ?? 0));
  assert.ok(lastBegin <= firstEnd, "all had begun before the first was done");
  const took = calls.map(({ started_at, ended_at = 0 }) => ended_at - started_at);
  const wall =
    Math.max(...calls.map(({ ended_at = 0 }) => ended_at)) -
    Math.min(...calls.map(({ started_at }) => started_at));
  const sum = took.reduce((total, ms) => total + ms, 0);
  say(
    t,
    `5 operations at once took ${(wall / Math.max(1, sum)).toFixed(2)} of the time of one after the other`,
  );
  assert.ok(sum > wall);
});

test("test_error_recovery", async (t) => {
  const { app, urls } = await openSystem(t);
  const run = await start(app, "error-recovery", { inputs: { addresses: urls } });
  const open = await asks(app, run, "hand-over");
  assert.equal(open.form.kind, "escalation");
  await answer(app, run, "hand-over", { decision: "edit", response: "Use download." });
  const value = resultOf(await ends(app, run));
  assert.match(String(value.error), /There is no operation no_such_operation/);
  assert.deepEqual([value.decided, value.healthy], ["Use download.", "6 of 6"]);
});

test("test_complete_system_validation", async (t) => {
  const { app, urls } = await openSystem(t);
  const inputs = { "self-healing": { addresses: urls } };
  const names = [
    "data-pipeline",
    "entity-matching",
    "self-healing",
    "use-codes",
    "parallel-operations",
  ] as const;
  const ends = [];
  for (const name of names) {
    const state = await play(app, name, name === "self-healing" ? inputs[name] : {});
    ends.push(state.status);
    assert.equal(state.status, "done", `${name}: ${stand(state)}`);
  }
  const bodies = await Promise.all(
    Object.values(urls).map(async (url) => Object(await (await fetch(`${url}/health`)).json())),
  );
  assert.deepEqual(
    bodies.map(({ status, failed_operations }) => [status, failed_operations]),
    bodies.map(() => ["healthy", 0]),
  );
  say(t, `${ends.length}/${names.length} workflows done, ${bodies.length}/6 workers healthy`);
});
