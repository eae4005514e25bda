import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDiagnostic } from "../../src/workflow/diagnostic.ts";
import { parseWorkflow } from "../../src/workflow/parse.ts";
import { STEP_KINDS } from "../../src/workflow/schema/stepKinds.ts";
import { seedFiles } from "./seeds.ts";

const HEAD = "name: demo\nversion: 1.0.0\n";

/** Diagnostics of a file of today's language, one line each. */
function problems(text: string, fileName = "demo.workflow.yaml"): string[] {
  return parseWorkflow({ text, fileName }).diagnostics.map((diagnostic) =>
    formatDiagnostic({ fileName, ...diagnostic }),
  );
}

/** The only step of a file, read without a problem. */
function onlyStep(step: string): object {
  const text = `${HEAD}steps:\n  - ${step.trim().replaceAll("\n", "\n    ")}\n`;
  const parsed = parseWorkflow({ text, fileName: "demo.workflow.yaml" });
  assert.deepEqual(parsed.diagnostics, []);
  return parsed.workflow?.steps[0] ?? assert.fail("no step");
}

test("a file becomes plain data with every default filled in", () => {
  const text = `${HEAD}steps:\n  - {id: done, type: return, value: 1}\n`;
  assert.deepEqual(parseWorkflow({ text, fileName: "demo.workflow.yaml" }).workflow, {
    name: "demo",
    version: "1.0.0",
    description: "",
    inputs: {},
    initial_state: {},
    steps: [{ kind: "return", id: "done", value: 1 }],
    tasks: {},
    phases: {},
    agents: {},
    limits: {},
    metadata: {},
    strict: true,
  });
});

test("durations become milliseconds", () => {
  const step = onlyStep(`
id: a
type: shell
command: [make]
timeout: 2.5
estimate: 2h
retry: {delay: 500ms, max_delay: 5m}`);
  assert.deepEqual(step, {
    kind: "shell",
    id: "a",
    command: ["make"],
    timeout: 2500,
    estimate: 7_200_000,
    retry: { max_attempts: 3, backoff: "exponential", delay: 500, max_delay: 300_000 },
  });
});

test("an expression may be bare, and is a template after reading", () => {
  const step = onlyStep("id: a\ntype: condition\nwhen: true\nif: inputs.x > 3\nthen: []");
  assert.deepEqual(step, {
    kind: "condition",
    id: "a",
    when: "{{ true }}",
    if: "{{ inputs.x > 3 }}",
    then: [],
    else: [],
  });
});

test("a name of a task is an unlinked reference", () => {
  const step = onlyStep("id: a\ntype: foreach\nitems: [1]\ntask: dig");
  assert.deepEqual(step, {
    kind: "foreach",
    id: "a",
    items: [1],
    task: { name: "dig", workflow: "" },
    sequential: false,
    max_parallel: 10,
    mode: "all",
  });
});

test("the seed's workflows are legacy files with two warnings", () => {
  for (const [fileName, text] of seedFiles()) {
    const { workflow, diagnostics } = parseWorkflow({ text, fileName });
    assert.equal(workflow?.strict, false);
    const expected = fileName === "research_task.yaml" ? [] : ["second-type", "second-type"];
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      expected,
    );
    for (const { fix, severity } of diagnostics) {
      assert.equal(severity, "warning");
      assert.deepEqual(
        fix?.edits.map((edit) => [text.slice(edit.start, edit.end), edit.text]),
        [["type", "input"]],
      );
    }
  }
});

test("a second type makes any file legacy, and `strict` goes first", () => {
  const steps = "steps:\n  - id: a\n    type: prompt\n    message: Hi\n    type: text\n";
  const read = (text: string) =>
    parseWorkflow({ text, fileName: "demo.workflow.yaml" }).workflow?.strict;
  assert.equal(read(HEAD + steps), false);
  assert.equal(read(`${HEAD}strict: true\n${steps}`), true);
});

test("problems have a place, what was expected and a suggestion", () => {
  const kinds = Object.keys(STEP_KINDS);
  assert.deepEqual(problems(`${HEAD}steps:\n  - id: ask\n    type: promt\n    mesage: Hi\n`), [
    `demo.workflow.yaml:5:11: error: Unknown type of step \`promt\` in step \`ask\`. Expected one of ${kinds.join(", ")}. ` +
      "Did you mean `prompt`? [unknown-step]",
  ]);
  assert.deepEqual(
    problems(`${HEAD}steps:\n  - id: ask\n    type: prompt\n    mesage: Hi\n    input: txt\n`),
    [
      "demo.workflow.yaml:4:5: error: `message` is missing in step `ask`. [missing-key]",
      "demo.workflow.yaml:6:5: error: Unknown key `mesage` in step `ask`. Did you mean `message`? [unknown-key]",
      'demo.workflow.yaml:7:12: error: `input` of step `ask` cannot be "txt". ' +
        "Expected one of info, confirm, text, choice, form. Did you mean `text`? [wrong-choice]",
    ],
  );
});

test("a key that is like no other is told with those that there are", () => {
  const [told = ""] = problems(
    `${HEAD}colour: red\nsteps:\n  - { id: ask, type: return, value: 1 }\n`,
  );
  assert.match(
    told,
    /^demo\.workflow\.yaml:3:1: error: Unknown key `colour` in the workflow\. Expected one of name, /,
  );
  assert.doesNotMatch(told, /Did you mean/);
});

test("hostile YAML is refused, not followed", () => {
  const first = (text: string) => problems(text)[0] ?? "";
  assert.match(first(""), /This file is empty/);
  assert.match(first("- 1\n"), /not a workflow/);
  assert.match(first("name: [\n"), /yaml/);
  assert.match(first(`${HEAD}steps: !evil x\n`), /\[yaml\]/);
  assert.match(first("[".repeat(20_000)), /\[yaml\]/);
  const cyclic = `${HEAD}steps: &s [{id: a, type: condition, if: x, then: *s}]\n`;
  assert.match(problems(cyclic).join("\n"), /too-large/);
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (let level = 1; level < 9; level++) {
    const [name, inner] = ["abcdefghi"[level], "abcdefghi"[level - 1]];
    bomb.push(
      `${name}: &${name} [*${inner},*${inner},*${inner},*${inner},*${inner},*${inner},*${inner}]`,
    );
  }
  const laughs = `${HEAD}steps: []\nmetadata:\n  ${bomb.join("\n  ")}\n`;
  assert.match(problems(laughs).join("\n"), /too-large/);
  assert.match(first(`${HEAD}steps: []\nmetadata: {__proto__: 1}\n`), /bad-key/);
});

test("the same key twice is an error that names the first line", () => {
  assert.deepEqual(problems(`${HEAD}steps: []\nname: other\n`), [
    "demo.workflow.yaml:4:1: error: `name` is already given on line 1. Keep one of the two. [duplicate-key]",
  ]);
});

test("what is not closed is found where it was opened", () => {
  const first = (text: string) => problems(text)[0] ?? "";
  const rest = "steps:\n  - id: a\n    type: wait\n    duration: 1s\n";
  assert.match(first(`${HEAD}description: "open\n${rest}`), /:3:14: .*this `"` is not closed/);
  assert.match(first(`${HEAD}description: 'open\n${rest}`), /:3:14: .*this `'` is not closed/);
  assert.match(first(`${HEAD}metadata: {a: 1\n${rest}`), /:3:11: .*this `{` is not closed/);
  assert.match(first(`${HEAD}metadata: [1, 2\n${rest}`), /:3:11: .*this `\[` is not closed/);
});

test("an alias of nothing, and a misspelt `type`, are named where they stand", () => {
  assert.deepEqual(problems(`${HEAD}steps:\n  - *nowhere\n`), [
    "demo.workflow.yaml:4:5: error: `*nowhere` stands for nothing: there is no `&nowhere` before it. [yaml]",
  ]);
  const [found] = problems(`${HEAD}steps:\n  - id: a\n    tpe: wait\n    duration: 1s\n`);
  assert.match(found ?? "", /:5:5: .*`type` is missing in step `a`.*Did you mean `type`\?/);
});

test("an item that cannot be read does not hide what else is wrong", () => {
  const branches = "branches: [no, {id: b, steps: [{id: c, type: wait, tim: 1}]}]";
  const found = problems(`${HEAD}steps: [{id: a, type: parallel, ${branches}}]\n`).join("\n");
  assert.match(found, /Item 1 of `branches`/);
  assert.match(found, /Unknown key `tim`/);
});

test("a file with problems without end is read to the five hundredth", () => {
  assert.equal(problems(`${HEAD}steps: [${"1, ".repeat(5000)}]\n`).length, 500);
  assert.equal(problems(`steps: }\n`.repeat(5000)).length, 20);
  const long = problems(`${HEAD}description: "${"x".repeat(300_000)}"\n`);
  assert.match(long.join(), /:3:\d+: .*longer than 262144 characters/);
});
