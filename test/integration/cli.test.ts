/** The program `fermata` as a person or a script meets it, without a terminal: what it prints and how it ends. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Files, type Scene, scene, workflow } from "./harness/product.ts";

const MAIN = fileURLToPath(new URL("../../src/hosts/cli/main.ts", import.meta.url));
const COMPILED = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Fermata = (...words: readonly string[]) => Promise<Said>;

async function cli(t: TestContext, files: Files): Promise<[Fermata, Scene]> {
  const place = await scene(t, files);
  const { workspace: cwd } = place;
  const env = { ...place.env, NODE_COMPILE_CACHE: COMPILED };
  const fermata: Fermata = (...words) =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [MAIN, ...words], { cwd, env }, (error, out, err) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
      );
      child.stdin?.end();
    });
  return [fermata, place];
}

const FACTS = { "src/api.ts": "// The public API has no rate limiting\nexport {};\n" };
const TASK = ["--input", "task_description=Add rate limiting to the public API"];

/** The commands that a text offers, without the program's name. */
function offered(text: string, verb: string): readonly string[] {
  const line = new RegExp(`fermata (${verb} .*)`).exec(text)?.[1] ?? assert.fail(text);
  return line.split(" ").map((word) => word.replace(/^'|'$/g, ""));
}

test("the main job by copying what is offered: run, answer, resume, approve, resume", async (t) => {
  const [fermata, place] = await cli(t, FACTS);
  const untrusted = await fermata("run", "interactive-planning", ...TASK);
  assert.equal(untrusted.code, 6);
  assert.match(untrusted.err, /is not trusted.*\n.*--trust/);
  const first = await fermata("run", "interactive-planning", "--trust", ...TASK);
  assert.equal(first.code, 5, first.err);
  assert.match(first.out, /Add rate limiting to the public API/);
  const [answer, run = "", question = ""] = offered(first.out, "answer");
  const answered = await fermata(answer ?? "", run, question, "per client");
  assert.equal(answered.code, 0, answered.err);
  const second = await fermata(...offered(answered.out, "resume"));
  assert.equal(second.code, 5, second.err);
  assert.match(second.out, /src\/api\.ts:1\b/);
  const approval = offered(second.out, "answer .*--approve");
  assert.ok(approval.includes("--shown"));
  const approved = await fermata(...approval);
  assert.equal(approved.code, 0, approved.err);
  const last = await fermata(...offered(approved.out, "resume"));
  assert.equal(last.code, 0, last.err);
  const where = (await fermata("where")).out.trim().split("\n").at(-1) ?? "";
  assert.match(await readFile(join(where, "memory.jsonl"), "utf8"), /"approved":true/);
  assert.ok(!where.startsWith(place.workspace));
});

test("--json prints one object a line, each event once, the result last; --answers answers", async (t) => {
  const [fermata, { write }] = await cli(t, FACTS);
  await write(
    "answers.yaml",
    "gather-requirements: per client\nrequest-approval: { approved: true }\n",
  );
  const words = ["--trust", "--json", "--answers", "answers.yaml", ...TASK];
  const { code, out, err } = await fermata("run", "interactive-planning", ...words);
  assert.equal(code, 0, err);
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const events = lines.filter(({ type }) => type === "event");
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  const result = lines.at(-1);
  assert.deepEqual([result.type, result.status, result.value.saved], ["result", "done", true]);
  const exported = JSON.parse((await fermata("export", result.run)).out);
  assert.equal(exported.records.length, events.length);
});

test("each end has its own number", async (t) => {
  const [fermata] = await cli(t, {
    "workflows/it.workflow.yaml": workflow(
      "it",
      `
inputs: { how: { type: string, required: true } }
steps:
  - { id: fails, type: shell, command: "exit 3", when: "{{ inputs.how == 'fail' }}" }
  - { id: plan, type: approve, plan: "# Plan", title: Plan, when: "{{ inputs.how == 'reject' }}" }
  - { id: ask, type: prompt, input: confirm, message: "?", when: "{{ inputs.how == 'wait' }}" }
`,
    ),
    "answers.yaml": "plan: { approved: false, reason: no }\n",
  });
  const run = (how: string) =>
    fermata("run", "it", "--trust", "--answers", "answers.yaml", "--input", `how=${how}`);
  assert.equal((await run("pass")).code, 0);
  assert.equal((await run("fail")).code, 1);
  assert.equal((await run("reject")).code, 3);
  assert.equal((await run("wait")).code, 5);
  assert.equal((await fermata("cancel", "last")).code, 0);
  assert.equal((await fermata("run", "it", "--trust")).code, 2);
  assert.equal((await fermata("run", "itt", "--trust")).code, 2);
  assert.equal((await fermata("show", "nowhere")).code === 0, false);
});

test("a rejected plan ends the planning as rejected, with its number, and is not saved", async (t) => {
  const [fermata, { write }] = await cli(t, FACTS);
  await write(
    "answers.yaml",
    "gather-requirements: per client\nrequest-approval: { approved: false, reason: Too big }\n",
  );
  const words = ["--trust", "--answers", "answers.yaml", ...TASK];
  const { code, out, err } = await fermata("run", "interactive-planning", ...words);
  assert.equal(code, 3, err);
  assert.match(out, /Rejected\.\n[\s\S]*Too big/);
  const where = (await fermata("where")).out.trim().split("\n").at(-1) ?? "";
  const memory = await readFile(join(where, "memory.jsonl"), "utf8");
  assert.doesNotMatch(memory, /"key":"plan_/);
});

test("a wrong file is shown with its line, and nothing was started", async (t) => {
  const [fermata] = await cli(t, {
    "workflows/it.workflow.yaml": workflow("it", "steps: [{ id: a, type: promt, message: x }]"),
  });
  for (const verb of ["validate", "run"]) {
    const { code, err, out } = await fermata(verb, "workflows/it.workflow.yaml");
    assert.equal(code, 2);
    assert.match(
      `${err}${out}`,
      /it\.workflow\.yaml:4:\d+: error: .*promt[\s\S]*Did you mean `?prompt`?/,
    );
  }
  assert.doesNotMatch((await fermata("runs")).out, /run_/);
});

test("validate offers to mend a file, mends it when told to, and leaves the rest to a person", async (t) => {
  const broken = workflow(
    "it",
    `initial_state: { text: "" }
steps:
  - { id: a, type: set_state, needs_state: [], updates: { text: "{{ state.text | uper }}" } }
  - { id: b, type: return, value: "{{ steps.a }} {{ state.other }}" }
  - { id: c, type: wait, duration: 1s } # never
`,
  );
  const [fermata, place] = await cli(t, { "it.workflow.yaml": broken });
  const file = join(place.workspace, "it.workflow.yaml");
  await chmod(file, 0o640);
  const offered = await fermata("validate", "it.workflow.yaml");
  assert.equal(offered.code, 2);
  assert.match(offered.out, /3 of these can be mended: .*validate --fix it\.workflow\.yaml/);
  assert.match(offered.out, /Fix: Remove step `c`/);
  assert.equal(await readFile(file, "utf8"), broken);
  const mended = await fermata("validate", "--fix", "it.workflow.yaml");
  assert.equal(mended.code, 0, mended.out);
  assert.match(mended.out, /it\.workflow\.yaml:6: fixed: Replace by `upper`/);
  assert.match(mended.out, /warning: Step `c` never runs/);
  const text = await readFile(file, "utf8");
  assert.match(
    text,
    /needs_state: \[text\], updates: \{ text: "\{\{ state\.text \| upper \}\}" \}/,
  );
  assert.match(text, /initial_state: \{ text: "", other: null \}/);
  assert.match(text, /- \{ id: c, type: wait, duration: 1s \} # never\n$/);
  assert.equal((await stat(file)).mode & 0o777, 0o640);
  const again = JSON.parse((await fermata("validate", "--fix", "--json", "it.workflow.yaml")).out);
  assert.deepEqual([again.ok, again.fixed, again.diagnostics.length], [true, [], 1]);
  assert.equal(await readFile(file, "utf8"), text);
});

test("eval keeps the type of one expression, and points at what is wrong", async (t) => {
  const [fermata] = await cli(t, { "c.json": JSON.stringify({ items: [1, 2, 3] }) });
  const good = await fermata("eval", "{{ items | sum }}", "--context", "c.json");
  assert.deepEqual([good.code, JSON.parse(good.out)], [0, 6]);
  const text = await fermata("eval", "n={{ items | length }}", "--context", "c.json");
  assert.equal(JSON.parse(text.out), "n=3");
  const bad = await fermata("eval", "{{ items | summ }}", "--context", "c.json");
  assert.equal(bad.code, 2);
  assert.match(bad.err, /1:12: .*summ/);
});
