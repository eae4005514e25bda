/** What other agents can ask of the engine: each tool over the real product, what it refuses, and who may answer what. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { callTool } from "../../../src/app/agentTools/agentTool.ts";
import { agentTools } from "../../../src/app/agentTools/agentTools.ts";
import type { App } from "../../../src/app/app.ts";
import { composeApp } from "../../../src/app/compose.ts";
import { asks, reaches, scene, start, workflow } from "../../integration/harness/product.ts";
import { list, openDesk, text, toolsOf } from "./desk.ts";

const ASKING = workflow(
  "asking",
  `
inputs: { count: { type: number, required: true, validation: { max: 5 } } }
steps:
  - { id: word, type: prompt, input: text, message: "Which word?" }
  - { id: sure, type: prompt, input: confirm, message: "Sure?" }
  - { id: end, type: return, value: "{{ steps.word }} {{ inputs.count }}" }
`,
);

const PLAN = workflow(
  "plan",
  `
steps:
  - { id: check, type: approve, title: The plan, plan: "# Plan\\n\\n1. Do it" }
  - { id: end, type: return, value: "approved" }
`,
);

const FILES = {
  "workflows/asking.workflow.yaml": ASKING,
  "workflows/plan.workflow.yaml": PLAN,
  "workflows/loud.workflow.yaml": workflow(
    "loud",
    `steps: [{ id: say, type: shell, command: "echo hello" }]`,
  ),
  "workflows/broken.workflow.yaml":
    "name: broken\nversion: 1.0.0\nsteps: [{ id: x, type: nope }]\n",
};

const ALL = { settings: { agentAnswers: "all" } };
const QUESTIONS = { settings: { agentAnswers: "questions" } };

/** What of the product agents get, by its verbs: the tool, or why there is none. */
const VERBS: Readonly<Record<keyof App, `tool ${string}` | `no: ${string}`>> = {
  listTemplates: "tool list_workflows",
  startRun: "tool start_workflow",
  listRuns: "tool list_runs, list_escalations",
  watchRun: "tool get_run",
  listWorkers: "no: they are set up by a person; validate says when one is not known",
  runGates: "tool run_gates",
  settled: "tool wait_for_run",
  readOutput: "tool read_output",
  signal: "tool answer_question, claim_question, cancel_run, stop_task, guide_task, retry_run",
  openRun: "tool resume_run",
  agentAnswers: "tool answer_question",
  isTrusted: "no: it is said when something is refused",
  trust: "no: only a person trusts a folder",
  validate: "no: an agent writes files by its own means; `fermata validate --json` checks them",
  fix: "no: an agent edits files by its own means",
  migrate: "no: an agent edits files by its own means",
  listAgents: "no: they are named in workflow files only",
  listTools: "no: an agent has tool servers of its own",
  stats: "no: about this machine, for its owner",
  readEvents: "no: get_run tells what they come to",
  setStops: "no: debugging is for people",
  findSteps: "no: for debuggers",
  forkRun: "tool fork_run",
  resumeInterrupted: "no: an agent goes on with runs it names",
  exportRun: "no: it holds everything that people said",
  archiveRun: "no: keeping is for people",
  restoreRun: "no: keeping is for people",
  retention: "no: keeping is for people",
  prune: "no: an agent removes no records",
  evaluate: "no: for those who write workflows",
  doctor: "no: the set-up is for people",
  health: "no: about this machine, for its owner",
  dispose: "no: the host's own",
  workspace: "no: part of what get_run says",
  stateFolder: "no: an agent has no business there",
  logFile: "no: about this machine, for its owner",
};

test("every verb has its tool or its reason, and every tool its verb", () => {
  const named = Object.values(VERBS).filter((entry) => entry.startsWith("tool "));
  const tools = new Set(named.flatMap((entry) => entry.slice("tool ".length).split(", ")));
  const there = agentTools({ app: () => assert.fail(), allowed: () => assert.fail() }).map(
    ({ name }) => name,
  );
  assert.deepEqual([...tools].sort(), [...there].sort());
});

test("what can be started is told with its inputs, and what cannot with its problem", async (t) => {
  const { ask } = await openDesk(t, FILES);
  const workflows = list(await ask("list_workflows"), "workflows");
  const asking = workflows.find(({ name }) => name === "asking");
  assert.deepEqual(asking?.inputs, {
    count: { type: "number", required: true, validation: { max: 5 } },
  });
  const broken = workflows.find(({ name }) => name === "broken");
  assert.match(String(broken?.problem), /nope/);
});

test("inputs are checked before anything starts, and the refusal says which is wrong", async (t) => {
  const { refused, ask } = await openDesk(t, FILES);
  const wrong = await refused("start_workflow", { workflow: "asking", inputs: { count: 9 } });
  assert.match(wrong, /count.*at most 5|at most 5.*count/s);
  assert.match(wrong, /Nothing was started\.$/);
  assert.match(await refused("start_workflow", { workflow: "askin" }), /Did you mean `asking`\?/);
  assert.match(await refused("start_workflow", { workflow: "../asking" }), /There is no workflow/);
  assert.match(
    await refused("start_workflow", { workflow: "broken" }),
    /nope.*Nothing was started/s,
  );
  assert.match(await refused("start_workflow", { flow: "asking" }), /`workflow` is missing/);
  assert.deepEqual(list(await ask("list_runs"), "runs"), []);
});

test("a run is started, told with what it asks, answered and told again to its end", async (t) => {
  const { ask, app } = await openDesk(t, FILES, ALL);
  const run = text(
    await ask("start_workflow", { workflow: "asking", inputs: { count: 3 } }),
    "run",
  );
  let facts = await ask("wait_for_run", { run });
  assert.deepEqual([facts.status, facts.rests, facts.over], ["Waiting for you", true, false]);
  for (const answer of ["hey", true]) {
    const [open] = list(facts, "questions");
    assert.equal(open?.answerable, true);
    const { question, shown } = open ?? {};
    await ask("answer_question", { run, question: question ?? "", shown: shown ?? "", answer });
    facts = await ask("wait_for_run", { run });
  }
  assert.deepEqual([facts.status, facts.value, facts.questions], ["Done", "hey 3", []]);
  const task = list(facts, "tasks").find(({ path }) => path === "word");
  assert.deepEqual([task?.title, task?.status, task?.depth], ["word", "Done", 0]);
  const answers = (await app.readEvents(run)).flatMap(({ event }) =>
    event.type === "breakpoint_answered" ? [event.answered_by] : [],
  );
  assert.deepEqual(answers, ["tester over MCP", "tester over MCP"]);
  const [listed] = list(await ask("list_runs", { query: "status:done" }), "runs");
  assert.deepEqual([listed?.run, listed?.status], [run, "Done"]);
});

test("unless a person allowed it, no agent answers; decisions need a yes of their own", async (t) => {
  const careful = await openDesk(t, FILES);
  const run = await start(careful.app, "asking", { inputs: { count: 1 } });
  const { id, hash } = await asks(careful.app, run, "word");
  const answer = { run, question: id, shown: hash, answer: "hey" };
  assert.match(
    await careful.refused("answer_question", answer),
    /waits for a person.*fermata answer/,
  );
  const [open] = list(await careful.ask("get_run", { run }), "questions");
  assert.equal(open?.answerable, false);

  const asked = await openDesk(t, FILES, QUESTIONS);
  const second = await start(asked.app, "asking", { inputs: { count: 1 } });
  const word = await asks(asked.app, second, "word");
  await asked.ask("answer_question", { ...answer, run: second, shown: word.hash });
  const sure = await asks(asked.app, second, "sure");
  const yes = { run: second, question: sure.id, shown: sure.hash, answer: true };
  assert.match(await asked.refused("answer_question", yes), /sure@1 waits for a person/);
  const third = await start(asked.app, "plan");
  const plan = await asks(asked.app, third, "check");
  const approve = { run: third, question: plan.id, shown: plan.hash, answer: { approved: true } };
  assert.match(await asked.refused("answer_question", approve), /check@1 waits for a person/);
});

test("an answer names what was shown, and one to something else is refused", async (t) => {
  const { refused, ask, app } = await openDesk(t, FILES, ALL);
  const run = await start(app, "plan");
  const { id, hash } = await asks(app, run, "check");
  const answer = { run, question: id, answer: { approved: true } };
  assert.match(await refused("answer_question", answer), /`shown` is missing/);
  assert.match(
    await refused("answer_question", { ...answer, shown: "0000000000000000" }),
    /has changed since you saw it/,
  );
  const [open] = list(await ask("get_run", { run }), "questions");
  assert.deepEqual([open?.text, open?.shown], ["# Plan\n\n1. Do it", hash]);
  await ask("answer_question", { ...answer, shown: hash });
  assert.equal((await ask("wait_for_run", { run })).value, "approved");
});

test("a folder cannot allow what only a person may", async (t) => {
  const place = await scene(t, FILES);
  await place.write(".fermata/settings.json", JSON.stringify({ agentAnswers: "all" }));
  const app = await place.open();
  assert.equal(await app.agentAnswers(), "never");
  const findings = await app.doctor();
  assert.ok(findings.some(({ message }) => /agentAnswers counts only in your own/.test(message)));
  const own = join(place.root, "config", "fermata");
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "settings.json"), JSON.stringify({ agentAnswers: "questions" }));
  assert.equal(await app.agentAnswers(), "questions");
});

test("an untrusted folder is told of, and nothing starts in it", async (t) => {
  const place = await scene(t, FILES);
  const app = await composeApp({ workspace: place.workspace, env: place.env, trusted: false });
  t.after(() => app.dispose());
  const tools = toolsOf(app);
  const tool = tools.find(({ name }) => name === "start_workflow") ?? assert.fail();
  const caller = { name: "t", signal: new AbortController().signal };
  const answer = await callTool(tool, { workflow: "loud" }, caller);
  assert.match(answer.ok ? "" : answer.message, /is not trusted, so nothing may run there/);
});

test("waiting ends in time, and when nobody waits any more", async (t) => {
  const { app, place, call, ask } = await openDesk(t, FILES);
  const long = workflow("long", `steps: [{ id: s, type: wait, duration: 1h }]`);
  await place.write("workflows/long.workflow.yaml", long);
  const run = await start(app, "long");
  await reaches(app, run, "the wait", (state) => state.timers.size > 0);
  const timed = await ask("wait_for_run", { run, timeout_seconds: 1 });
  assert.deepEqual([timed.rests, timed.status], [false, "Waiting (timer)"]);
  const left = new AbortController();
  const waiting = call("wait_for_run", { run, timeout_seconds: 600 }, left.signal);
  left.abort();
  const answer = await waiting;
  assert.equal(answer.ok && answer.facts.rests, false);
  await ask("cancel_run", { run, reason: "enough" });
  assert.equal((await ask("wait_for_run", { run })).status, "Cancelled");
});

test("what a task said is read, and what is not there is named", async (t) => {
  const { app, ask, refused } = await openDesk(t, FILES);
  const run = await start(app, "loud");
  await ask("wait_for_run", { run });
  const lines = list(await ask("read_output", { run, path: "say" }), "lines");
  assert.ok(
    lines.some((line) => line.text === "hello"),
    JSON.stringify(lines),
  );
  assert.match(await refused("read_output", { run, path: "../say" }), /has no task/);
  assert.match(await refused("get_run", { run, path: "nope" }), /has no task nope/);
  assert.match(await refused("get_run", { run: "run_aaaaaaaaaaaa" }), /There is no run/);
  assert.match(await refused("get_run", { run: "../../etc" }), /`run` is wrong/);
});

test("a run of thousands of items is told within bounds, what failed first", async (t) => {
  const { app, place, ask } = await openDesk(t, FILES);
  const many = `
steps:
  - id: each
    type: foreach
    items: "{{ range(600) }}"
    mode: continue
    steps:
      - { id: s, type: return, value: "{{ 1 / 0 if item == 500 else item }}" }
`;
  await place.write("workflows/many.workflow.yaml", workflow("many", many));
  const run = await start(app, "many");
  const facts = await ask("wait_for_run", { run, timeout_seconds: 60 });
  const tasks = list(facts, "tasks");
  assert.equal(tasks.length, 200);
  assert.ok(Number(facts.tasks_left_out) >= 400);
  assert.ok(tasks.some(({ path, status }) => path === "each[500]" && status === "Failed"));
  const one = await ask("get_run", { run, path: "each[500]" });
  assert.deepEqual(
    list(one, "tasks").map(({ path }) => path),
    ["each[500]/s"],
  );
});
