/** The CLI as a person meets it: a real terminal, prompts answered by keys, the picture drawn in place. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { noTerminal, openScreen } from "./pseudoTerminal.ts";
import { makePlace } from "./spawnCli.ts";

const skip = noTerminal() ?? false;
const place = makePlace({ EDITOR: "sed -i s/second/SECOND/" });
after(() => place.remove());

const ENTER = "\r";
const ESCAPE = "\u001b";
const DOWN = "\u001b[B";
const CTRL_C = "\u0003";
const PASTE = (text: string): string => `\u001b[200~${text}\u001b[201~`;

place.write(
  "plan.workflow.yaml",
  `name: plan
version: 1.0.0
description: Plans with you
inputs:
  who: { type: string, required: true, description: Whom it is for, validation: { min_length: 2 } }
steps:
  - { id: ask, type: prompt, input: text, message: "Hello {{ inputs.who }}.\\n\\nWhat matters?", output_to: said }
  - { id: look, type: foreach, items: [a, b], steps: [{ id: nap, type: shell, command: [sleep, "1"], effects: repeatable }] }
  - { id: sure, type: prompt, input: confirm, message: Shall I plan? }
  - { id: approval, type: approve, title: The plan, plan: "# Plan\\n\\n- first\\n- second", allow: [edit] }
  - { id: done, type: return, value: { said: "{{ state.said.input }}", plan: "{{ steps.approval.plan }}" } }
`,
);

test("trust, inputs, a text of several lines, a live picture, yes or no, a plan edited and approved", {
  skip,
}, async () => {
  const screen = openScreen(place, "run", "plan");
  await screen.shows("Do you trust the files in");
  screen.type("y");
  await screen.shows("who: Whom it is for");
  screen.type(`A${ENTER}`);
  await screen.shows("Expected");
  screen.type(`da${ENTER}`);
  await screen.shows("Hello Ada.");
  await screen.shows("Enter sends");
  screen.type(PASTE("peace\r\nquiet"));
  screen.type(ENTER);
  await screen.shows("look");
  await screen.shows("0/2");
  await screen.shows("sleep 1");
  await screen.shows("Shall I plan?");
  screen.type("y");
  await screen.shows("4 │ - second");
  await screen.shows("Approve version 1");
  await screen.shows("Later");
  screen.type(DOWN + DOWN + ENTER);
  await screen.shows("4 │ - SECOND");
  await screen.shows("Approve version 1, edited by you");
  await screen.shows("Later");
  screen.type(ENTER);
  await screen.shows("approved version 1 by you");
  const { code, text } = await screen.ended();
  assert.equal(code, 0, text);
  assert.match(text, /Done\.\nsaid {2}peace \(2 lines\)\nplan {2}# Plan \(4 lines\)/);
});

test("Esc means later: nothing is decided, and the question says how to answer it", {
  skip,
}, async () => {
  const screen = openScreen(place, "run", "plan", "--input", "who=Bob", "--trust");
  await screen.shows("Enter sends");
  screen.type(ESCAPE);
  const { code, text } = await screen.ended();
  assert.equal(code, 5, text);
  assert.match(text, /Left open for later; nothing was decided/);
  assert.match(text, /answer {2}fermata answer run_\S+ ask@1 'YOUR ANSWER'/);
});

test("a question answered elsewhere closes its prompt", { skip }, async () => {
  const screen = openScreen(place, "resume", "last", "--trust");
  await screen.shows("Enter sends");
  const answered = await place.run("answer", "last", "ask", "From elsewhere");
  assert.equal(answered.code, 0, answered.stderr);
  await screen.shows("It was answered elsewhere.");
  await screen.shows("Shall I plan?");
  await screen.shows("Yes");
  screen.type("n");
  await screen.shows("Approve version 1");
  screen.type(CTRL_C);
  const { code } = await screen.ended();
  assert.equal(code, 5);
});

test("keys typed before a plan is on screen do not approve it", { skip }, async () => {
  const screen = openScreen(place, "run", "plan", "--input", "who=Eve", "--trust");
  await screen.shows("Enter sends");
  screen.type(`go${ENTER}`);
  await screen.shows("sleep 1");
  screen.type(`${ENTER}y${ENTER}${ENTER}`);
  await screen.shows("Shall I plan?");
  await screen.shows("Yes");
  screen.type(ESCAPE);
  const { code } = await screen.ended();
  assert.equal(code, 5);
});

test("the first Ctrl-C asks, the second stops, and the run keeps its state", { skip }, async () => {
  place.write(
    "slow.workflow.yaml",
    "name: slow\nversion: 1.0.0\nsteps:\n  - { id: nap, type: shell, command: [sleep, '60'], timeout: 2m, effects: repeatable }\n",
  );
  const screen = openScreen(place, "run", "slow", "--trust");
  await screen.shows("sleep 60");
  screen.type(CTRL_C);
  await screen.shows("Ctrl-C again stops here; the run keeps its state");
  screen.type(CTRL_C);
  await screen.shows("Stopped here; the run keeps its state.");
  assert.equal((await screen.ended()).code, 130);
  assert.match((await place.run("runs")).stdout, /^! +run_\S+ +Interrupted/);
});

test("what a workflow prints cannot steer the terminal", { skip }, async () => {
  place.write(
    "rude.workflow.yaml",
    'name: rude\nversion: 1.0.0\nsteps:\n  - { id: ask, type: prompt, input: confirm, message: "Look \\e]0;owned\\a\\e[2J here\\n\\nGo on?" }\n',
  );
  const screen = openScreen(place, "run", "rude", "--trust");
  await screen.shows("Look ␛]0;owned␇␛[2J here");
  await screen.shows("Go on?");
  await screen.shows("Yes");
  screen.type("y");
  assert.equal((await screen.ended()).code, 0);
});

test("a form is asked field by field, each checked, and answered once", { skip }, async () => {
  place.write(
    "settings.workflow.yaml",
    `name: settings
version: 1.0.0
steps:
  - id: ask
    type: prompt
    input: form
    message: How shall it be deployed?
    fields:
      environment: { type: string, required: true, label: Where, validation: { enum: [staging, production] } }
      replicas: { type: number, default: 2, description: Copies, validation: { max: 5 } }
      notify: { type: boolean, default: false }
  - { id: done, type: return, value: "{{ steps.ask.environment }} {{ steps.ask.replicas }} {{ steps.ask.notify }}" }
`,
  );
  const screen = openScreen(place, "run", "settings", "--trust");
  await screen.shows("How shall it be deployed?");
  await screen.shows("Where (1 of 3)");
  await screen.shows("Later");
  screen.type(DOWN + ENTER);
  await screen.shows("replicas (2 of 3): Copies");
  await screen.shows("Enter sends");
  screen.type(`0${ENTER}`);
  await screen.shows("20 is too large. Expected at most 5.");
  screen.type(`\u007f\u007f4${ENTER}`);
  await screen.shows("notify (3 of 3)");
  await screen.shows("Later");
  screen.type(DOWN + ENTER);
  const { code, text } = await screen.ended();
  assert.equal(code, 0, text);
  assert.match(text, /production 4 true/);
});
