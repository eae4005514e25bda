/** `fermata set`: fields of a waiting run written from another process, and what is refused. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { makePlace, type Place } from "./spawnCli.ts";

let place: Place;
beforeEach(async () => {
  place = makePlace();
  place.write("ask.workflow.yaml", ASKS);
  place.write("answers.yaml", "{}\n");
  const started = await place.run(
    "run",
    "ask.workflow.yaml",
    "--trust",
    "--answers",
    "answers.yaml",
  );
  assert.equal(started.code, 5, started.stderr);
});
afterEach(() => place.remove());

const ASKS = `name: ask
version: 1.0.0
initial_state: { plan: old, count: 1, note: null }
steps:
  - { id: go, type: prompt, input: confirm, message: Go? }
  - { id: done, type: return, value: { plan: "{{ state.plan }}", count: "{{ state.count + 1 }}", note: "{{ state.note }}" } }
`;

test("values are JSON or text, a file's text too, and the run goes on with them", async () => {
  place.write("plan.md", "# New\n");
  const set = await place.run("set", "last", "plan=@plan.md", "count=41", 'note="7"');
  assert.deepEqual([set.code, set.stdout.trim()], [0, "Set plan, count, note."]);
  const end = await place.run("answer", "last", "go", "yes", "--follow", "--trust", "--json");
  const result = JSON.parse(end.stdout.trim().split("\n").at(-1) ?? "");
  assert.deepEqual(result.value, { plan: "# New\n", count: 42, note: "7" });
  const exported = JSON.parse((await place.run("export", "last")).stdout);
  const event = exported.records.find(
    (record: { event: { type: string } }) => record.event.type === "state_set",
  ).event;
  assert.deepEqual(event.updates, { plan: "# New\n", count: 41, note: "7" });
  assert.notEqual(event.by, "");
});

test("null is null", async () => {
  assert.equal((await place.run("set", "last", "plan=null")).code, 0);
  const end = await place.run("answer", "last", "go", "yes", "--follow", "--trust", "--json");
  assert.equal(JSON.parse(end.stdout.trim().split("\n").at(-1) ?? "").value.plan, null);
});

test("unknown fields, states that are not there and runs that are over are refused", async () => {
  const unknown = await place.run("set", "last", "plam=1");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /no field `plam` \(did you mean `plan`\?\)/);
  const nowhere = await place.run("set", "last", "plan=1", "--at", "each[3]");
  assert.match(nowhere.stderr, /Nothing is at work at each\[3\]/);
  assert.equal((await place.run("set", "last", "plan")).code, 2);
  assert.equal((await place.run("answer", "last", "go", "no", "--follow", "--trust")).code, 0);
  const over = await place.run("set", "last", "plan=1");
  assert.deepEqual([over.code, /The run is over \(done\)/.test(over.stderr)], [1, true]);
});
