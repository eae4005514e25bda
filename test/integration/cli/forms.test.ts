/** A form on the command line: what it asks, and every way of giving its fields. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { makePlace, type Place } from "./spawnCli.ts";

let place: Place;
beforeEach(async () => {
  place = makePlace();
  place.write("deploy.workflow.yaml", DEPLOY);
  place.write("answers.yaml", "{}\n");
});
afterEach(() => place.remove());

const DEPLOY = `name: deploy
version: 1.0.0
steps:
  - id: settings
    type: prompt
    input: form
    message: How shall it be deployed?
    fields:
      environment: { type: string, required: true, label: Where, validation: { enum: [staging, production] } }
      replicas: { type: number, default: 2, description: Copies of the service, validation: { max: 5 } }
      notes: { type: string }
  - { id: done, type: return, value: "{{ steps.settings.environment }} x{{ steps.settings.replicas }} {{ steps.settings.notes }}" }
`;

const start = (...more: readonly string[]) =>
  place.run("run", "deploy.workflow.yaml", "--trust", "--answers", "answers.yaml", ...more);

test("without a terminal the fields stand there with what they take, and one command answers them", async () => {
  const { code, stdout } = await start();
  assert.equal(code, 5);
  assert.match(stdout, /How shall it be deployed\?/);
  assert.match(stdout, /environment {2}Where \(a text, one of staging, production\)/);
  assert.match(
    stdout,
    /replicas +replicas: Copies of the service \(a number, at most 5 \(preset: 2\)\)/,
  );
  assert.match(stdout, /answer run_\w+ settings@1 environment=VALUE replicas=2 notes=VALUE/);

  const wrong = await place.run("answer", "last", "settings", "enviroment=staging", "replicas=9");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /There is no such field\..*Did you mean `environment`\?/);
  assert.match(wrong.stderr, /`environment`: Required/);
  assert.match(wrong.stderr, /`replicas`: 9 is too large\. Expected at most 5\./);

  place.write("notes.md", "slowly\nand by day");
  const given = ["environment=production", "replicas=4", "notes=@notes.md"];
  const right = await place.run(
    "answer",
    "last",
    "settings",
    ...given,
    "--follow",
    "--trust",
    "--json",
  );
  assert.equal(right.code, 0, right.stderr);
  const result = JSON.parse(right.stdout.trim().split("\n").at(-1) ?? "");
  assert.equal(result.value, "production x4 slowly\nand by day");
});

test("all fields at once as JSON, and from an answers file", async () => {
  assert.equal((await start()).code, 5);
  const json = '{"environment": "staging", "replicas": 1}';
  const answered = await place.run("answer", "last", "settings", json, "--follow", "--trust");
  assert.equal(answered.code, 0, answered.stderr);

  place.write("answers.yaml", "settings: { environment: staging, notes: by policy }\n");
  const run = await start("--json");
  assert.equal(run.code, 0, run.stderr);
  const lines = run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(lines.at(-1).value, "staging x2 by policy");
});

test("a word without a name is told how to write it", async () => {
  assert.equal((await start()).code, 5);
  const { code, stderr } = await place.run("answer", "last", "settings", "staging");
  assert.equal(code, 2);
  assert.match(stderr, /staging has no value\. Write name=value/);
});
