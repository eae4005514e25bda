import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionsOf, occurrenceAt, renameAt, sameThing } from "../../src/language/navigate.ts";
import { applyEdits } from "../../src/workflow/edit.ts";
import { cursorOf, opened, PLAN } from "./marked.ts";

function look(marked: string) {
  const { text, offset } = cursorOf(marked);
  const { occurrences: all } = opened(text);
  const found = occurrenceAt(all, offset);
  assert.ok(found, "nothing at the cursor");
  const line = ({ start }: { start: { line: number } }) =>
    (text.split("\n")[start.line - 1] ?? "").trim();
  return {
    text,
    definitions: definitionsOf(all, found).map(line),
    uses: sameThing(all, found).map(({ range }) => line(range)),
    rename: (to: string) => renameAt(all, offset, to),
  };
}

test("from a use of a step, task, state field, input, agent and phase to where it is defined", () => {
  const from = (part: string, marked: string) => look(PLAN.replace(part, marked)).definitions;
  assert.deepEqual(from("steps.ask_you", "steps.ask_‸you"), ["- id: ask-you"]);
  assert.deepEqual(from("steps['ask-you']", "steps['as‸k-you']"), ["- id: ask-you"]);
  assert.deepEqual(from("task: look-up", "task: lo‸ok-up"), ["look-up:"]);
  assert.deepEqual(from("draft | upper", "dr‸aft | upper"), ['draft: "first"']);
  assert.deepEqual(from("inputs.topic", "inputs.to‸pic"), [
    "topic: { type: string, required: true, description: What it is about }",
  ]);
  assert.deepEqual(from("phase: think", "phase: th‸ink"), ["think: { title: Thinking }"]);
});

test("a field that nothing declares comes from what writes it", () => {
  assert.deepEqual(look(PLAN.replace("[found,", "[fo‸und,")).definitions, ["output_to: found"]);
});

test("references of a state field stay inside the body that it belongs to", () => {
  const { uses } = look(PLAN.replace('draft: "first"', 'dra‸ft: "first"'));
  assert.deepEqual(uses, [
    'draft: "first"',
    'message: "About {{ inputs.topic }}: {{ state.draft | upper }}"',
    "needs_state: [found, draft]",
    `draft: "{{ state.found[0] }} {{ state['draft'] }} {{ steps['ask-you'].input }}"`,
    `draft: "{{ state.found[0] }} {{ state['draft'] }} {{ steps['ask-you'].input }}"`,
    'instructions: "{{ state.draft }}"',
  ]);
  assert.deepEqual(look(PLAN.replace("draft: null", "dra‸ft: null")).uses.length, 3);
});

test("a task's input is used by the call that gives it", () => {
  assert.deepEqual(look(PLAN.replace("question: { type", "ques‸tion: { type")).uses, [
    "question: { type: string }",
    'command: ["echo", "{{ inputs.question }} {{ state.draft }}"]',
    'question: "{{ item }} {{ steps.ask_you.input }}"',
  ]);
});

test("renaming a step reaches every use, in the form that it has there", () => {
  const { text, rename } = look(PLAN.replace("id: ask-you", "id: as‸k-you"));
  const renamed = rename("first-question");
  assert.ok(renamed.ok);
  const written = applyEdits(text, renamed.edits);
  assert.match(written, /id: first-question/);
  assert.match(written, /steps\.first_question\.input/);
  assert.match(written, /steps\['first-question'\]\.input/);
  assert.doesNotMatch(written, /ask.you/);
});

test("renaming an agent reaches supervision and gates", () => {
  const supervised = PLAN.replace(
    'agent: "@writer"',
    'agent: "@wri‸ter"\n    supervise: { validator: "@writer" }\n    gates: [{ name: g, check: { agent: "@writer", criteria: good } }]',
  );
  const { uses } = look(supervised);
  assert.deepEqual(uses, [
    'agent: "@writer"',
    'supervise: { validator: "@writer" }',
    'gates: [{ name: g, check: { agent: "@writer", criteria: good } }]',
  ]);
});

test("renaming a state field leaves the same name elsewhere alone", () => {
  const { text, rename } = look(
    PLAN.replace("{{ state.found[0] }}", "{{ state.found[0] }}").replace(
      "draft | upper",
      "dra‸ft | upper",
    ),
  );
  const renamed = rename("sketch");
  assert.ok(renamed.ok);
  const written = applyEdits(text, renamed.edits);
  assert.equal(written.match(/sketch/g)?.length, 6);
  assert.match(written, /draft: null/);
  assert.match(written, /output_to: draft/);
});

test("a rename that cannot be says why", () => {
  const step = look(PLAN.replace("id: ask-you", "id: as‸k-you"));
  const message = (renamed: ReturnType<typeof step.rename>) =>
    renamed.ok ? "ok" : renamed.message;
  assert.match(message(step.rename("two words")), /cannot be a name here/);
  assert.match(message(step.rename("research")), /There is a step `research` already/);
  const field = look(PLAN.replace("draft | upper", "dra‸ft | upper"));
  assert.match(message(field.rename("my-draft")), /use `_` instead of `-`/);
  const input = look(PLAN.replace("inputs.topic", "inputs.to‸pic"));
  assert.match(message(input.rename("subject")), /Only a step's id or a state field/);
});
