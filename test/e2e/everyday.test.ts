/**
 * What people do every day in real VS Code, by clicking and typing only: retry, read along, cancel, decide about plans,
 * answer questions, pause, export, and mend a file that is wrong.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import { plant } from "./planted.ts";
import {
  failureScreenshot,
  type Product,
  pickFromMenu,
  pressInline,
  showViews,
  startProduct,
  untilVisible,
} from "./product.ts";

let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, plant);
  editor = product.editor;
  await showViews(editor);
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

test("a failed run says why, and goes on where it failed when it is retried", async () => {
  await runTemplate("flakyOne command");
  await editor.untilTree((rows) => rows.some(({ text }) => /^flaky.*Failed/.test(text)));
  await editor.treeRow("Look for the marker").click();
  await until("the transcript's tab", editor.tabs, (tabs) =>
    tabs.includes("Transcript: Look for the marker"),
  );
  await untilVisible(editor, "looking for the marker");
  await editor.screenshot("everyday-1-failed");
  writeFileSync(join(product.workspace, "marker.txt"), "");
  await pressInline(editor, "flaky", "Retry");
  await editor.untilTree((rows) => rows.some(({ text }) => /^flaky.*Done/.test(text)));
  await untilVisible(editor, "attempt 2");
});

test("a transcript grows while it is read, and cancelling ends the process", async () => {
  await runTemplate("longOne command");
  await editor.untilTree((rows) =>
    rows.some(({ text }) => text.startsWith("Wait for a long time")),
  );
  await editor.treeRow("Wait for a long time").click();
  await untilVisible(editor, "first words");
  writeFileSync(join(product.workspace, "go.txt"), "");
  await untilVisible(editor, "last words");
  const pid = Number(readFileSync(join(product.workspace, "pid.txt"), "utf8"));
  assert.ok(isAlive(pid));
  await editor.screenshot("everyday-2-running");
  await pickFromMenu(editor, "long", "Cancel Run");
  await editor.page.locator(".monaco-dialog-box").waitFor();
  await editor.screenshot("everyday-3-cancel");
  await editor.dialog("Cancel Run");
  await editor.untilTree((rows) => rows.some(({ text }) => /^long.*Cancelled/.test(text)));
  await until(
    "the process to end",
    async () => isAlive(pid),
    (alive) => !alive,
  );
});

test("questions are answered, and a run is paused, resumed and exported", async () => {
  await runTemplate("talkTwo questions");
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("Go on?")));
  await editor.treeRow("Go on?").click();
  await editor.quickInput.wait("Go on?");
  await editor.quickInput.pick("Yes");
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("Which way?")));
  await editor.runCommand("Fermata: Answer...");
  await editor.quickInput.wait("Which way?");
  await editor.screenshot("everyday-8-choice");
  await editor.quickInput.pick("left");
  await editor.untilTree((rows) =>
    rows.some(({ text, icon }) => text.startsWith("Wait for a word") && icon !== "circle-outline"),
  );
  await editor.runCommand("Fermata: Pause Run");
  await editor.quickInput.wait("Which run?");
  await editor.quickInput.pick("talk");
  writeFileSync(join(product.workspace, "word.txt"), "");
  await editor.untilTree((rows) => rows.some(({ text }) => /^talk.*Paused/.test(text)));
  await pressInline(editor, "talk", "Resume Run");
  await editor.untilTree((rows) => rows.some(({ text }) => /^talk.*Done/.test(text)));
  await pickFromMenu(editor, "talk", "Export Run");
  await editor.quickInput.wait("As what?");
  await editor.quickInput.pick("One JSON file");
  await editor.quickInput.wait("Export Run");
  await editor.quickInput.accept();
  const exported = () =>
    readdirSync(product.workspace).filter((name) => /^run_.*\.json$/.test(name));
  await until(
    "the exported file",
    async () => exported(),
    (files) => files.length === 1,
  );
  const [run = ""] = runsOf("talk");
  const file = JSON.parse(readFileSync(join(product.workspace, exported()[0] ?? ""), "utf8"));
  assert.equal(file.run, run);
  const answers = product.events(run).filter(({ type }) => type === "breakpoint_answered");
  assert.deepEqual(
    answers.map(({ answer }) => (answer as { value: unknown }).value),
    [true, "left"],
  );
});

test("a file that is wrong says where, and nothing is started", async () => {
  const known = product.runs().length;
  await editor.treeRow("brokenNo step of").click();
  await until("the tab", editor.tabs, (tabs) =>
    tabs.some((tab) => tab.startsWith("broken.workflow")),
  );
  await until("the problem", editor.statusBar, (items) =>
    items.some((text) => /^1 0$|^1$/.test(text)),
  );
  await pressInline(editor, "brokenNo step of", "Run Workflow");
  await until("why", editor.toasts, (all) =>
    all.some((text) => /broken\.workflow\.yaml:7:\d+/.test(text)),
  );
  await editor.screenshot("everyday-9-broken");
  await editor.pressToast("Open");
  await until("the place", editor.statusBar, (items) =>
    items.some((text) => text.startsWith("Ln 7,")),
  );
  assert.equal(product.runs().length, known);
});

async function runTemplate(name: string): Promise<void> {
  await showViews(editor);
  await pressInline(editor, `${name}`, "Run Workflow");
}

/** Runs of a workflow. */
function runsOf(workflow: string): readonly string[] {
  return product.runs().filter((run) => {
    const bundle = product.events(run)[0]?.bundle as { main: string } | undefined;
    return bundle?.main === workflow;
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("runs are filtered and stand under headings, and both can be undone", async () => {
  const rows = async () => (await editor.treeRows()).map(({ text }) => text);
  await editor.runCommand("Fermata: Filter Runs...");
  await editor.quickInput.wait("Filter Runs");
  await editor.quickInput.fill("stauts:done");
  await editor.quickInput.wait("There is no field stauts:. Did you mean status:?");
  await editor.quickInput.fill("workflow:flaky");
  await until(
    "only those",
    rows,
    (all) => !all.some((text) => /^(long|talk)(?!One|Two)/.test(text)),
  );
  await editor.runCommand("Fermata: Group Runs...");
  await editor.quickInput.pick("By state");
  await editor.untilTree((all) => all.some(({ text }) => /^Done\s*1$/.test(text)));
  await editor.screenshot("everyday-10-arranged");
  await editor.runCommand("Fermata: Clear Run Filter");
  await editor.untilTree((all) => all.some(({ text }) => /^Cancelled\s*\d$/.test(text)));
  await editor.runCommand("Fermata: Group Runs...");
  await editor.quickInput.pick("No headings");
  await editor.untilTree((all) => !all.some(({ text }) => /^Cancelled\s*\d$/.test(text)));
});

test("statistics and health are pages to read", async () => {
  await editor.runCommand("Fermata: Show Statistics");
  const figures = await untilVisible(editor, /\d+ runs from .* UTC: /);
  assert.match(figures, /^\| flaky +\| +1 \| +100 % \| /m);
  assert.doesNotMatch(figures, /\\[-@]/);
  await editor.screenshot("everyday-11-statistics");
  await editor.runCommand("Fermata: Health");
  await untilVisible(editor, /# Fermata Health: \w+/);
  await editor.screenshot("everyday-12-health");
});

test("a run is archived, removed for its age, and brought back", async () => {
  const { quickInput } = editor;
  const [run = ""] = runsOf("flaky");
  await pickFromMenu(editor, "flakyDone", "Archive Run");
  await quickInput.wait("Archive Run");
  await quickInput.accept();
  await until("what was archived", editor.toasts, (all) =>
    all.some((text) => text.startsWith(`Archived ${run}`) && text.endsWith("The run stays.")),
  );
  await pickFromMenu(editor, "flakyDone", "Export Run");
  await quickInput.wait("As what?");
  await quickInput.pick("A folder to read");
  await quickInput.wait("Export Run");
  await quickInput.accept();
  await until("what was exported", editor.toasts, (all) => all.includes(`Exported ${run}.`));
  const exported = readdirSync(join(product.workspace, run)).sort();
  assert.deepEqual(exported, ["README.md", "report.txt", "run.json", "transcripts"]);
  await editor.runCommand("Fermata: Remove Old Runs...");
  await until("why nothing is removed", editor.toasts, (all) =>
    all.some((text) => text.startsWith("No limit is set")),
  );
  // Whoever keeps one run keeps the one that ended last.
  product.configure({ retention: { max_runs: 1 } });
  await editor.runCommand("Fermata: Remove Old Runs...");
  await quickInput.wait("They cannot be brought back.");
  await quickInput.accept();
  assert.ok(runsOf("flaky").length === 1, "removed by Enter alone");
  await quickInput.untilOptions((all) => all.some((each) => /^Remove \d Runs? \(/.test(each)));
  await editor.screenshot("everyday-13-old-runs");
  await quickInput.pick("Remove");
  await until(
    "its folder to go",
    async () => runsOf("flaky"),
    (all) => all.length === 0,
  );
  await editor.untilTree((rows) => !rows.some(({ text }) => text.startsWith("flakyDone")));
  await editor.runCommand("Fermata: Restore Run...");
  await quickInput.wait("Restore Run");
  await quickInput.pick(`${run}.fermata.gz`);
  await until("what was restored", editor.toasts, (all) => all.includes(`${run} is here again.`));
  await editor.screenshot("everyday-14-restored");
  await editor.pressToast("Open Run View");
  await until("its tab", editor.tabs, (tabs) => tabs.some((tab) => tab.startsWith("Run:")));
});
