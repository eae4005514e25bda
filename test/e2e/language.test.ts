/** Writing a workflow file in real VS Code: colours, problems as one types, offers, hovers, jumps, renames, layout, Run. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import {
  failureScreenshot,
  type Product,
  pressLens,
  showViews,
  startProduct,
  untilVisible,
  visibleText,
} from "./product.ts";

const FILE = "greet.workflow.yaml";
const TEXT = `name: greet
version: 1.0.0
description: Says hello
inputs:
  who: { type: string, default: you }
initial_state:
  greeting: null
steps:
  - id: say-hello
    type: shell
    command: ["echo", "Hello {{ inputs.who }}"]
    output_to: greeting   # kept
  - id: shout
    type: set_state
    updates:
      greeting: "{{ state.greeting.stdout | upper }} {{ steps.say_hello.exit_code }}"
  - id: ask-writer
    type: delegate
    agent: "@writer"
    instructions: "{{ state.greeting }}"
`;

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, (workspace) => {
    writeFileSync(join(workspace, FILE), TEXT);
    mkdirSync(join(workspace, ".fermata", "agents"), { recursive: true });
    const agent = "---\nname: writer\ndescription: Writes well\n---\nWrite.\n";
    writeFileSync(join(workspace, ".fermata", "agents", "writer.md"), agent);
  });
  editor = product.editor;
  await showViews(editor);
  await editor.treeRow("greetSays hello").click();
  await untilVisible(editor, "name: greet");
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

/** Saves, and waits until the file reads as awaited. */
async function untilSaved(holds: (text: string) => boolean): Promise<void> {
  await editor.page.keyboard.press("Control+s");
  const read = async () => readFileSync(join(product.workspace, FILE), "utf8");
  await until("the file on disk", read, holds);
}

/** Puts the cursor behind the first place of a text, as the file reads on disk. */
async function cursorAfter(text: string): Promise<void> {
  const before = readFileSync(join(product.workspace, FILE), "utf8").split(text, 1)[0] ?? "";
  const lines = `${before}${text}`.split("\n");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  await editor.page.keyboard.press("Control+g");
  await editor.quickInput.fill(`:${lines.length}:${column}`);
  await until("the cursor", editor.statusBar, (all) =>
    all.includes(`Ln ${lines.length}, Col ${column}`),
  );
  await until("the box to go", editor.quickInput.isOpen, (open) => !open);
}

/** Back to the text that the tests begin with. */
async function startOver(): Promise<void> {
  await editor.runCommand("File: Revert File");
  writeFileSync(join(product.workspace, FILE), TEXT);
  await untilVisible(editor, /greeting: null/);
}

const problems = async () =>
  await editor.page
    .locator(".monaco-editor .squiggly-error, .monaco-editor .squiggly-warning")
    .count();

test("the file has its own language, with colours inside expressions", async () => {
  await until("the language", editor.statusBar, (all) => all.includes("Fermata Workflow"));
  const classes = () =>
    editor.page
      .locator(".view-line span span", { hasText: /^inputs$/ })
      .first()
      .getAttribute("class");
  const plain = () =>
    editor.page.locator(".view-line span span", { hasText: "Hello" }).first().getAttribute("class");
  await until(
    "an expression to be coloured otherwise than the text around it",
    async () => [await classes(), await plain()],
    ([inside, around]) => inside !== around,
  );
  await editor.screenshot("language-1-colours");
});

test("keys, names and filters are offered and taken while one types", async () => {
  await cursorAfter("# kept");
  const { keyboard } = editor.page;
  await keyboard.press("Enter");
  await keyboard.type("timeo");
  const offers = () => editor.page.locator(".suggest-widget.visible .label-name").allInnerTexts();
  await until("the keys", offers, (all) => all.includes("timeout"));
  await editor.screenshot("language-2-keys");
  await keyboard.press("Enter");
  await untilVisible(editor, "timeout:");
  await keyboard.type("5s");
  await untilSaved((text) => text.includes("timeout: 5s"));
  await cursorAfter("state.greeting.stdout | upper");
  await keyboard.type(" | tri");
  await until("the filters", offers, (all) => all.includes("trim"));
  await editor.screenshot("language-3-filters");
  await keyboard.press("Enter");
  await untilSaved((text) => /# kept\n {4}timeout: 5s\n[\s\S]*\| upper \| trim \}\}/.test(text));
  await until("no problem", problems, (count) => count === 0);
});

test("a wrong name is told as it is typed, and mended by its quick fix", async () => {
  await cursorAfter("state.greeting");
  const { keyboard } = editor.page;
  await keyboard.type("s");
  await until("a problem", problems, (count) => count === 1);
  await keyboard.press("ArrowLeft");
  await keyboard.press("Control+.");
  const actions = editor.page.locator(
    ".action-widget .action-list .title, .action-widget .monaco-list-row",
  );
  await actions.first().waitFor();
  await editor.screenshot("language-4-fix");
  await keyboard.press("Enter");
  await until("no problem", problems, (count) => count === 0);
  await untilSaved((text) => text.includes("state.greeting.stdout"));
});

test("a hover says what a name is, and F12 leads to where it comes from", async () => {
  const { keyboard } = editor.page;
  await cursorAfter("steps.say_hello");
  await keyboard.press("ArrowLeft");
  await editor.runCommand("Show or Focus Hover");
  const hover = editor.page.locator(".monaco-hover:visible");
  await until(
    "the hover",
    async () => (await hover.allInnerTexts()).join(),
    (text) => text.includes("say-hello (shell)"),
  );
  await editor.screenshot("language-5-hover");
  await keyboard.press("Escape");
  await keyboard.press("F12");
  await until("the cursor", editor.statusBar, (all) => all.some((text) => /^Ln 9, /.test(text)));
  await cursorAfter('"@writer');
  await keyboard.press("F12");
  await until("the agent's file", editor.tabs, (tabs) => tabs.includes("writer"));
  await keyboard.press("Control+w");
  await untilVisible(editor, "name: greet");
});

test("renaming a step reaches its uses, and formatting keeps comments", async () => {
  await cursorAfter("id: say-hello");
  const { keyboard } = editor.page;
  await keyboard.press("ArrowLeft");
  await keyboard.press("F2");
  const box = editor.page.locator(".rename-box input");
  await box.waitFor();
  await box.fill("first-words");
  await box.press("Enter");
  await untilVisible(editor, "steps.first_words.exit_code");
  await editor.runCommand("Format Document");
  await untilVisible(editor, "output_to: greeting # kept");
  await untilSaved((text) => /id: first-words/.test(text) && !/say.hello/.test(text));
});

test("the outline, Validate and Run stand where they are looked for", async () => {
  await startOver();
  await pressLens(editor, "Validate");
  await until("the verdict", editor.toasts, (all) => all.some((text) => text.includes("can run")));
  await pressLens(editor, "Run");
  await editor.quickInput.wait("who");
  await editor.screenshot("language-6-run");
  await editor.quickInput.fill("world");
  await editor.untilTree((rows) => rows.some(({ text }) => /^greet.*Done/.test(text)));
  assert.match(await visibleText(editor), /name: greet/);
  await editor.runCommand("Go to Symbol in Editor...");
  await editor.quickInput.untilOptions((all) => all.includes("ask-writer"));
  await editor.screenshot("language-7-outline");
  await editor.quickInput.cancel();
});
