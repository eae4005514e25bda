/** A run in time and as a graph, in real VS Code: live, answered from its own tab, looked back at, back after a reload. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { FrameLocator } from "playwright-core";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import { axeFindings, loadAxe } from "./page/axe.ts";
import {
  failureScreenshot,
  type Product,
  pressInline,
  showViews,
  startProduct,
} from "./product.ts";

const WORKFLOW = `name: look
version: 1.0.0
description: Something to look at
phases:
  work: { title: Work }
steps:
  - id: ask
    type: prompt
    input: text
    message: "What shall it be?"
  - id: both
    type: foreach
    phase: work
    items: "{{ [1, 2, 3] }}"
    steps:
      - id: turn
        name: One turn
        type: shell
        command: ["node", "-e", "const wait = () => require('fs').existsSync('go.txt') ? console.log('turned <b>{{ item }}</b>') : setTimeout(wait, 50); wait()"]
        timeout: 2m
  - id: check
    type: condition
    phase: work
    if: steps.ask.input != ""
    then:
      - id: plan
        type: approve
        title: The plan
        plan: |
          1. Begin
          2. End
  - id: end
    type: shell
    command: ["echo", "over"]
`;

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, (workspace) => {
    writeFileSync(join(workspace, "look.workflow.yaml"), WORKFLOW);
  });
  editor = product.editor;
  await showViews(editor);
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

const page = (): FrameLocator => editor.webview();
const label = (text: string) => page().locator(".label", { hasText: text }).first();
const labels = async () =>
  (await page().locator(".label").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
const side = async () =>
  (
    await page()
      .locator("fermata-task :is(h2, h3, pre, td, summary, vscode-button, .dim)")
      .allInnerTexts()
  ).join(" ");

const moment = async () =>
  (await page().locator("fermata-scrubber span").allInnerTexts()).join(" ");

async function untilSide(holds: (text: string) => boolean): Promise<void> {
  await until("the selected task", side, holds);
}

test("a run opens in its own tab, with what it waits for, and is answered there", async () => {
  await pressInline(editor, "lookSomething to look at", "Run Workflow");
  await editor.untilTree((rows) => rows.some(({ text }) => /^look.*Waiting for you/.test(text)));
  await pressInline(editor, "lookWaiting for you", "Open Run View");
  await until("the tab", editor.tabs, (tabs) => tabs.some((tab) => tab.startsWith("Run:")));
  await until("the rows", labels, (all) => all.some((text) => text.startsWith("ask")));
  await untilSide((text) => text.includes("What shall it be?"));
  await editor.screenshot("run-view-1-asking");
  await page().locator("fermata-answer textarea").fill("A house");
  await page().getByRole("button", { name: "Send Answer" }).click();
  await until("the items", labels, (all) => all.some((text) => text.includes("0/3")));
  await untilSide((text) => text.startsWith("ask ") && text.includes("A house"));
  await editor.screenshot("run-view-1-answered");
});

test("bars grow while it runs, and the selected task shows what it was asked and what it said", async () => {
  await until(
    "three bars that grow",
    () => page().locator(".bar.running").count(),
    (count) => count >= 3,
  );
  await label("both").click();
  await editor.page.keyboard.press("ArrowDown");
  await editor.screenshot("run-view-2-running");
  writeFileSync(join(product.workspace, "go.txt"), "");
  await page().locator('.label[aria-label^="plan "]').click();
  await untilSide((text) => text.includes("2. End") && text.includes("Approve Version 1"));
  await editor.screenshot("run-view-3-plan");
  await page().getByRole("button", { name: "Approve Version 1" }).click();
  await until(
    "the end",
    async () => page().locator("header").innerText(),
    (text) => text.includes("Done"),
  );
  const answers = product
    .events(product.runs()[0] ?? "")
    .filter(({ type }) => type === "breakpoint_answered");
  assert.equal(answers.length, 2);
  assert.ok(answers.every(({ shown }) => typeof shown === "string" && shown !== ""));
});

test("foreign text is text, and earlier moments can be looked at", async () => {
  await label("both").click();
  await editor.page.keyboard.press("ArrowDown");
  const item = page().locator(".label[aria-level='3']").first();
  await item.click();
  await item.dblclick();
  await until("the turn", labels, (all) => all.some((text) => text.includes("One turn")));
  await label("One turn").click();
  await untilSide((text) => text.includes("turned <b>1</b>") && text.includes("Took"));
  await page().locator("fermata-task summary", { hasText: "Took" }).click();
  await untilSide((text) => /1 done/.test(text));
  assert.equal(await page().locator("fermata-task b").count(), 0);
  await page().getByRole("button", { name: "First Event" }).click();
  await until("the first moment", moment, (text) => /event 1 of \d+/.test(text));
  await until(
    "nothing begun",
    () => page().locator(".bar.running").count(),
    (count) => count === 0,
  );
  await editor.screenshot("run-view-4-first-moment");
  await page().getByRole("button", { name: "Now", exact: true }).click();
  await until("now", moment, (text) => text.includes("now"));
});

test("the graph shows the same selection and states, by keyboard too", async () => {
  await page().getByRole("tab", { name: "Graph" }).click();
  const boxes = page().locator(".box");
  await until(
    "the boxes",
    () => boxes.count(),
    (count) => count >= 6,
  );
  assert.ok((await page().locator(".box.done").count()) >= 4);
  await page()
    .getByRole("button", { name: /^end, shell, Done/ })
    .focus();
  await editor.page.keyboard.press("Enter");
  await untilSide((text) => text.includes("over"));
  await editor.screenshot("run-view-5-graph");
});

test("the tab comes back after a reload, with everything in it", async () => {
  await editor.reload();
  await until("the tab", editor.tabs, (tabs) => tabs.some((tab) => tab.startsWith("Run:")));
  await until(
    "the head",
    async () => page().locator("header").innerText(),
    (text) => text.includes("Done"),
  );
  await until("the rows", labels, (all) => all.length >= 5);
  await editor.screenshot("run-view-6-after-reload");
});

/** A theme of each kind that people use, and how the editor tells a page of it. */
const THEMES = {
  "Default Dark Modern": "vscode-dark",
  "Default Light Modern": "vscode-light",
  "Default High Contrast": "vscode-high-contrast",
};

test("axe finds nothing serious in the page as the editor shows it, whatever its theme", async () => {
  await loadAxe(page().locator("html"));
  mkdirSync(join(product.workspace, ".vscode"));
  for (const [theme, kind] of Object.entries(THEMES)) {
    const settings = { "workbench.colorTheme": theme };
    writeFileSync(join(product.workspace, ".vscode", "settings.json"), JSON.stringify(settings));
    await page().locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
    for (const tab of ["timeline", "graph", "gates", "report"]) {
      await page().locator(`#tab-${tab}`).click();
      await page().locator(`fermata-${tab}`).waitFor();
      if (tab === "timeline") await label("One turn").or(label("end")).first().click();
      const found = await axeFindings(page().locator("html"), ["serious", "critical"]);
      assert.deepEqual(found, [], `${theme}, ${tab}`);
      if (tab === "timeline") await editor.screenshot(`run-view-7-${kind}`);
    }
  }
});
