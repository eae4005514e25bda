/** Gates run once more, alone: what they come to now, with evidence, and a run that stays as it is. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { makePlace } from "./spawnCli.ts";

const place = makePlace();
after(() => place.remove());

place.write(
  "it.workflow.yaml",
  `name: it
version: 1.0.0
steps:
  - id: build
    type: shell
    command: "echo built"
    gates:
      - { name: flag, category: build, check: { command: "cat flag; test -f flag" } }
      - { name: said, check: "output.stdout == 'built\\n'" }
  - { id: last, type: gate, gates: [{ name: plain, check: "1 == 1" }] }
`,
);

test("a gate that failed is run again over what the step gave, and its evidence is shown", async () => {
  const ran = await place.run("run", "it", "--trust");
  assert.equal(ran.code, 0, ran.stderr);
  const before = (await place.run("export", "last")).stdout;
  const failed = await place.run("gate", "last", "build", "--trust");
  assert.equal(failed.code, 1, failed.stderr);
  assert.match(failed.stdout, /^FAIL flag \(build\): exit code 1, expected 0\n {4}\$ .*cat flag/);
  assert.match(failed.stdout, /\nPASS said: .* holds\n/);
  place.write("flag", "it is here\n");
  const passed = await place.run("gate", "last", "build", "--trust");
  assert.equal(passed.code, 0, passed.stderr);
  assert.match(
    passed.stdout,
    /PASS flag \(build\): exit code 0 \(was FAIL\)\n[\s\S]* {4}it is here\n/,
  );
  assert.match(passed.stdout, /\n2 of 2 passed\. The run stays as it is\.\n$/);
  const plain = await place.run("gate", "last", "last", "--json", "--trust");
  const [result] = JSON.parse(plain.stdout).results;
  assert.deepEqual([plain.code, result.name, result.status], [0, "plain", "PASS"]);
  const wrong = await place.run("gate", "last", "biuld", "--trust");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /No gate of biuld was judged in this run\. Did you mean build\?/);
  assert.equal((await place.run("export", "last")).stdout, before);
});

place.write(
  "gates.workflow.yaml",
  `name: gates
version: 1.0.0
inputs: { least: { type: number, default: 80 } }
initial_state: { most: 3 }
steps:
  - { id: never, type: shell, command: "touch ran" }
  - id: test
    type: shell
    when: "{{ false }}"
    command: "touch ran; exit 1"
    gates:
      - { name: covered, check: { command: "cat coverage", metric: '(\\d+)%', expect: ">= 80" } }
      - { name: quick, check: "output.duration < state.most and output.cases >= inputs.least" }
    enforce: true
  - { id: again, type: foreach, items: [1], steps: [{ id: last, type: gate, gates: [{ name: plain, check: "1 == 1" }] }] }
`,
);

test("gates of a file are run with no run around them, over what the step is said to have given", async () => {
  place.write("coverage", "81%\n");
  place.write("output.json", '{"duration": 2, "cases": 85}\n');
  const runs = (await place.run("runs", "--json")).stdout;
  const of = (...words: string[]) => place.run("gate", "gates.workflow.yaml", ...words, "--trust");
  const passed = await of("test", "--output", "output.json");
  assert.equal(passed.code, 0, `${passed.stdout}${passed.stderr}`);
  assert.match(passed.stdout, /^PASS covered: .*\n {4}\$ .*cat coverage\n {4}81%\n/);
  assert.match(passed.stdout, /\n2 of 2 passed\.\n$/);
  const stricter = await of("test", "--output", "output.json", "--input", "least=90", "--json");
  const told = JSON.parse(stricter.stdout);
  assert.deepEqual(
    [stricter.code, told.path, told.results.map(({ status }: { status: string }) => status)],
    [1, "test", ["PASS", "FAIL"]],
  );
  assert.equal((await of("last")).stdout.split("\n").at(-2), "1 of 1 passed.");
  const which = await of();
  assert.deepEqual(
    [which.code, which.stderr],
    [2, "fermata: Which step of gates? Gates are at test, last.\n"],
  );
  assert.match((await of("tset")).stderr, /No step tset of gates has gates\. Did you mean test\?/);
  assert.match((await of("test", "--input", "lest=1")).stderr, /lest/);
  const mixed = await place.run("gate", "last", "build", "--output", "output.json");
  assert.match(mixed.stderr, /go with a FILE/);
  assert.equal((await place.run("runs", "--json")).stdout, runs);
  assert.equal(existsSync(join(place.workspace, "ran")), false);
});
