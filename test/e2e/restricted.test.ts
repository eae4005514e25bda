/** A folder that nobody trusted: it can be looked at, nothing starts, and the views say why; then it is trusted. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import {
  failureScreenshot,
  type Product,
  pressInline,
  showViews,
  startProduct,
} from "./product.ts";

const TOUCH = `name: touch
version: 1.0.0
description: Leaves a file behind
steps:
  - id: only
    type: shell
    command: touch started.txt
`;

const ASK = `name: ask
version: 1.0.0
description: Asks before
steps:
  - { id: go, type: prompt, input: confirm, message: Go on? }
  - { id: after, type: shell, command: touch after.txt }
`;

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({ askTrust: true }, (workspace) => {
    writeFileSync(join(workspace, "touch.workflow.yaml"), TOUCH);
    writeFileSync(join(workspace, "ask.workflow.yaml"), ASK);
    // A server of the folder's own: it may not even be started to be asked for its tools.
    const servers = { planted: { command: "sh", args: ["-c", "touch server.txt; cat"] } };
    writeFileSync(join(workspace, ".mcp.json"), JSON.stringify({ mcpServers: servers }));
  });
  editor = product.editor;
  await editor.activity("Fermata").click();
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

test("in Restricted Mode templates are shown, nothing starts, and the view says why", async () => {
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("touch")));
  const views = editor.page.locator(".pane-body");
  await until(
    "the welcome view",
    async () => (await views.allInnerTexts()).join("\n"),
    (text) => text.includes("Restricted Mode, so Fermata starts nothing here"),
  );
  await editor.screenshot("restricted-1-welcome");
  await pressInline(editor, "touch", "Run Workflow");
  await until("why", editor.toasts, (all) =>
    all.some((text) => text.includes("Restricted Mode, so nothing was started")),
  );
  await editor.runCommand("Fermata: Run Workflow");
  await until("the palette to go", editor.quickInput.isOpen, (open) => !open);
  await editor.screenshot("restricted-2-refused");
  await editor.runCommand("Fermata: Doctor");
  await until("the tab", editor.tabs, (tabs) => tabs.includes("Fermata Doctor"));
  assert.deepEqual(product.runs(), []);
  assert.equal(existsSync(join(product.workspace, "started.txt")), false);
  assert.equal(existsSync(join(product.workspace, "server.txt")), false);
});

test("once it is trusted, it runs", async () => {
  await editor.trustWorkspace();
  await editor.screenshot("restricted-3-trust");
  await closeTrust();
  await pressInline(editor, "touch", "Run Workflow");
  await editor.untilTree((rows) => rows.some(({ text }) => /^touch.*Done/.test(text)));
  assert.equal(existsSync(join(product.workspace, "started.txt")), true);
});

test("when trust is taken back nothing goes on and nothing is lost, and once it is given again all goes on", async () => {
  await pressInline(editor, "askAsks before", "Run Workflow");
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("Go on?")));
  await pressInline(editor, "askWaiting for you", "Open Run View");
  await untilPage("Go on?");
  const [run = ""] = product
    .runs()
    .filter((each) => product.events(each).at(-1)?.type === "breakpoint_opened");
  const before = product.events(run).length;
  await editor.runCommand("Workspaces: Manage Workspace Trust");
  // A folder that was trusted by name is taken off the list of those.
  const listed = editor.page.locator(".trusted-uris-table .monaco-list-row").first();
  await listed.click();
  // The list draws it over the row only while the pointer is there.
  await listed.locator(".action-label").last().dispatchEvent("click");
  await until("Restricted Mode", editor.statusBar, (all) =>
    all.some((text) => text.includes("Restricted Mode")),
  );
  await showViews(editor);
  await untilPage("Restricted Mode: look, but do not steer.");
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("Go on?")));
  await editor.screenshot("restricted-4-taken-back");
  await editor.treeRow("Go on?").click();
  await until("why", editor.toasts, (all) => all.some((text) => text.includes("Restricted Mode")));
  assert.equal(product.events(run).length, before);
  await editor.trustWorkspace();
  await closeTrust();
  await editor.webview().getByRole("button", { name: "Yes" }).click();
  await editor.untilTree((rows) => rows.some(({ text }) => /^ask.*Done/.test(text)));
  assert.equal(existsSync(join(product.workspace, "after.txt")), true);
  await editor.screenshot("restricted-5-given-again");
});

async function closeTrust(): Promise<void> {
  await editor.page.locator('.monaco-modal-editor-block [aria-label^="Close"]').first().click();
}

/** Waits until the tab of the run says something. */
async function untilPage(text: string): Promise<void> {
  await editor.webview().getByText(text).first().waitFor();
}
