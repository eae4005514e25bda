/** `fermata fork`: finished work is kept, the rest is done again in a run of its own, large values and all. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { makePlace, type Place } from "./spawnCli.ts";

let place: Place;
beforeEach(() => {
  place = makePlace();
  place.write("work.workflow.yaml", WORK);
});
afterEach(() => place.remove());

const WORK = `name: work
version: 1.0.0
initial_state: { word: one, big: null }
steps:
  - { id: large, type: set_state, updates: { big: "{{ 'x' * 40000 }}" } }
  - { id: first, type: shell, command: "echo first | tee -a log" }
  - { id: second, type: shell, command: "echo {{ state.word }} | tee -a log", output_to: out }
  - { id: done, type: return, value: "{{ state.word }} {{ state.big | length }}" }
`;

const lines = () => readFileSync(join(place.workspace, "log"), "utf8").trim().split("\n");

test("a new run keeps what came before the task and does the rest, with the state that was set", async () => {
  const run = await place.run("run", "work.workflow.yaml", "--trust", "--json");
  assert.equal(run.code, 0, run.stderr);
  const parent = JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "").run;
  const before = (await place.run("export", parent)).stdout;

  const fork = await place.run(
    "fork",
    parent,
    "--from",
    "second",
    "--set",
    "word=two",
    "--trust",
    "--json",
  );
  assert.equal(fork.code, 0, fork.stderr);
  const result = JSON.parse(fork.stdout.trim().split("\n").at(-1) ?? "");
  assert.deepEqual([result.status, result.value], ["done", "two 40000"]);
  assert.notEqual(result.run, parent);
  assert.deepEqual(lines(), ["first", "one", "two"]);

  assert.equal((await place.run("export", parent)).stdout, before);
  const [first] = JSON.parse((await place.run("export", result.run)).stdout).records;
  assert.equal(first.event.forked_from, parent);
  assert.equal(JSON.parse(before).records.length > 0, true);
});

test("what the finished attempts said goes along, and nothing of what is done again", async () => {
  assert.equal((await place.run("run", "work.workflow.yaml", "--trust")).code, 0);
  const set = ["--set", "word=two"];
  const fork = await place.run("fork", "last", "--from", "second", ...set, "--trust", "--json");
  assert.equal(fork.code, 0, fork.stderr);
  const { run } = JSON.parse(fork.stdout.trim().split("\n").at(-1) ?? "");
  const last = JSON.parse((await place.run("show", "last", "--json")).stdout);
  assert.equal(last.run, run, "the fork is the later one");
  assert.match((await place.run("output", run, "first")).stdout, /first/);
  const { stdout } = await place.run("output", run, "second");
  assert.match(stdout, /two/);
  assert.doesNotMatch(stdout, /one/);
});

test("a task that never began, and a folder that nobody trusts, are refused; nothing is made", async () => {
  assert.equal((await place.run("run", "work.workflow.yaml", "--trust")).code, 0);
  const unknown = await place.run("fork", "last", "--from", "secnd", "--trust");
  assert.equal(unknown.code, 2, unknown.stdout);
  assert.match(unknown.stderr, /Did you mean second\?/);
  const untrusted = await place.run("fork", "last", "--from", "second");
  assert.notEqual(untrusted.code, 0);
  assert.equal((await place.run("runs", "--json")).stdout.trim().split("\n").length, 1);
});
