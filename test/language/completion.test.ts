import assert from "node:assert/strict";
import { test } from "node:test";
import { completionsAt } from "../../src/language/complete/completion.ts";
import type { Completion } from "../../src/language/complete/offer.ts";
import { cursorOf, PLAN, WORLD } from "./marked.ts";

function offers(marked: string): readonly Completion[] {
  const { text, offset } = cursorOf(marked);
  return completionsAt({ fileName: "a.workflow.yaml", text }, offset, WORLD);
}

function labels(marked: string): string[] {
  return offers(marked).map(({ label }) => label);
}

/** The text after the offer with a label is taken. */
function taken(marked: string, label: string): string {
  const { text } = cursorOf(marked);
  const found = offers(marked).find((each) => each.label === label);
  assert.ok(found, `no offer ${label} among ${labels(marked).join(", ")}`);
  return text.slice(0, found.start) + found.insert + text.slice(found.end);
}

test("keys of the file that are not there yet", () => {
  const found = labels("name: a\nversion: 1.0.0\n‸\n");
  assert.ok(found.includes("steps") && found.includes("inputs") && found.includes("limits"));
  assert.ok(!found.includes("name") && !found.includes("version"));
  assert.equal(taken("name: a\nver‸\n", "version"), "name: a\nversion: \n");
});

test("what is required comes first, with its type and doc", () => {
  const [first] = offers("‸").filter(({ first: required }) => required);
  assert.equal(first?.label, "name");
  const limit = offers("name: a\nlim‸").find(({ label }) => label === "limits");
  assert.equal(limit?.detail, "mapping");
});

const STEP = "name: a\nversion: 1.0.0\nsteps:\n  - id: one\n";

test("keys of a step are those of its type, wherever the cursor stands in it", () => {
  const prompt = labels(`${STEP}    type: prompt\n    ‸\n`);
  assert.ok(
    prompt.includes("message") && prompt.includes("on_error") && !prompt.includes("command"),
  );
  const shell = labels(`${STEP}    comm‸\n    type: shell\n`);
  assert.ok(shell.includes("command") && !shell.includes("message"));
  assert.ok(labels(`${STEP}  - ‸\n`).includes("id"));
});

test("types of steps, with what they do", () => {
  const found = offers(`${STEP}    type: ‸\n`);
  const shell = found.find(({ label }) => label === "shell");
  assert.equal(shell?.detail, "Runs a command.");
  assert.equal(taken(`${STEP}    type: del‸\n`, "delegate"), `${STEP}    type: delegate\n`);
});

test("choices, booleans and lists of choices", () => {
  assert.deepEqual(labels(`${STEP}    type: foreach\n    sequential: ‸\n`), ["true", "false"]);
  assert.ok(labels(`${STEP}    type: prompt\n    input: ‸\n`).includes("confirm"));
  assert.deepEqual(labels(`${STEP}    type: approve\n    allow:\n      - ‸\n`), [
    "edit",
    "comment",
    "partial",
  ]);
  assert.ok(labels(`${STEP}    type: approve\n    allow: [edit, ‸]\n`).includes("comment"));
});

test("names: agents, tools with their parameters, tasks, workflows with their inputs, phases, state fields", () => {
  assert.deepEqual(labels(PLAN.replace('agent: "@writer"', "agent: ‸")), ["@writer"]);
  assert.equal(
    taken(`${STEP}    type: delegate\n    agent: ‸\n`, "@writer"),
    `${STEP}    type: delegate\n    agent: "@writer"\n`,
  );
  assert.deepEqual(labels(`${STEP}    type: mcp_call\n    tool: ‸\n`), ["memory.save"]);
  assert.deepEqual(labels(`${STEP}    type: worker_call\n    worker: ‸\n`), ["quality"]);
  assert.deepEqual(
    labels(`${STEP}    type: mcp_call\n    tool: memory.save\n    parameters:\n      ‸\n`),
    ["key", "value"],
  );
  assert.deepEqual(labels(PLAN.replace("task: look-up", "task: ‸")), ["look-up", "deploy"]);
  assert.deepEqual(
    labels(`${STEP}    type: workflow\n    workflow: deploy\n    inputs:\n      ‸\n`),
    ["target"],
  );
  assert.deepEqual(labels(PLAN.replace("phase: think", "phase: ‸")), ["think"]);
  assert.deepEqual(labels(PLAN.replace("[found, draft]", "[found, ‸]")).sort(), [
    "answer",
    "draft",
    "found",
  ]);
});

test("inside expressions: roots, members, steps that ran before, what their results hold", () => {
  const inside = (expression: string) =>
    labels(PLAN.replace('"{{ state.draft }}"', `"{{ ${expression} }}"`));
  assert.deepEqual(inside("st‸").slice(0, 4), ["inputs", "state", "steps", "run"]);
  assert.ok(inside("‸").includes("now"));
  assert.deepEqual(inside("state.‸").sort(), ["answer", "draft", "found"]);
  assert.deepEqual(inside("inputs.to‸"), ["topic"]);
  assert.deepEqual(inside("steps.‸"), ["ask_you", "research", "keep"]);
  assert.deepEqual(inside("steps.ask_you.‸"), ["input", "answered_by", "answered_at"]);
  assert.ok(inside("state.draft | ‸").includes("tojson"));
  assert.ok(inside("state.draft is not ‸").includes("defined"));
  assert.ok(inside("state.draft.spl‸").includes("split"));
  assert.deepEqual(inside("'state.‸'"), []);
});

test("an expression's offer replaces the word under the cursor only", () => {
  const marked = PLAN.replace('"{{ state.draft }}"', '"{{ state.dr‸ }} and more"');
  assert.equal(
    taken(marked, "draft"),
    PLAN.replace('"{{ state.draft }}"', '"{{ state.draft }} and more"'),
  );
});

test("expressions in blocks, bare expressions, and statements", () => {
  const block = `${STEP}    type: shell\n    command: |\n      echo {{ run.‸ }}\n`;
  assert.deepEqual(labels(block), ["id", "started_at", "workflow"]);
  assert.ok(labels(`${STEP}    type: shell\n    when: inp‸\n    command: x\n`).includes("inputs"));
  assert.ok(labels(`${STEP}    type: shell\n    command: "{% ‸ %}"\n`).includes("endif"));
  assert.deepEqual(labels(`${STEP}    type: shell\n    command: |\n      echo ‸\n`), []);
});

test("a task sees its own inputs and the item, not the file's", () => {
  const inTask = labels(PLAN.replace("{{ inputs.question }}", "{{ inputs.‸ }}"));
  assert.deepEqual(inTask, ["question"]);
});

test("comments and text without a meaning offer nothing, and no text throws", () => {
  assert.deepEqual(labels("# na‸\nname: a\n"), []);
  for (const text of ["\t‸", "a: [‸", "'‸", "? ‸", "- - -‸", "&a *‸", "{‸", "a: |\n ‸", "%‸"])
    labels(text);
});
