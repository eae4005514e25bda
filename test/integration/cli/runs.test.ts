/** Whole runs through the CLI without a terminal: answers by file, by another process, refusals, retries, ends. */
import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { until } from "../../process/until.ts";
import { type Ended, endOf, makePlace, type Place } from "./spawnCli.ts";

const place = makePlace();
after(() => place.remove());

const REVIEW = `name: review
version: 1.0.0
inputs:
  who: { type: string, required: true }
  count: { type: number, default: 2 }
steps:
  - { id: ask, type: prompt, input: text, message: "What matters, {{ inputs.who }}?", output_to: said }
  - id: work
    type: foreach
    items: "{{ range(inputs.count) | list }}"
    steps:
      - { id: note, type: shell, command: ["sh", "-c", "echo once >> runs.txt"], effects: repeatable }
  - { id: approval, type: approve, title: Plan, plan: "# Plan\\n\\n- first\\n- second", allow: [edit, partial] }
  - { id: done, type: return, value: { said: "{{ state.said.input }}", by: "{{ state.said.answered_by }}", plan: "{{ steps.approval.plan }}" } }
`;
place.write("review.workflow.yaml", REVIEW);

/** The objects of `--json`: events, and the result at the end. */
function linesOf({ stdout }: Ended) {
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { events: lines.slice(0, -1), result: lines.at(-1) };
}

/** A run that waits at its first question. */
async function waiting(at: Place = place): Promise<string> {
  const ended = await at.run("run", "review", "--trust", "--input", "who=Ada", "--json");
  assert.equal(ended.code, 5, ended.stderr);
  return linesOf(ended).result.run;
}

/** The same, brought to its plan. */
async function atPlan(): Promise<{ readonly run: string; readonly hash: string }> {
  const run = await waiting();
  const ended = await place.run("answer", run, "ask", "Peace", "--follow", "--trust", "--json");
  assert.equal(ended.code, 5, ended.stderr);
  return { run, hash: linesOf(ended).result.waiting[0].hash };
}

test("an answers file carries a run to its end, recorded as a policy", async () => {
  const answers = place.write(
    "answers.yaml",
    "ask: Kindness\napproval: { approved: true, drop: [1] }\n",
  );
  const ended = await place.run(
    "run",
    "review",
    "--trust",
    "--input",
    "who=Ada",
    "--input",
    "count=3",
    "--answers",
    answers,
    "--json",
  );
  assert.equal(ended.code, 0, ended.stderr);
  const { events, result } = linesOf(ended);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  assert.equal(events.at(-1).event.type, "run_finished");
  assert.equal(result.status, "done");
  assert.equal(result.value.said, "Kindness");
  assert.match(result.value.by, /^policy [0-9a-f]{16}$/);
  assert.equal(result.value.plan, "# Plan\n\n- second");
  assert.equal(events.filter(({ event }) => event.type === "task_started").length, 3);
});

test("without answers it says what it waits for and how to answer, and never waits silently", async () => {
  const ended = await place.run("run", "review", "--trust", "--input", "who=Ada");
  assert.equal(ended.code, 5);
  assert.match(ended.stdout, /\? ask {2}Waiting for you/);
  const command = /answer {2}(fermata answer run_\S+ ask@1 'YOUR ANSWER')/.exec(ended.stdout)?.[1];
  assert.ok(command, ended.stdout);
  assert.match(ended.stdout, /Then go on with: {2}fermata resume run_\S+ --trust/);
});

test("another process answers, a third goes on, and nothing finished runs twice", async () => {
  const own = makePlace();
  try {
    own.write("review.workflow.yaml", REVIEW);
    const run = await waiting(own);
    const answered = await own.run("answer", run.slice(-6), "ask", "Peace");
    assert.deepEqual([answered.code, answered.stderr], [0, ""]);
    assert.match(answered.stdout, /Nobody drives the run now; go on with: fermata resume run_/);
    const resumed = await own.run("resume", "last", "--trust");
    assert.equal(resumed.code, 5, resumed.stderr);
    assert.match(resumed.stdout, / 3 │ - first\n/);
    const hash = /--approve --shown ([0-9a-f]{16})/.exec(resumed.stdout)?.[1];
    assert.ok(hash);
    const approved = await own.run(
      "answer",
      "last",
      "--approve",
      "--shown",
      hash,
      "--follow",
      "--trust",
    );
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stdout, /Done\.\nsaid {2}Peace\nby {4}\S+\nplan {2}# Plan \(4 lines\)/);
    assert.equal((await own.run("eval", "{{ 1 }}")).stdout, "1\n");
    const shown = await own.run("show", run);
    assert.match(shown.stdout, / ✔ work +2\/2/);
  } finally {
    own.remove();
  }
});

test("an approval names what was seen; refused answers show what is asked now", async () => {
  const { run, hash } = await atPlan();
  const blind = await place.run("answer", run, "approval", "--approve");
  assert.equal(blind.code, 1);
  assert.match(blind.stderr, /An approval names the text it approves/);
  assert.match(blind.stderr, new RegExp(`--shown ${hash}`));
  const old = await place.run("answer", run, "approval", "--approve", "--shown", "0000");
  assert.equal(old.code, 1);
  assert.match(old.stderr, /has changed since you saw it/);
  const gone = await place.run("answer", run, "ask", "again");
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, / has answered ask already/);
  const wrong = await place.run("answer", run, "approval", "perhaps");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /does not fit/);
  const both = await place.run("answer", run, "--approve", "--reject", "no");
  assert.equal(both.code, 2);
});

test("a rejected plan ends with 3 and is not retried", async () => {
  const { run } = await atPlan();
  const rejected = await place.run(
    "answer",
    run,
    "approval",
    "--reject",
    "Not this year",
    "--follow",
    "--trust",
  );
  assert.equal(rejected.code, 3, rejected.stderr);
  assert.match(rejected.stdout, /Rejected\.[\s\S]*Not this year/);
  const retried = await place.run("retry", run, "--trust");
  assert.equal(retried.code, 1);
  assert.match(retried.stderr, /never retried/);
});

test("a cancel where nothing is trusted is recorded, asks nothing more, and says how it ends", async () => {
  const run = await waiting();
  const cancelled = await place.run("cancel", run);
  assert.equal(cancelled.code, 0, cancelled.stderr);
  assert.doesNotMatch(cancelled.stdout, /^Cancelled/m);
  assert.match(cancelled.stdout, new RegExp(`End it with: fermata resume ${run} --trust`));
  const shown = await place.run("show", run);
  assert.doesNotMatch(shown.stdout, /fermata answer/);
  const json = JSON.parse((await place.run("show", run, "--json")).stdout);
  assert.deepEqual([json.status, json.waiting], ["interrupted", []]);
  assert.equal((await place.run("resume", run, "--trust")).code, 4);
});

test("a cancelled run ends, whoever drives it", async () => {
  const run = await waiting();
  const cancelled = await place.run("cancel", run, "--trust");
  assert.equal(cancelled.code, 0, cancelled.stderr);
  const shown = JSON.parse((await place.run("show", run, "--json")).stdout);
  assert.equal(shown.status, "cancelled");
  const resumed = await place.run("resume", run, "--trust");
  assert.equal(resumed.code, 1);
  assert.match(resumed.stderr, /The run is over \(cancelled\)/);
});

test("what failed is shown with its reason, its output and the next move, and a retry finishes it", async () => {
  place.write(
    "shaky.workflow.yaml",
    `name: shaky
version: 1.0.0
steps:
  - { id: check, type: shell, command: ["sh", "-c", "echo looking; test -f ready"], effects: repeatable }
  - { id: done, type: return, value: fine }
`,
  );
  const failed = await place.run("run", "shaky", "--trust");
  assert.equal(failed.code, 1, failed.stderr);
  assert.match(failed.stdout, /Failed\.\nIn check:/);
  const run = /fermata retry (run_\S+)/.exec(failed.stdout)?.[1] ?? "";
  assert.match((await place.run("output", run, "check")).stdout, /looking/);
  const shown = await place.run("show", run);
  assert.match(shown.stdout, /\nIn check:\n[\s\S]+retry\.\n\nWhat it said: .+\nTry again: .+/);
  const unknown = await place.run("output", run, "chekc");
  assert.deepEqual(
    [unknown.code, /There is no task chekc[\s\S]* {2}check/.test(unknown.stderr)],
    [2, true],
  );
  const ready = place.write("ready", "");
  const retried = await place.run("retry", run, "--trust");
  assert.equal(retried.code, 0, retried.stderr);
  assert.match(retried.stdout, /Done\.\nfine/);
  rmSync(ready);
});

test("a budget says what it came to, and no retry is offered where it is used up", async () => {
  place.write(
    "answers.yaml",
    "rules: [{ response: ok, usage: { input_tokens: 90, output_tokens: 30 } }]",
  );
  const file = (mode: string) => `name: ${mode}
version: 1.0.0
agents: { "@task": { adapter: scripted, script: answers.yaml } }
limits: { tokens: 100, budget_mode: ${mode} }
steps:
  - { id: first, type: delegate, agent: "@task", instructions: hi }
  - { id: second, type: delegate, agent: "@task", instructions: hi }
`;
  place.write("enforce.workflow.yaml", file("enforce"));
  place.write("audit.workflow.yaml", file("audit"));
  const enforced = await place.run("run", "enforce", "--trust");
  assert.equal(enforced.code, 1, enforced.stderr);
  assert.match(enforced.stdout, /spent 120 tokens of the 100 it may/);
  assert.match(
    enforced.stdout,
    /A retry of this run would come to the same end: start a new one\./,
  );
  assert.doesNotMatch(enforced.stdout, /Try again:/);
  const audited = await place.run("run", "audit", "--trust");
  assert.equal(audited.code, 0, audited.stderr);
  assert.match(audited.stdout, /\nBudget {2}The run has spent 120 tokens of the 100 it may/);
  const money = file("audit").replace("tokens: 100", "cost_usd: 0.5").replace("audit", "money");
  place.write("money.workflow.yaml", money);
  const unpriced = await place.run("run", "money", "--trust");
  assert.equal(unpriced.code, 0, unpriced.stderr);
  const said = /! The run has spent 120 tokens of a model whose price is unknown/g;
  assert.equal(unpriced.stdout.match(said)?.length, 1, unpriced.stdout);
  assert.match(unpriced.stdout, /Budget {2}The run has spent 120 tokens of a model whose price/);
});

test("a follower sees the end of a run that another process drives, and writes nothing", async () => {
  place.write(
    "signal.workflow.yaml",
    `name: signal
version: 1.0.0
steps:
  - { id: gate, type: wait, signal: released }
  - { id: pause, type: wait, duration: 500ms }
  - { id: done, type: return, value: "{{ steps.gate.payload.to }}" }
`,
  );
  const first = await place.run("run", "signal", "--trust", "--json");
  assert.equal(first.code, 5);
  const { run } = linesOf(first).result;
  assert.match((await place.run("show", run)).stdout, /send it {2}fermata signal run_\S+ released/);
  const wrong = await place.run("signal", run, "released", "{to");
  assert.equal(wrong.code, 2);
  const sent = await place.run("signal", run, "released", '{"to": "eu"}');
  assert.equal(sent.code, 0, sent.stderr);
  const driver = endOf(place.start("resume", run, "--trust", "--json"));
  const followed = await place.run("show", run, "--follow", "--json");
  const driven = await driver;
  assert.equal(driven.code, 0, driven.stderr);
  assert.ok([0, 5].includes(followed.code ?? -1));
  assert.equal(linesOf(driven).result.value, "eu");
  const exported = JSON.parse((await place.run("export", run)).stdout);
  assert.equal(
    exported.records.filter(
      (record: { event: { type: string } }) => record.event.type === "run_finished",
    ).length,
    1,
  );
});

test("a run whose process was killed is interrupted, and resume finishes it", async () => {
  place.write(
    "long.workflow.yaml",
    `name: long
version: 1.0.0
steps:
  - { id: first, type: shell, command: ["sh", "-c", "echo first >> trace.txt"], effects: repeatable }
  - { id: second, type: shell, command: ["sh", "-c", "touch started; test -f go || sleep 60"], effects: repeatable }
  - { id: done, type: return, value: "{{ 'over' }}" }
`,
  );
  const child = place.start("run", "long", "--trust", "--json");
  const ended = endOf(child);
  const started = join(place.workspace, "started");
  await until("the second step", () => existsSync(started));
  child.kill("SIGKILL");
  await ended;
  place.write("go", "");
  assert.match((await place.run("runs")).stdout, /^! +run_\S+ +Interrupted/);
  const listed = JSON.parse((await place.run("runs", "--json", "--limit", "1")).stdout);
  assert.deepEqual([listed.status, listed.ownership], ["interrupted", "nobody"]);
  assert.match((await place.run("runs", "--query", "status:running")).stdout, /^No run .* fits/);
  const resumed = await place.run("resume", "last", "--trust", "--json");
  assert.equal(resumed.code, 0, resumed.stderr);
  const { events, result } = linesOf(resumed);
  assert.equal(result.value, "over");
  assert.equal(
    events.filter(({ event }) => event.type === "task_started" && event.path === "first").length,
    1,
  );
});

test("Ctrl-C without a terminal stops at once and keeps the run", async () => {
  rmSync(join(place.workspace, "started"), { force: true });
  rmSync(join(place.workspace, "go"), { force: true });
  const child = place.start("run", "long", "--trust");
  const ended = endOf(child);
  await until("the second step", () => existsSync(join(place.workspace, "started")));
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  assert.equal(code, 130);
  assert.match(stdout, /the run keeps its state\.\nGo on with: {2}fermata resume run_/);
});

test("pause lets nothing new start; resume goes on", async () => {
  const run = await waiting();
  const paused = await place.run("pause", run);
  assert.equal(paused.code, 0, paused.stderr);
  assert.match((await place.run("runs")).stdout, new RegExp(`${run} +Paused`));
  const resumed = await place.run("resume", run, "--trust");
  assert.equal(resumed.code, 5, resumed.stderr);
  assert.match(resumed.stdout, /Waiting for you/);
});

test("a program that waits for a result gets one, also when nothing is driven", async () => {
  const run = await waiting();
  const untrusted = ["untrusted", 6] as const;
  const invalid = ["invalid", 2] as const;
  for (const [words, [status, code]] of [
    [["run", "review", "--input", "who=Ada"], untrusted],
    [["resume", run], untrusted],
    [["retry", run], untrusted],
    [["run", "review", "--trust", "--inputs", "nowhere.json"], invalid],
    [["run", "review", "--trust", "--input", "who"], invalid],
    [["resume", "nowhere", "--trust"], invalid],
  ] as const) {
    const ended = await place.run(...words, "--json");
    assert.equal(ended.code, code, words.join(" "));
    const { result } = linesOf(ended);
    assert.deepEqual([result.type, result.run, result.status], ["result", null, status]);
    assert.ok(ended.stderr.includes(result.failure.message));
  }
});
