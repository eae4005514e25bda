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
success_criteria: ["run.status == 'done'", "run.gates.failed == 0"]
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
  assert.match(
    ran.stdout,
    /\nSuccess criteria: 1 of 2 hold\n {2}✔ run\.status == 'done'\n {2}✖ run\.gates\.failed == 0\n/,
  );
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

place.write(
  "deep.workflow.yaml",
  `name: deep
version: 1.0.0
inputs: { topic: { type: string, required: true } }
agents: { "@task": { adapter: claude, command: [/nowhere/claude] } }
steps:
  - { id: ask, type: delegate, agent: "@task", instructions: "{{ inputs.topic }}" }
  - { id: call, type: http, url: "http://127.0.0.1:1/", headers: { token: "{{ secret('NOWHERE') }}" } }
  - id: both
    type: parallel
    branches:
      - { id: left, steps: [{ id: look, type: gate, gates: [{ name: there, check: { command: "cat flag" } }] }] }
      - { id: right, steps: [{ id: each, type: foreach, items: [1], task: part }] }
  - id: build
    type: shell
    command: "true"
    gates:
      - { name: built, check: { command: "cat flag" } }
      - { name: quick, check: "output.duration < 9" }
      - { name: wide, check: "run.id != ''", severity: warn }
tasks:
  part:
    inputs: { size: { type: number, default: 2 } }
    steps:
      - { id: inner, type: gate, gates: [{ name: sized, check: "inputs.size == 2" }] }
      - { id: items, type: gate, gates: [{ name: first, check: "item == 1" }] }
`,
);

test("gates inside branches and tasks are run alone, and only what they need has to be there", async () => {
  place.write("flag", "it is here\n");
  const of = (...words: string[]) => place.run("gate", "deep.workflow.yaml", ...words, "--trust");
  const look = await of("look");
  assert.equal(look.code, 0, look.stderr);
  assert.match(
    look.stdout,
    /^PASS there: exit code 0\n[\s\S]*it is here\n[\s\S]*\n1 of 1 passed\.\n$/,
  );
  assert.equal((await of("inner")).code, 0);
  assert.equal((await of("inner", "--input", "size=3")).code, 1);
  const items = await of("items");
  assert.equal(items.code, 2);
  assert.match(items.stderr, /No gate of items can be judged without a run: first reads item\. /);
  const build = await of("build");
  assert.equal(build.code, 1, build.stderr);
  assert.match(
    build.stdout,
    /\nNOT JUDGED quick: looks at what the step gave\nNOT JUDGED wide: reads run\.id\n/,
  );
  assert.match(
    build.stdout,
    /\n1 of 3 passed\. 2 could not be judged\.\nSay what the step gave: --output FILE/,
  );
  place.write("output.json", '{"duration": 2}\n');
  const said = await of("build", "--output", "output.json");
  // A warning that nobody judged stops nothing.
  assert.equal(said.code, 0, said.stdout);
  // A run needs what the gates did without.
  const run = await place.run("run", "deep.workflow.yaml", "--input", "topic=x", "--trust");
  assert.match(run.stderr, /NOWHERE|nowhere/);
});

test("an untrusted folder names the command that was meant", async () => {
  const untrusted = makePlace();
  try {
    untrusted.write(
      "flag.workflow.yaml",
      "name: flag\nversion: 1.0.0\nsteps: [{ id: look, type: gate, gates: [{ name: one, check: '1 == 1' }] }]\n",
    );
    const { code, stderr } = await untrusted.run("gate", "flag.workflow.yaml", "look");
    assert.equal(code, 6);
    assert.match(stderr, /add --trust: .*gate flag\.workflow\.yaml look .*--trust\n$/);
    assert.match(
      (await untrusted.run("run", "flag.workflow.yaml")).stderr,
      /run flag\.workflow\.yaml .*--trust\n$/,
    );
  } finally {
    untrusted.remove();
  }
});
