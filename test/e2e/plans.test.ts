/**
 * Plans in real VS Code: comments in the editor's own box that outlive a reload, the next version as a difference, items
 * left out, own wording, rejection. By clicking and typing only.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import {
  failureScreenshot,
  type Product,
  pressInline,
  pressLens,
  showViews,
  startProduct,
  untilVisible,
} from "./product.ts";

const TITLE = "Plan: Build a house";
const STEPS = ["Dig the hole", "Lay the floor", "Raise the walls", "Paint the door"];
const PLAN = `# House\\n\\n${STEPS.map((step, index) => `${index + 1}. ${step}\\n`).join("")}\\nMind the weather.\\n`;
const BUILD = `name: build
version: 1.0.0
description: A plan to agree on
steps:
  - id: decide
    type: approve
    title: Build a house
    plan: "${PLAN}"
    allow: [edit, comment, partial]
    revise: "@task"
`;

interface Asked {
  readonly answer: { readonly comments: unknown };
}

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, (workspace) => {
    writeFileSync(join(workspace, "build.workflow.yaml"), BUILD);
  });
  editor = product.editor;
  editor.page.setDefaultTimeout(90_000);
  await showViews(editor);
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

test("comments are written on lines, changed, and come back after a reload", async () => {
  await startBuild();
  await commentOn("Lay the floor", "Use oak.\nNot pine.", 2);
  await commentOn("Mind the weather", "Which month?", 1);
  await untilLens("Request Changes (2 comments)");
  await editor.screenshot("plans-1-comments");
  const second = comment("Which month?");
  await second.hover();
  await second.locator(".action-label[aria-label^='Edit Comment']").click();
  await editor.page.locator(".review-widget .edit-container .monaco-editor").first().click();
  await editor.page.keyboard.press("Control+A");
  await editor.page.keyboard.type("Which *year*?");
  await editor.page.locator(".review-widget").getByRole("button", { name: "Save" }).click();
  await comment("Which *year*?").waitFor();
  await commentOn("# House", "Gone again", 1);
  await untilLens("Request Changes (3 comments)");
  await comment("Gone again").hover();
  await comment("Gone again").locator(".action-label[aria-label^='Delete Comment']").click();
  await untilLens("Request Changes (2 comments)");
  await editor.reload();
  await until("the plan's tab", editor.tabs, (tabs) => tabs.includes(TITLE));
  await comment("Which *year*?").waitFor();
  await comment("Not pine.").waitFor();
  await untilLens("Request Changes (2 comments)");
  await editor.screenshot("plans-2-after-reload");
});

test("changes are asked for word for word, and the next version opens beside the former", async () => {
  await pressLens(editor, "Request Changes (2 comments)");
  await until(
    "the difference",
    async () =>
      (await editor.page.locator(".monaco-diff-editor .view-lines").allInnerTexts()).join(),
    (text) => /from\sreview:\sUse\soak/.test(text),
  );
  await editor.screenshot("plans-3-difference");
  const [run = ""] = product.runs();
  const [first] = product.events(run).filter(({ type }) => type === "breakpoint_answered");
  assert.deepEqual((first as unknown as Asked).answer.comments, [
    { line: 4, end_line: 5, text: "Use oak.\nNot pine." },
    { line: 8, text: "Which *year*?" },
  ]);
});

test("items are left out, the rest is reworded, and just that is approved", async () => {
  await editor.treeRow(`${TITLE} (version 2)`).click();
  await untilVisible(editor, "Raise the walls");
  await pressLens(editor, "Choose Items");
  await editor.quickInput.wait("Which items");
  for (const item of ["Dig the hole", "Paint the door"]) await editor.quickInput.pick(item);
  await editor.screenshot("plans-4-items");
  await editor.quickInput.accept();
  await untilLens("Approve Version 2 (2 items dropped)");
  await pressLens(editor, "Edit Plan");
  await until("the copy", editor.tabs, (tabs) =>
    tabs.some((tab) => tab.startsWith("Your version")),
  );
  await untilVisible(editor, "Raise the walls");
  await editor.page.keyboard.press("Control+Home");
  await editor.page.keyboard.type("By hand. ");
  await untilLens("Approve Version 2 (edited by you, 2 items dropped)");
  await editor.page.keyboard.press("Control+S");
  await until(
    "the copy to be saved",
    () => editor.page.locator(".tab.active.dirty").count(),
    (dirty) => dirty === 0,
  );
  await editor.screenshot("plans-5-edited");
  await editor.reload();
  // Which tabs come back is the editor's matter; the words are ours.
  await showViews(editor);
  await editor.treeRow(`${TITLE} (version 2)`).click();
  await untilLens("Go On Editing");
  await pressLens(editor, "Go On Editing");
  await untilVisible(editor, "By hand.");
  await untilLens("Approve Version 2 (edited by you, 2 items dropped)");
  await editor.screenshot("plans-6-edited-after-reload");
  await pressLens(editor, "Approve Version 2 (edited by you, 2 items dropped)");
  await editor.untilTree((rows) => rows.some(({ text }) => /^build.*Done/.test(text)));
  const [run = ""] = product.runs();
  const given = product.events(run).filter(({ type }) => type === "breakpoint_answered");
  const answer = given.at(-1)?.answer as Readonly<Record<string, unknown>>;
  assert.deepEqual([answer.decision, answer.edited, answer.dropped], ["approve", true, 2]);
  const plan = String(answer.plan);
  assert.match(plan, /^By hand\. /);
  assert.match(plan, /Raise the walls/);
  assert.doesNotMatch(plan, /^1\. Dig the hole/m);
  assert.doesNotMatch(plan, /Paint the door\n/);
  await until("the copy to close", editor.tabs, (tabs) =>
    tabs.every((tab) => !tab.startsWith("Your version")),
  );
});

test("a plan is rejected with a reason; closing its tab decides nothing", async () => {
  await startBuild();
  // A narrow tab shows no button to close it.
  await editor.page
    .locator(".editor-group-container.active .tab.active")
    .click({ button: "middle" });
  await editor.treeRow(TITLE).click();
  await untilVisible(editor, "Raise the walls");
  await pressLens(editor, "Reject");
  await editor.quickInput.wait("Why?");
  await editor.quickInput.accept();
  await editor.quickInput.wait("Say why");
  await editor.quickInput.fill("Nobody lives there");
  await editor.untilTree((rows) => rows.some(({ text }) => /^build.*Rejected/.test(text)));
  const answers = product
    .runs()
    .flatMap((each) => product.events(each))
    .filter(({ type }) => type === "breakpoint_answered")
    .map(({ answer }) => answer as { decision: string; reason?: string });
  assert.deepEqual(answers.filter(({ decision }) => decision === "reject").length, 1);
  await editor.screenshot("plans-7-rejected");
});

async function toTop(): Promise<void> {
  await editor.page.locator(".editor-group-container.active .tab.active").click();
  await editor.page.keyboard.press("Control+Home");
}

async function startBuild(): Promise<void> {
  await pressInline(editor, "buildA plan", "Run Workflow");
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith(TITLE)));
  await editor.treeRow(TITLE).click();
  await untilVisible(editor, "Raise the walls");
}

/** Selects lines from the one with `text` on, and comments on them in the editor's own box. */
async function commentOn(text: string, said: string, lines: number): Promise<void> {
  const { page } = editor;
  await toTop();
  await page.locator(".view-line", { hasText: text }).first().click();
  await page.keyboard.press("Home");
  for (let more = 1; more < lines; more++) await page.keyboard.press("Shift+ArrowDown");
  if (lines > 1) await page.keyboard.press("Shift+End");
  await editor.runCommand("Fermata: Comment on Plan");
  const box = page.locator(".review-widget .comment-form .monaco-editor").last();
  await box.waitFor();
  await page.keyboard.insertText(said);
  await page
    .locator(".review-widget .form-actions")
    .getByRole("button", { name: "Comment" })
    .last()
    .click();
  await comment(said.split("\n")[0] ?? "").waitFor();
}

function comment(text: string) {
  return editor.page.locator(".review-widget .review-comment", { hasText: text }).first();
}

/** The line above the plan, scrolled to where it was out of sight. */
async function untilLens(words: string): Promise<void> {
  await toTop();
  await editor.page.locator(".codelens-decoration a", { hasText: words }).first().waitFor();
}
