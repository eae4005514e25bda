/** Debugging a workflow in real VS Code by hand: a red dot, F5, values, steps; and windows that go while it stands still. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { extensionHosts } from "./harness/extensionHosts.ts";
import { until } from "./harness/until.ts";
import {
  failureScreenshot,
  type Product,
  type RecordedEvent,
  showViews,
  startProduct,
  untilVisible,
} from "./product.ts";

const COUNT = `name: count
version: 1.0.0
description: Counts on
initial_state: { n: 1 }
steps:
  - { id: first, type: set_state, updates: { n: "{{ state.n + 1 }}" } }
  - { id: second, type: set_state, updates: { n: "{{ state.n * 10 }}" } }
  - { id: third, type: set_state, updates: { n: "{{ state.n + 3 }}" } }
  - { id: last, type: return, value: "{{ state.n }}" }
`;

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, (workspace) => {
    writeFileSync(join(workspace, "count.workflow.yaml"), COUNT);
  });
  editor = product.editor;
  await showViews(editor);
  await editor.treeRow("countCounts on").click();
  await untilVisible(editor, "name: count");
  // The words above the file push its lines down when they come: who clicks beside a line waits for them.
  await editor.page.locator(".codelens-decoration a").first().waitFor();
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

test("a red dot stops the run: values are seen and set, asked for, and steps are taken", async () => {
  const { page } = editor;
  await clickGutter(lineOf("second"));
  await page.locator(".monaco-editor .codicon-debug-breakpoint").first().waitFor();
  const run = await debug();
  await page.locator(".debug-toolbar:visible").waitFor();
  const variable = await openState();
  await until(
    "the value",
    () => variable.innerText(),
    (text) => /^n.*2$/s.test(text.trim()),
  );
  await editor.screenshot("debugging-1-stopped");
  await variable.dblclick();
  const box = page.locator(".debug-variables .monaco-inputbox input");
  await box.waitFor();
  await box.fill("5");
  await box.press("Enter");
  await until(
    "the new value",
    () => variable.innerText(),
    (text) => /^n.*5$/s.test(text.trim()),
  );
  await editor.runCommand("Debug Console: Focus on Debug Console View");
  await page.keyboard.type("state.n * 4");
  await page.keyboard.press("Enter");
  await page.locator(".repl .monaco-list-row", { hasText: /^20$/ }).waitFor();
  assert.deepEqual(await editor.toasts(), []);
  await editor.screenshot("debugging-2-asked");
  await page.keyboard.press("F10");
  await untilStopped("third");
  await until(
    "the result",
    () => variable.innerText(),
    (text) => /^n.*50$/s.test(text.trim()),
  );
  await page.keyboard.press("F5");
  await page.locator(".debug-toolbar:visible").waitFor({ state: "hidden" });
  const end = await untilEnd(run);
  assert.deepEqual([end?.status, end?.value], ["done", 53]);
});

test("a window that is reloaded loses no run: its stops are gone, and what they stopped goes on", async () => {
  const run = await debug();
  await editor.reload();
  await untilEnd(run);
  await untilRuns(2, "Done");
  await editor.screenshot("debugging-3-reloaded");
  const events = product.events(run);
  assert.deepEqual([events.at(-1)?.status, events.at(-1)?.value], ["done", 23]);
  assert.equal(events.filter(({ type }) => type === "stops_removed").length, 1);
  assert.deepEqual(await editor.page.locator(".debug-toolbar:visible").count(), 0);
});

test("an extension host that is killed while a run stands still takes no run with it", async () => {
  await untilVisible(editor, "name: count");
  const run = await debug();
  for (const host of extensionHosts(editor.server.pid)) process.kill(host, "SIGKILL");
  await editor.reload();
  assert.equal((await untilEnd(run))?.status, "done");
  await untilRuns(3, "Done");
  await editor.screenshot("debugging-4-killed");
});

test("Stop cancels the run that debugging started", async () => {
  await openFile();
  const run = await debug();
  await editor.page.locator(".debug-toolbar [aria-label^='Stop']").click();
  assert.equal((await untilEnd(run))?.status, "cancelled");
  await untilRuns(1, "Cancelled");
  await editor.screenshot("debugging-5-cancelled");
});

async function openFile(): Promise<void> {
  await showViews(editor);
  await editor.treeRow("countCounts on").click();
  await untilVisible(editor, "name: count");
}

/** Debugs the file in front, and answers the run once it stands at the red dot. */
async function debug(): Promise<string> {
  const before = product.runs();
  await editor.page.keyboard.press("F5");
  await untilStopped("second");
  const [run = ""] = product.runs().filter((each) => !before.includes(each));
  return run;
}

/** Waits until a run is over, and answers how it ended. */
async function untilEnd(run: string): Promise<RecordedEvent | undefined> {
  const last = async () => product.events(run).at(-1);
  return until("the run's end", last, (event) => event?.type === "run_finished");
}

async function untilRuns(count: number, status: string): Promise<void> {
  await showViews(editor);
  const pattern = new RegExp(`^count.*${status}`);
  await editor.untilTree((rows) => rows.filter(({ text }) => pattern.test(text)).length === count);
}

/** The line of a step, from 1. */
function lineOf(step: string): number {
  return COUNT.split("\n").findIndex((line) => line.includes(`id: ${step}`)) + 1;
}

/** Clicks beside a line, where the red dots are. */
async function clickGutter(line: number): Promise<void> {
  const number = editor.page.locator(".margin-view-overlays .line-numbers", {
    hasText: new RegExp(`^${line}$`),
  });
  const box = await until(
    "the line's number",
    () => number.boundingBox(),
    (seen) => seen !== null,
  );
  const margin = await editor.page.locator(".margin-view-overlays").first().boundingBox();
  await editor.page.mouse.click((margin?.x ?? 0) + 8, (box?.y ?? 0) + (box?.height ?? 0) / 2);
}

/** Waits until the run stands before a step: in the call stack, and yellow in the file. */
async function untilStopped(step: string): Promise<void> {
  const frames = editor.page.locator(".debug-call-stack .stack-frame");
  await until(
    "the call stack",
    () => frames.allInnerTexts(),
    (all) => all[0]?.includes(step) ?? false,
  );
  const yellow = editor.page.locator(".view-overlays .debug-top-stack-frame-line");
  const number = editor.page.locator(".margin-view-overlays .line-numbers", {
    hasText: new RegExp(`^${lineOf(step)}$`),
  });
  const tops = async () => [
    (await yellow.first().boundingBox())?.y,
    (await number.boundingBox())?.y,
  ];
  await until("the yellow line", tops, ([line, beside]) => line !== undefined && line === beside);
}

/** Opens the state among the variables, and answers its only field. */
async function openState() {
  const rows = editor.page.locator(".debug-variables .monaco-list-row");
  const field = rows.filter({ hasText: /^n\s/ }).first();
  await rows.filter({ hasText: "State" }).first().waitFor();
  if (!(await field.isVisible())) await rows.filter({ hasText: "State" }).first().click();
  await field.waitFor();
  return field;
}
