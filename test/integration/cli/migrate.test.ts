/** `fermata migrate`: the seeds' files shown as a diff, written, and run to their end in today's language. */
import assert from "node:assert/strict";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { seedFiles } from "../../workflow/seeds.ts";
import { makePlace, type Place } from "./spawnCli.ts";

let place: Place;
const seeds = seedFiles();
beforeEach(() => {
  place = makePlace();
  for (const [name, text] of seeds) place.write(name, text);
});
afterEach(() => place.remove());

const read = (name: string) => readFileSync(join(place.workspace, name), "utf8");

test("it shows the difference and writes nothing", async () => {
  const { code, stdout } = await place.run("migrate", "interactive-planning.yaml");
  assert.equal(code, 0);
  assert.match(stdout, /^--- interactive-planning\.yaml\n\+\+\+ interactive-planning\.yaml\n@@ /m);
  assert.match(stdout, /\n- {4}type: text\n\+ {4}input: text\n/);
  assert.match(stdout, /:41: Rename the second `type` to `input`/);
  assert.match(stdout, /Write it with: fermata migrate --write interactive-planning\.yaml/);
  assert.match(stdout, /rename interactive-planning\.yaml to interactive-planning\.workflow\.yaml/);
  assert.equal(read("interactive-planning.yaml"), seeds.get("interactive-planning.yaml"));
});

test("written and renamed, they are strict, without a remark, and run to their end", async () => {
  const names = [...seeds.keys()];
  const written = await place.run("migrate", "--write", ...names);
  assert.equal(written.code, 0, written.stdout);
  for (const name of names) {
    const today = name.replace(".yaml", ".workflow.yaml");
    renameSync(join(place.workspace, name), join(place.workspace, today));
  }
  const file = "interactive-planning.workflow.yaml";
  const checked = await place.run("validate", file, "--json");
  assert.deepEqual(JSON.parse(checked.stdout).diagnostics, []);
  place.write(
    "answers.yaml",
    "gather-requirements: Keep it simple\nrequest-approval: { confirmed: true }\n",
  );
  const input = "task_description=Add rate limiting";
  const run = await place.run(
    "run",
    file,
    "-i",
    input,
    "--answers",
    "answers.yaml",
    "--trust",
    "--json",
  );
  assert.equal(run.code, 0, run.stderr);
  const result = JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "");
  assert.deepEqual([result.status, result.value.approved], ["done", true]);
  const again = await place.run("migrate", file);
  assert.match(again.stdout, /nothing to change/);
});
