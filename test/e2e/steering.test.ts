/** What people do to a run in real VS Code: fill in a form and go back in it, set its state, retry from a finished task. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import {
  failureScreenshot,
  type Product,
  pickFromMenu,
  pressInline,
  showViews,
  startProduct,
  untilVisible,
} from "./product.ts";

const DEPLOY = `name: deploy
version: 1.0.0
description: A form and a stop
initial_state: { note: none }
steps:
  - id: settings
    type: prompt
    input: form
    message: How shall it be deployed?
    fields:
      environment: { type: string, required: true, label: Where, validation: { enum: [staging, production] } }
      replicas: { type: number, default: 2, description: Copies, validation: { max: 5 } }
    output_to: settings
  - { id: record, type: shell, command: "echo {{ state.settings.environment }} {{ state.settings.replicas }} >> log.txt", breakpoint: after, gates: [{ name: logged, check: { command: "cat log.txt; grep -q production log.txt" } }] }
  - { id: give, type: return, value: "{{ state.note }}" }
`;

/** It must stay text wherever it is shown. */
const ENDLESS = "endless <b>$(alert) [x](command:workbench.action.closeWindow)";

const LINGER = `name: linger
version: 1.0.0
description: Work without an end
steps:
  - { id: endless, name: "${ENDLESS}", type: shell, command: [sleep, "3600"], timeout: 2h }
`;

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, (workspace) => {
    writeFileSync(join(workspace, "deploy.workflow.yaml"), DEPLOY);
    writeFileSync(join(workspace, "linger.workflow.yaml"), LINGER);
  });
  editor = product.editor;
  await showViews(editor);
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

test("a form is asked field by field, with a way back, and refuses what does not fit", async () => {
  const { quickInput } = editor;
  await pressInline(editor, "deployA form", "Run Workflow");
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("How shall it be")));
  await editor.treeRow("How shall it be").click();
  await quickInput.wait("Where");
  await quickInput.pick("staging");
  await quickInput.wait("Copies");
  await quickInput.fill("9");
  await until("the refusal", quickInput.texts, ({ message }) => message.includes("at most 5"));
  await editor.screenshot("steering-1-form");
  await editor.page.locator(".quick-input-widget:visible [aria-label^='Back']").click();
  await quickInput.wait("Where");
  await quickInput.pick("production");
  await quickInput.wait("Copies");
  await quickInput.fill("4");
  await editor.untilTree((rows) =>
    rows.some(({ text }) => text.startsWith("Stopped after record")),
  );
  const [run = ""] = product.runs();
  const answers = product.events(run).filter(({ type }) => type === "breakpoint_answered");
  assert.deepEqual(
    answers.map(({ answer }) => (answer as { value: unknown }).value),
    [{ environment: "production", replicas: 4 }],
  );
});

test("a field of the state is set at the stop, and the run goes on with it", async () => {
  const { quickInput } = editor;
  await editor.runCommand("Fermata: Set State Field");
  await quickInput.wait("Which run?");
  await quickInput.pick("deploy");
  await quickInput.wait("Which field?");
  await quickInput.pick("note");
  await quickInput.wait("Set State Field: note");
  await quickInput.fill("[1, 2]");
  const [run = ""] = product.runs();
  const set = () => product.events(run).filter(({ type }) => type === "state_set");
  await until(
    "the event",
    async () => set(),
    (events) => events.length === 1,
  );
  await editor.treeRow("Stopped after record").click();
  await quickInput.pick("Continue");
  await editor.untilTree((rows) => rows.some(({ text }) => /^deploy.*Done/.test(text)));
  assert.deepEqual(product.events(run).at(-1)?.value, [1, 2]);
});

test("a step's gates are run again from its row and from the palette, and the run stays as it is", async () => {
  const { quickInput } = editor;
  const [run = ""] = product.runs();
  const before = product.events(run).length;
  await pickFromMenu(editor, "record", "Re-run Gates");
  await untilVisible(editor, "PASS logged");
  await editor.screenshot("steering-5-gates");
  writeFileSync(join(product.workspace, "log.txt"), "nothing\n");
  await editor.runCommand("Fermata: Re-run Gates");
  await quickInput.wait("Which run?");
  await quickInput.pick("deploy");
  await quickInput.wait("Which gates?");
  await quickInput.pick("gates");
  await untilVisible(editor, "(was PASS)");
  await editor.screenshot("steering-6-gates-failed");
  assert.equal(product.events(run).length, before);
});

test("a finished task is retried as a new run", async () => {
  const [parent = ""] = product.runs();
  const before = product.events(parent).length;
  await pickFromMenu(editor, "record", "Retry from Here");
  const others = () => product.runs().filter((run) => run !== parent);
  await until(
    "the new run",
    async () => others(),
    (runs) => runs.length === 1,
  );
  const [fork = ""] = others();
  await editor.untilTree((rows) =>
    rows.some(({ text }) => text.startsWith("Stopped after record")),
  );
  await editor.screenshot("steering-2-fork");
  const [first] = product.events(fork);
  assert.equal(first?.forked_from, parent);
  assert.equal(product.events(parent).length, before);
});

test("a task at work is stopped by itself, from its row, and says by whom", async () => {
  await pressInline(editor, "lingerWork without", "Run Workflow");
  await editor.untilTree((rows) =>
    rows.some(({ text }) => text.startsWith(ENDLESS) && /sleep/.test(text)),
  );
  await pickFromMenu(editor, "endless", "Stop Task");
  const asked = editor.page.locator(".monaco-dialog-box", { hasText: ENDLESS });
  await asked.waitFor();
  assert.equal(
    await asked.locator(".dialog-message-container :is(a, b)").count(),
    0,
    "foreign text is only text",
  );
  await editor.screenshot("steering-3-stop");
  await editor.dialog("Stop Task");
  await editor.untilTree((rows) => rows.some(({ text }) => /^endless.*stopped by/.test(text)));
  await editor.screenshot("steering-4-stopped");
});
