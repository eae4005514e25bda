/**
 * Agents at work in real VS Code, by clicking and typing only: a word to one of them, what it was given and what it
 * changed, what it may do, and answers that a person has to judge.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import { axeFindings, loadAxe } from "./page/axe.ts";
import {
  failureScreenshot,
  type Product,
  pickFromMenu,
  pressInline,
  pressLens,
  showViews,
  startProduct,
  untilVisible,
} from "./product.ts";

const NOTE = `name: note
version: 1.0.0
description: Writes a note
steps:
  - id: write
    name: Write the note
    type: delegate
    agent: "@task"
    instructions: Write docs/bees.md about the limits
    timeout: 20m
    context: { files: ["docs/*.md", "src/**/*.js"], tokens: 900 }
`;
const CLEAN = `name: clean
version: 1.0.0
description: Needs a permission
steps:
  - { id: clean, name: Clean up, type: delegate, agent: "@task", instructions: Clean the build folder, timeout: 20m }
`;
const JUDGED = `name: judged
version: 1.0.0
description: Is judged
steps:
  - id: improve
    name: Improve the text
    type: delegate
    agent: "@task"
    instructions: Make it better
    supervise: { max_iterations: 2, escalation: { owner: ann, priority: high, deadline: 2h, reroute: ["@senior"] } }
`;
const PLANNED = `name: planned
version: 1.0.0
description: Plans first
limits: { cost_usd: 1, budget_mode: audit }
steps:
  - { id: weigh, name: Weigh it, type: plan, goal: Weigh both, agent: "@senior", workers: [{ agent: "@task" }] }
`;
const BEES = "Bees count per token, and never per address.";

/** What the scripted agents say. */
const RULES = [
  { path: "write", attempt: 1, lines: ["thinking about bees"], hang: true },
  {
    ...{ path: "write", lines: ["now per token"], response: "Written.", delay: "1s" },
    files: { "docs/bees.md": `# Bees\n\n${BEES}\n` },
    usage: { input_tokens: 1200, output_tokens: 300, cost_usd: 0.02 },
  },
  { path: "clean", ask: "Run `rm -rf build`?\n\nIt deletes 12 files.", response: "Cleaned." },
  {
    ...{ path: "weigh", lines: ["planning bees"], response: "planned" },
    usage: { input_tokens: 900, output_tokens: 100 },
    data: {
      steps: [
        { evidence: "#E1", worker: "@task", purpose: "read the limits", input: "Read" },
        { evidence: "#E2", worker: "@task", purpose: "weigh them", input: "Weigh #E1" },
      ],
    },
  },
  { path: "weigh/evidence/E1", response: "Ten a minute.", delay: "1500ms" },
  { path: "weigh/evidence/E2", attempt: 1, lines: ["weighing bees"], hang: true },
  { agent: "@senior", response: "As the senior I would leave it." },
  { path: "improve*", response: "I am not sure, maybe?" },
];

let product: Product;
let editor: Editor;
/** The run that was begun last. */
let run = "";

before(async () => {
  product = await startProduct({}, (workspace) => {
    for (const [name, text] of Object.entries({
      ...{ note: NOTE, clean: CLEAN, judged: JUDGED, planned: PLANNED },
    }))
      writeFileSync(join(workspace, `${name}.workflow.yaml`), text);
    const folder = join(workspace, ".vscode");
    mkdirSync(folder);
    const script = join(folder, "agent.json");
    writeFileSync(script, JSON.stringify({ rules: RULES }));
    const agent = { adapter: "scripted", script, effects: "repeatable" };
    const settings = { "fermata.agents": { "@task": agent, "@senior": agent } };
    writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  });
  editor = product.editor;
  await showViews(editor);
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

const page = () => editor.webview();
const button = (name: string) => page().getByRole("button", { name, exact: true });

/** Everything that the side pane says. */
const side = async () =>
  (
    await page()
      .locator("fermata-task :is(h2, h3, h4, pre, td, th, p, summary, label, .plain, .dim, .link)")
      .allInnerTexts()
  )
    .join(" ")
    .replace(/\s+/g, " ");

test("a word to one task: the agent begins anew with it, and the page says what came of it", async () => {
  await begin("noteWrites a note");
  await untilRow(/^Write the note/);
  await pressInline(editor, "noteRunning", "Open Run View");
  await page().locator("fermata-timeline .label", { hasText: "Write the note" }).click();
  await until("its transcript", side, (text) => text.includes("thinking about bees"));
  await page().locator("#tab-report").click();
  await page()
    .locator("fermata-report td", { hasText: /^(9\d|100) %$/ })
    .waitFor();
  await button("Guide").click();
  await editor.quickInput.wait("What should it do differently?");
  await editor.quickInput.accept();
  await editor.quickInput.wait("Say what the agent should do differently.");
  await editor.screenshot("agents-1-guide");
  await editor.quickInput.fill("Say it per token");
  await until("what is said since", side, (text) => text.includes("now per token"));
  await untilRow(/^note.*Done/);
  await until("the files", side, (text) => text.includes("Files changed (1)"));
  for (const number of ["Took", "Context"])
    await page().locator("fermata-task summary", { hasText: number }).click();
  await until("the attempts", side, (text) => text.includes("Say it per token"));
  assert.match(await side(), /Context ≈ \d+ tok of 1\.\dk tok \(\d\d % saved\).*docs\/api\.md/);
  await page()
    .getByText(/Context given to agents: .*% saved/)
    .waitFor();
  await editor.screenshot("agents-2-guided");
  const told = product
    .events(run)
    .filter(({ type }) => type === "task_started")
    .at(-1);
  assert.match(String(told?.correction), /Say it per token/);
});

test("a file that a run changed is marked, and says by which run", async () => {
  await page().locator("fermata-task .link", { hasText: "docs/bees.md" }).click();
  await untilVisible(editor, BEES);
  await editor.activity("Explorer").click();
  const file = editor.page.locator(".explorer-folders-view .monaco-list-row", {
    hasText: "bees.md",
  });
  await file.locator(".monaco-icon-label[class*=decoration], .monaco-icon-label").first().waitFor();
  await file.hover();
  await editor.page
    .locator(".monaco-hover:visible", { hasText: "Changed by note, Write the note" })
    .first()
    .waitFor();
  await editor.screenshot("agents-3-marked");
  await showViews(editor);
});

test("an agent's request is answered where it is shown, and Enter alone allows nothing", async () => {
  await begin("cleanNeeds a");
  await untilRow(/^Run `rm -rf build`\?/);
  await editor.treeRow("Run `rm -rf build`?").click();
  await editor.quickInput.wait("It deletes 12 files.");
  const { placeholder } = await editor.quickInput.texts();
  assert.match(placeholder, /^Choose with the arrow keys, then press Enter\./);
  await editor.quickInput.accept();
  assert.deepEqual(await editor.quickInput.options(), [
    "Allow",
    "Always allow",
    "Reject",
    "Dismiss",
  ]);
  await editor.screenshot("agents-4-permission");
  await editor.quickInput.cancel();
  assert.equal(await answers(), "[]");
  await pressInline(editor, "cleanWaiting for you", "Open Run View");
  await button("Reject").waitFor();
  await editor.screenshot("agents-5-permission-in-page");
  await button("Allow").click();
  await untilRow(/^clean.*Done/);
});

test("a finished task is done again from its page, and this time refused by keyboard", async () => {
  const [parent, before] = [run, product.runs()];
  await page().locator("fermata-timeline .label", { hasText: "Clean up" }).click();
  await button("Retry from Here").click();
  await untilRow(/^Run `rm -rf build`\?/);
  [run = ""] = product.runs().filter((each) => !before.includes(each));
  assert.equal(product.events(run)[0]?.forked_from, parent);
  await editor.treeRow("Run `rm -rf build`?").click();
  await editor.quickInput.wait("It deletes 12 files.");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "Enter"])
    await editor.page.keyboard.press(key);
  await untilRow(/^clean.*Failed/);
  assert.match(await answers(), /"decision":"reject_once"/);
});

test("an escalation is approved, put right, tried again, handed on or failed, each where it is shown", async () => {
  await escalate();
  await pickFromMenu(editor, "Improve the text was escalated", "Take On Question");
  await untilRow(/^Improve the text was escalated.*taken by /);
  await pickFromMenu(editor, "Improve the text was escalated", "Give Question Back");
  await untilRow(/^Improve the text was escalated.*for ann/);
  await pressInline(editor, "judgedWaiting for you", "Open Run View");
  await until("whose it is", side, (text) =>
    /due in (2h|1h 59m) · high priority · for ann · waiting/.test(text),
  );
  await editor.screenshot("agents-6-escalation");
  await loadAxe(page().locator("html"));
  assert.deepEqual(await axeFindings(page().locator("html"), ["serious", "critical"]), []);
  await button("Edit").click();
  const text = page().locator("fermata-answer textarea");
  await until(
    "the answer to put right",
    () => text.inputValue(),
    (value) => /not sure/.test(value),
  );
  await text.fill("Put right in the page");
  await button("Edit").click();
  await untilDone("Put right in the page");

  await escalate();
  await editor.treeRow("Improve the text was escalated").click();
  await editor.quickInput.wait("The answer: I am not sure, maybe?");
  await editor.quickInput.accept();
  assert.equal(await editor.quickInput.isOpen(), true, "approved by Enter alone");
  await editor.screenshot("agents-7-escalation-pick");
  await editor.quickInput.pick("Edit");
  await editor.page.locator(".codelens-decoration a", { hasText: "Use This Result" }).waitFor();
  await editor.page.keyboard.press("Control+A");
  await editor.page.keyboard.insertText("Put right in a tab");
  await pressLens(editor, "Use This Result");
  await untilDone("Put right in a tab");

  await escalate();
  await pickFromMenu(editor, "judgedWaiting for you", "Answer");
  await editor.quickInput.pick("Retry");
  await editor.quickInput.wait("What should it do differently?");
  await editor.quickInput.fill("Be sure");
  await until("the next iteration", answers, (all) => all.includes("Be sure"));
  await untilRow(/^Improve the text was escalated/);
  await editor.runCommand("Fermata: Answer...");
  await editor.quickInput.pick("Reroute");
  await editor.quickInput.wait("Which agent?");
  await editor.quickInput.pick("@senior");
  await until("the other agent", answers, (all) => all.includes("@senior"));
  await untilRow(/^Improve the text was escalated/);
  await pressInline(editor, "judgedWaiting for you", "Open Run View");
  await page().getByText("As the senior I would leave it.").first().waitFor();
  await editor.screenshot("agents-8-rerouted");
  await button("Approve").click();
  await untilDone("As the senior");

  await escalate();
  await pressInline(editor, "judgedWaiting for you", "Open Run View");
  await text.fill("Not worth it");
  await button("Fail").click();
  await untilRow(/^judged.*Failed/);
  await until("why it failed, and what next", side, (said) => said.includes("Not worth it"));
  await button("Retry with Guidance").waitFor();
  await editor.screenshot("agents-9-failed");
});

test("a plan shows who planned, each piece of evidence and the answer, each with its own state", async () => {
  await begin("plannedPlans first");
  await untilRow(/^#E2 weigh themasking @task/);
  await untilRow(/^Plan@senior · .*1k tok/);
  await untilRow(/^#E1 read the limits@task · 1s/);
  await pressInline(editor, "plannedRunning", "Open Run View");
  const label = (text: string) =>
    page().locator("fermata-timeline .label", { hasText: text }).first();
  await label("#E2 weigh them").click();
  await until("its transcript", side, (text) => text.includes("weighing bees"));
  await editor.page.keyboard.press("ArrowUp");
  await editor.page.keyboard.press("ArrowUp");
  await until("the planner", side, (text) => /^Plan .*Agent @senior.*planning bees/.test(text));
  await page().locator(".budget", { hasText: "a model whose price is unknown" }).waitFor();
  await editor.screenshot("agents-10-plan");
  await label("#E2 weigh them").click();
  await button("Stop This").click();
  await editor.dialog("Stop Task");
  await untilRow(/^planned.*Failed/);
  await untilRow(/^#E2 weigh them.*Failed/);
});

/** Runs a template, and keeps the new run in mind. */
async function begin(template: string): Promise<void> {
  const before = product.runs();
  await pressInline(editor, template, "Run Workflow");
  const fresh = async () => product.runs().filter((each) => !before.includes(each));
  [run = ""] = await until("a new run", fresh, ({ length }) => length === 1);
}

function untilRow(pattern: RegExp) {
  return editor.untilTree((rows) => rows.some(({ text }) => pattern.test(text)));
}

/** Runs what is judged until it is escalated. */
async function escalate(): Promise<void> {
  await begin("judgedIs judged");
  await untilRow(/^Improve the text was escalated/);
}

/** Waits until the run has ended with a result. */
async function untilDone(response: string): Promise<void> {
  const last = async () => product.events(run).at(-1);
  await until("the end", last, (event) => event?.type === "run_finished");
  assert.ok(JSON.stringify(product.events(run)).includes(response));
  await editor.untilTree((rows) => !rows.some(({ text }) => /^judged.*Waiting/.test(text)));
}

/** What the run was answered so far, as text. */
async function answers(): Promise<string> {
  const given = product.events(run).filter(({ type }) => type === "breakpoint_answered");
  return JSON.stringify(given.map(({ answer }) => answer));
}
