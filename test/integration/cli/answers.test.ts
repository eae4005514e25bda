/** An answers file that does not fit: what is told, and that nothing runs before it is mended. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { makePlace, type Place } from "./spawnCli.ts";

let place: Place;
beforeEach(() => {
  place = makePlace();
  place.write("ask.workflow.yaml", ASKS);
});
afterEach(() => place.remove());

const ASKS = `name: ask
version: 1.0.0
steps:
  - { id: colour, type: prompt, input: choice, message: Which colour?, options: [red, blue] }
  - { id: done, type: return, value: "{{ steps.colour.selected }}" }
`;

const run = (...more: readonly string[]) =>
  place.run("run", "ask.workflow.yaml", "--trust", "--answers", "answers.yaml", ...more);

test("an answer to a step that is not there is told before anything runs", async () => {
  place.write("answers.yaml", "color: red\n");
  const { code, stdout, stderr } = await run();
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /`color` \(did you mean `colour`\?\), but ask has no such step/);
  assert.match(stderr, /Its questions are colour\./);
  assert.match((await place.run("runs")).stdout, /There are no runs/);
  const told = JSON.parse((await run("--json")).stdout);
  assert.deepEqual([told.type, told.run, told.status], ["result", null, "invalid"]);
});

test("resume refuses such answers too, and the run waits on", async () => {
  place.write("answers.yaml", "{}\n");
  assert.equal((await run()).code, 5);
  place.write("answers.yaml", "gone/color: red\n");
  const resumed = await place.run("resume", "last", "--trust", "--answers", "answers.yaml");
  assert.deepEqual([resumed.code, resumed.stdout], [2, ""]);
  assert.match(resumed.stderr, /`gone\/color`/);
  place.write("answers.yaml", "colour: blue\n");
  const ended = await place.run("resume", "last", "--trust", "--answers", "answers.yaml");
  assert.equal(ended.code, 0, ended.stderr);
});

test("an answer that is no option leaves the question open and says why", async () => {
  place.write("answers.yaml", "colour: green\n");
  const { code, stdout } = await run();
  assert.equal(code, 5);
  assert.match(stdout, /! .*red.*blue/);
});

test("with --json a refused answer of the file is a line of its own, and told on stderr", async () => {
  place.write("answers.yaml", "colour: green\n");
  const { code, stdout, stderr } = await run("--json");
  assert.equal(code, 5);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const refused = lines.filter(({ type }) => type === "refused");
  assert.equal(refused.length, 1, stdout);
  assert.deepEqual([refused[0].path, refused[0].run], ["colour", lines.at(-1).run]);
  assert.match(refused[0].reason, /red.*blue/);
  assert.match(stderr, /colour: .*red.*blue/);
});

test("a word that names no question is no answer; what is asked is told", async () => {
  place.write("answers.yaml", "{}\n");
  assert.equal((await run()).code, 5);
  const { code, stdout, stderr } = await place.run("answer", "last", "red");
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /Nothing is asked under that name/);
  assert.match(stderr, /answer run_\w+ colour@1 red/);
});

test("an answer to a run that asks nothing is told that, however many words it has", async () => {
  place.write("answers.yaml", "colour: red\n");
  assert.equal((await run()).code, 0);
  const two = await place.run("answer", "last", "colour", "bright", "red");
  assert.deepEqual([two.code, two.stdout], [1, ""]);
  assert.match(two.stderr, /The run is over \(done\)/);
  const none = await place.run("answer", "last", "red");
  assert.match(none.stderr, /Nothing waits for an answer in this run/);
});

test("an answers file that cannot be read says where, or why, and that is no fault of ours", async () => {
  place.write("answers.yaml", "colour: [\n");
  const torn = await run();
  assert.equal(torn.code, 2);
  assert.match(torn.stderr, /answers\.yaml:\d+:\d+: the answers file is not YAML: .*[^:\n]\n$/);
  const tens = (name: string) => Array.from({ length: 10 }, () => name).join(",");
  const levels = Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [${tens(`*a${i}`)}]`);
  place.write("answers.yaml", [`a0: &a0 [${tens("x")}]`, ...levels].join("\n"));
  const bomb = await run();
  assert.equal(bomb.code, 2, bomb.stderr);
  assert.match(bomb.stderr, /answers\.yaml repeats its parts by aliases too often/);
});

test("--approve says yes and --reject says no to a question of yes or no", async () => {
  place.write(
    "sure.workflow.yaml",
    `name: sure
version: 1.0.0
steps:
  - { id: ask, type: prompt, input: confirm, message: Sure? }
  - { id: done, type: return, value: "{{ steps.ask.confirmed }}" }
`,
  );
  for (const [word, value] of [
    ["--approve", true],
    ["--reject", false],
  ] as const) {
    assert.equal((await place.run("run", "sure", "--trust")).code, 5);
    const more = await place.run("answer", "last", "ask", "--reject", "not today");
    assert.deepEqual([more.code, more.stdout], [2, ""]);
    assert.match(more.stderr, /takes yes or no, and nothing with it/);
    const ended = await place.run("answer", "last", "ask", word, "--follow", "--trust", "--json");
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(JSON.parse(ended.stdout.trim().split("\n").at(-1) ?? "").value, value);
  }
});

test("of many questions five are told whole, the others in a line each, with how to see one", async () => {
  place.write(
    "many.workflow.yaml",
    `name: many
version: 1.0.0
steps:
  - id: each
    type: foreach
    items: [a, b, c, d, e, f, g]
    steps: [{ id: ask, type: prompt, input: text, message: "What about {{ item }}?" }]
`,
  );
  const { code, stdout } = await place.run("run", "many.workflow.yaml", "--trust");
  assert.equal(code, 5);
  const asked = stdout.slice(stdout.indexOf("Waiting for you.\n"));
  assert.deepEqual(
    [asked.match(/^\? What about \w\?/gm)?.length, asked.match(/ fermata answer run_/g)?.length],
    [7, 6],
    asked,
  );
  assert.match(
    asked,
    /\n\? What about g\? {2}each\[6\]\/ask\n\nEach of these 2 whole: {2}.*PATH\n/,
  );
  const one = await place.run("answer", "last", "each[6]/ask");
  assert.match(one.stdout + one.stderr, /What about g\?[\s\S]*fermata answer run_/);
});
