/** sql.js costs nothing before it is asked something: neither a start nor a short list loads it. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { parseQuery } from "../../src/run/history/query.ts";
import { scene } from "../integration/harness/product.ts";
import { storeRun } from "../journal/history/storedRuns.ts";

const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes("sql.js"));

test("sql.js is loaded by the first question over runs, and not before", async (t) => {
  const place = await scene(t);
  const app = await place.open();
  await storeRun(app.stateFolder, 1);
  assert.equal((await app.listRuns()).length, 1);
  await app.validate("nothing");
  assert.equal(isLoaded(), false, "loaded though nothing was asked");
  const parsed = parseQuery("rate", Date.now());
  assert.ok(parsed.ok);
  await app.listRuns({ query: parsed.query });
  assert.equal(isLoaded(), true, "this test sees nothing");
});
