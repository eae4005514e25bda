/** A run that is looked at while another process drives it, over a disk that refuses for a while. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunChange } from "../../src/app/app.ts";
import { createDisk, type Disk } from "../../src/journal/disk.ts";
import { answer, asks, reaches, scene, start, workflow } from "../integration/harness/product.ts";

const ASKING = workflow(
  "it",
  `
steps:
  - { id: first, type: prompt, input: text, message: "1?" }
  - { id: second, type: prompt, input: text, message: "2?" }
`,
);

test("a watcher whose journal cannot be read for a while is told, and goes on", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": ASKING });
  const driver = await place.open();
  const run = await start(driver, "it");
  await asks(driver, run, "first");

  const real = createDisk();
  let refused = false;
  const fickle: Disk = {
    ...real,
    read: async (path, from) => {
      if (!refused || !path.endsWith("journal.jsonl")) return real.read(path, from);
      throw Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
    },
  };
  const other = await place.open({ disk: fickle });
  const watch = (await other.watchRun(run)) ?? assert.fail();
  const told: RunChange[] = [];
  watch.onChange((change) => told.push(change));
  refused = true;
  await answer(driver, run, "first", "A");
  await reaches(other, run, "the refusal", (_, { stopped }) => stopped !== undefined);
  assert.match(watch.stopped ?? "", /cannot be followed now and is tried again: EMFILE/);
  assert.equal(watch.state.breakpoints.size, 1, "it stands where it was last seen");

  refused = false;
  await reaches(other, run, "the second question", ({ tasks }) => tasks.has("second"));
  assert.equal(watch.stopped, undefined);
  const seqs = told.flatMap((change) =>
    change.type === "records" ? change.records.map(({ seq }) => seq) : [],
  );
  assert.deepEqual(seqs, [...new Set(seqs)], "each record is told once");
  assert.ok(told.some(({ type }) => type === "stopped"));
  watch.dispose();
});
