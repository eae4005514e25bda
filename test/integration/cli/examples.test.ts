/** The workflows in `examples`, run by the real CLI over the sample workspace. */
import assert from "node:assert/strict";
import { cpSync, readdirSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makePlace } from "./spawnCli.ts";

const FOLDER = fileURLToPath(new URL("../../../examples/", import.meta.url));
const place = makePlace();
cpSync(`${FOLDER}sample-workspace`, place.workspace, { recursive: true });
after(() => place.remove());

for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".workflow.yaml"))) {
  test(`${name} is valid without a word`, async () => {
    const { code, stdout, stderr } = await place.run("validate", `${FOLDER}${name}`);
    assert.equal(code, 0);
    assert.match(stdout, /: valid\n$/);
    assert.equal(stderr, "");
  });
}

test("the release check runs to its end, several steps at a time, and tells the phases", async () => {
  const file = `${FOLDER}release-check.workflow.yaml`;
  const { code, stdout } = await place.run("run", file, "--trust", "--json");
  assert.equal(code, 0, stdout);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { value, work } = lines.at(-1);
  assert.equal(value.ready, true);
  assert.deepEqual(value.problems, []);
  assert.equal(value.files, 13);
  assert.deepEqual(
    work.phases.map(({ title }: { readonly title: string }) => title),
    ["Look around", "Check", "Report"],
  );
  assert.ok(work.criticalPath.includes("execution/tests"), `${work.criticalPath}`);
  assert.ok(work.sequential > 0 && work.criticalTime <= work.elapsed);
});

test("what is missing makes it not ready, and the run is done all the same", async () => {
  const file = `${FOLDER}release-check.workflow.yaml`;
  const failing = ["--input", "test_command=exit 3", "--input", "most_lines=1"];
  const { code, stdout } = await place.run("run", file, "--trust", "--json", ...failing);
  assert.equal(code, 0, stdout);
  const { value } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  assert.equal(value.ready, false);
  assert.deepEqual(value.problems, ["the tests fail"]);
  assert.ok(value.long_files.length > 5);
});
