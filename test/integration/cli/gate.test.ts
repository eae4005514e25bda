/** Gates run once more, alone: what they come to now, with evidence, and a run that stays as it is. */
import assert from "node:assert/strict";
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
