/** What happens around runs in real VS Code: reloads, killed hosts, two windows, runs and folders that are gone. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { ROOT } from "../../scripts/bootstrap.mjs";
import type { Editor, EditorWindow } from "./harness/editor.ts";
import { extensionHosts } from "./harness/extensionHosts.ts";
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

const GATE = `name: gate
version: 1.0.0
description: Asks first
steps:
  - { id: go, type: prompt, input: confirm, message: Go on? }
  - { id: note, name: Leave a note, type: shell, command: echo noted >> notes.txt }
`;

const SLOW = `name: slow
version: 1.0.0
description: Takes its time
steps:
  - id: only
    name: Wait for a word
    type: shell
    effects: repeatable
    command: until test -f go.txt; do sleep 0.1; done
    timeout: 20m
`;

const HOLD = `name: hold
version: 1.0.0
description: Is held elsewhere
steps:
  - { id: only, name: Wait to be freed, type: shell, effects: repeatable, command: until test -f free.txt; do sleep 0.1; done, timeout: 20m }
`;

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, (workspace) => {
    writeFileSync(join(workspace, "gate.workflow.yaml"), GATE);
    writeFileSync(join(workspace, "slow.workflow.yaml"), SLOW);
    writeFileSync(join(workspace, "hold.workflow.yaml"), HOLD);
  });
  editor = product.editor;
  await showViews(editor);
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

test("a reload loses nothing: what waited waits, what ran runs, and the tab of a run is back", async () => {
  await startGate();
  await pressInline(editor, "slowTakes", "Run Workflow");
  await untilRow(editor, /^slow.*Running/);
  await pressInline(editor, "gateWaiting for you", "Open Run View");
  await untilPage("Go on?");
  await editor.reload();
  await untilPicture();
  await editor.screenshot("robust-1-reloaded");
});

test("a killed extension host loses nothing, and the question is answered afterwards, once", async () => {
  await pickFromMenu(editor, "gateAsks first", "Show Workflow Graph");
  await untilTab("Graph: gate.workflow.yaml");
  await editor.runCommand("View: Move Editor into Right Group");
  const pages = () =>
    editor.page
      .locator("iframe.webview.ready")
      .evaluateAll((all) => all.map((frame) => frame.getAttribute("name")));
  const dead = await until("both pages", pages, ({ length }) => length === 2);
  await killHost();
  await editor.screenshot("robust-2-killed");
  // The pages of before are heard by nobody: they are shown anew.
  const isFresh = (all: Awaited<ReturnType<typeof pages>>) =>
    all.length === 2 && all.every((page) => !dead.includes(page));
  await until("other pages", pages, isFresh);
  await untilTab("Graph: gate.workflow.yaml");
  const boxes = () =>
    Promise.all(
      editor.page.frames().map((frame) =>
        frame
          .locator("fermata-graph .box")
          .count()
          .catch(() => 0),
      ),
    );
  await until("the graph", boxes, (counts) => counts.some((count) => count === 2));
  await editor.screenshot("robust-2-pages-anew");
  await editor.page
    .locator(".tab", { hasText: "Graph: gate.workflow.yaml" })
    .locator('[aria-label^="Close"]')
    .click();
  await untilPicture();
  await editor.screenshot("robust-3-after-kill");
  await editor.webview().getByRole("button", { name: "Yes" }).click();
  await untilRow(editor, /^gate.*Done/);
  assert.equal(notes(), 1);
  await editor.screenshot("robust-4-answered");
});

test("two windows show the same, and of two answers one counts", async () => {
  const second = await editor.openWindow();
  await showViews(second);
  await untilRow(second, /^slow.*Running/);
  const run = await startGate();
  await untilRow(second, /^Go on\?/);
  for (const window of [editor, second]) {
    await window.treeRow("Go on?").click();
    await window.quickInput.wait("Go on?");
  }
  await second.screenshot("robust-5-second-window");
  // By key: a click waits for a box that stands still, and the other window's answer may close it meanwhile.
  for (const { page } of [editor, second]) await page.keyboard.press("ArrowDown");
  await Promise.all([editor, second].map(({ page }) => page.keyboard.press("Enter")));
  for (const window of [editor, second]) {
    await window.untilTree(
      (rows) => rows.filter(({ text }) => /^gate.*Done/.test(text)).length === 2,
    );
    assert.equal(await window.quickInput.isOpen(), false);
  }
  const answers = product.events(run).filter(({ type }) => type === "breakpoint_answered");
  assert.equal(answers.length, 1);
  assert.equal(notes(), 2);
  await second.screenshot("robust-6-second-window");
  await editor.screenshot("robust-7-first-window");
  await second.page.close();
});

test("a run of another process is taken over once that one hangs, and not before", async () => {
  const command = [join(ROOT, "src/hosts/cli/main.ts"), "run", "hold", "--trust"];
  const env = { ...process.env, XDG_STATE_HOME: editor.stateHome, FERMATA_AGENT: "offline" };
  const holder = spawn(process.execPath, command, { cwd: product.workspace, env, stdio: "ignore" });
  try {
    await untilRow(editor, /^holdRunning · elsewhere/);
    await takeOver();
    const [run = ""] = runsOf("hold");
    await until("why not", editor.toasts, (all) =>
      all.some((text) => text.startsWith(`${run} is still driven by a process that lives.`)),
    );
    await editor.screenshot("robust-8-still-driven");
    holder.kill("SIGSTOP");
    const beat = join(product.stateFolder(), "runs", run, "owner.1");
    const silence = async () => Date.now() - statSync(beat).mtimeMs;
    await until("a while without a word", silence, (ms) => ms > 5000);
    await takeOver();
    const lost = async () => product.events(run).some(({ type }) => type === "attempt_lost");
    await until("what ran to count as lost", lost, Boolean);
    writeFileSync(join(product.workspace, "free.txt"), "");
    await untilRow(editor, /^hold.*Done/);
  } finally {
    holder.kill("SIGKILL");
  }
});

test("a tab that was hidden meanwhile shows how its run stands", async () => {
  await pressInline(editor, "slowRunning", "Open Run View");
  await untilPage("Running");
  await editor.treeRow("gateAsks first").click();
  await untilVisible(editor, "name: gate");
  writeFileSync(join(product.workspace, "go.txt"), "");
  await untilRow(editor, /^slow.*Done/);
  await pressInline(editor, "slowDone", "Open Run View");
  await untilPage("Done");
});

test("a run that is removed leaves the views, and its tab says so", async () => {
  const [slow = ""] = runsOf("slow");
  rmSync(join(product.stateFolder(), "runs", slow), { recursive: true });
  await editor.untilTree((rows) => !rows.some(({ text }) => /^slow.*Done/.test(text)));
  await untilPage("There is no run");
  assert.equal(await editor.webview().getByText("There is no run").count(), 1, "said twice");
  await editor.screenshot("robust-9-removed");
});

test("a folder that is closed keeps its runs, and goes on with them when it is opened again", async () => {
  await startGate();
  await editor.page.goto(`${editor.server.origin}/?ew=true`);
  await editor.activity("Fermata").waitFor();
  await showViews(editor);
  await editor.page.getByText("Fermata runs workflows in a folder").first().waitFor();
  await editor.screenshot("robust-10-no-folder");
  await editor.page.goto(editor.server.address(editor.workspace));
  await editor.activity("Fermata").waitFor();
  await showViews(editor);
  await untilRow(editor, /^gate.*Waiting for you/);
});

test("a folder that is gone from the disk: the run says what failed, and stays", async () => {
  rmSync(product.workspace, { recursive: true });
  await editor.treeRow("Go on?").click();
  await editor.quickInput.wait("Go on?");
  await editor.quickInput.pick("Yes");
  await untilRow(editor, /^gate.*Failed/);
  await editor.screenshot("robust-11-folder-gone");
  assert.equal(existsSync(product.workspace), false);
});

async function takeOver(): Promise<void> {
  await pickFromMenu(editor, "holdRunning", "Take Over Run");
  await editor.dialog("Take Over Run");
}

/** Kills the host as a crash would. The editor starts another, or, where it cannot tell what happened, a reload does. */
async function killHost(): Promise<void> {
  const before = extensionHosts(editor.server.pid);
  for (const host of before) process.kill(host, "SIGKILL");
  const fresh = async () =>
    extensionHosts(editor.server.pid).some((host) => !before.includes(host));
  await until("another host", fresh, (is) => is, { timeoutMs: 10_000 }).catch(editor.reload);
}

/** Starts the workflow that asks, waits for its question, and answers the run. */
async function startGate(): Promise<string> {
  const before = product.runs();
  await pressInline(editor, "gateAsks first", "Run Workflow");
  await untilRow(editor, /^Go on\?/);
  const [run = ""] = product.runs().filter((each) => !before.includes(each));
  return run;
}

function untilRow(window: EditorWindow, pattern: RegExp) {
  return window.untilTree((rows) => rows.some(({ text }) => pattern.test(text)));
}

/** Waits until the tab of a run that is in front says something. */
async function untilPage(text: string): Promise<void> {
  await editor.webview().getByText(text).first().waitFor();
}

async function untilTab(title: string): Promise<void> {
  await until("the tab", editor.tabs, (tabs) => tabs.includes(title));
}

/** Waits until the views and the tab show what they showed before. */
async function untilPicture(): Promise<void> {
  await untilRow(editor, /^Go on\?/);
  await untilRow(editor, /^gate.*Waiting for you/);
  await untilRow(editor, /^slow.*Running/);
  await untilPage("Go on?");
}

function runsOf(workflow: string): readonly string[] {
  return product.runs().filter((run) => {
    const bundle = product.events(run)[0]?.bundle as { main: string } | undefined;
    return bundle?.main === workflow;
  });
}

/** How often the note was left. */
function notes(): number {
  return readFileSync(join(product.workspace, "notes.txt"), "utf8").trim().split("\n").length;
}
