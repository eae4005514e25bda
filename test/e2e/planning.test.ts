/**
 * The product's main job in real VS Code, by clicking and typing only: from the palette to a saved plan; the same with
 * the window reloaded on the way.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Editor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";
import { FACT, FACT_LINE, plant, slowAgent } from "./planted.ts";
import {
  failureScreenshot,
  type Product,
  pressInline,
  pressLens,
  type RecordedEvent,
  showViews,
  startProduct,
  untilVisible,
} from "./product.ts";

const TASK = "Add rate limiting to the public API";
let product: Product;
let editor: Editor;

before(async () => {
  product = await startProduct({}, plant);
  editor = product.editor;
});

afterEach((test) => failureScreenshot(test, editor));

after(() => product?.dispose());

test("from the palette to a saved plan that cites what was planted", async () => {
  await editor.runCommand("Fermata: Run Workflow");
  await editor.quickInput.wait("Which workflow?");
  await editor.screenshot("planning-1-pick");
  await editor.quickInput.pick("interactive-planning");
  await editor.quickInput.wait("1/4");
  await editor.quickInput.fill("ab");
  await editor.quickInput.wait("at least 3 characters");
  await editor.screenshot("planning-2-validation");
  await editor.quickInput.fill(TASK);
  await editor.quickInput.wait("2/4");
  await editor.page.getByRole("button", { name: "Back" }).click();
  await editor.quickInput.wait("1/4");
  await editor.quickInput.accept();
  await editor.quickInput.wait("2/4");
  await editor.quickInput.accept();
  await editor.quickInput.wait("3/4");
  await editor.quickInput.pick("Yes");
  await editor.quickInput.wait("4/4");
  await editor.quickInput.pick("No");
  await until("a notification", editor.toasts, (all) =>
    all.some((text) => text.includes("What should I know")),
  );
  await editor.screenshot("planning-3-asked");
  await editor.pressToast("Answer");
  await editor.quickInput.wait("What should I know before I look around?");
  await editor.screenshot("planning-4-question");
  await editor.quickInput.fill("Count per token; 100 requests a minute; no new dependency");
  await showViews(editor);
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith(`Plan: ${TASK}`)));
  await editor.treeRow(`Plan: ${TASK}`).click();
  await until("the plan's tab", editor.tabs, (tabs) => tabs.includes(`Plan: ${TASK}`));
  await untilVisible(editor, `docs/partners.md:${FACT_LINE}`);
  await untilVisible(editor, FACT.slice(0, 40));
  await editor.page.locator(".codelens-decoration a", { hasText: "Approve Version 1" }).waitFor();
  // The editor colours markdown some moments after it shows it.
  await editor.page.locator(".view-line .mtkb").first().waitFor();
  await editor.screenshot("planning-5-plan");
  await pressLens(editor, "Approve Version 1");
  await editor.untilTree((rows) =>
    rows.some(({ text }) => /interactive-planning.*Done/.test(text)),
  );
  await until(
    "the line above the plan",
    () => lenses(),
    (all) => all.includes("no longer waits"),
  );
  await editor.screenshot("planning-6-done");
  const [run = ""] = product.runs();
  const asked = only(run, "breakpoint_opened", "approval-check/request-approval");
  const answered = only(run, "breakpoint_answered", "approval-check/request-approval");
  const { plan } = asked.form as { plan: string };
  assert.match(plan, new RegExp(`docs/partners\\.md:${FACT_LINE}`));
  assert.equal((answered.answer as { plan: string }).plan, plan);
  assert.equal((answered.answer as { hash: string }).hash, answered.shown);
  assert.match(readFileSync(join(product.stateFolder(), "memory.jsonl"), "utf8"), /plan_/);
  assert.deepEqual(
    editor.pageErrors().filter((text) => text.includes("fermata")),
    [],
  );
});

test("a reload while research runs and while the plan waits does nothing twice", async () => {
  await showViews(editor);
  const script = slowAgent(product.workspace);
  await until("the new settings", doctor, (text) => text.includes("scripted"), {
    show: (text) => text,
  });
  const known = new Set(product.runs());
  await startPlanning("Slow planning");
  await answerRequirements();
  const run = product.runs().find((name) => !known.has(name)) ?? "";
  await until(
    "two questions answered",
    async () => completed(run, "find-answer"),
    (all) => all.length === 2,
  );
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("Research2/3")));
  await editor.screenshot("planning-7-research");
  script.answerAll();
  await editor.reload();
  await editor.untilTree(
    (rows) => rows.some(({ text }) => text.startsWith("Plan: Slow planning")),
    60_000,
  );
  await editor.screenshot("planning-8-after-reload");
  await pressInline(editor, "interactive-planningWaiting for you", "Open Run View");
  const bars = editor.webview().locator(".bar.critical");
  await until(
    "the bars",
    () => bars.count(),
    (count) => count > 0,
  );
  await editor.screenshot("planning-10-run-view");
  await editor.reload();
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("Plan: Slow planning")));
  assert.deepEqual(
    (await editor.toasts()).filter((text) => text.includes("waits for you")),
    [],
  );
  await editor.treeRow("Plan: Slow planning").click();
  await untilVisible(editor, "Do it slowly");
  await editor.screenshot("planning-9-still-asked");
  await pressLens(editor, "Approve Version 1");
  await editor.untilTree((rows) =>
    rows.some(({ text }) => /interactive-planning.*Done.*Slow planning/.test(text)),
  );
  const paths = completed(run, "");
  assert.deepEqual(paths, [...new Set(paths)], "a task has at most one outcome");
  const calls = script.calls();
  for (const item of [
    "research-phase[0]/find-answer",
    "research-phase[1]/find-answer",
    "create-plan",
  ])
    assert.equal(
      calls.filter((path) => path === item).length,
      1,
      `${item} was asked once: ${calls}`,
    );
  assert.equal(calls.filter((path) => path === "research-phase[2]/find-answer").length, 2);
});

async function startPlanning(task: string): Promise<void> {
  await editor.runCommand("Fermata: Run Workflow");
  await editor.quickInput.wait("Which workflow?");
  await editor.quickInput.pick("interactive-planning");
  await editor.quickInput.wait("1/4");
  await editor.quickInput.fill(task);
  await editor.quickInput.wait("2/4");
  await editor.page.getByRole("button", { name: "Start with what is preset" }).click();
}

async function answerRequirements(): Promise<void> {
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("What should I know")));
  await editor.treeRow("What should I know").click();
  await editor.quickInput.wait("What should I know");
  await editor.page.getByRole("button", { name: "Write it in an editor" }).click();
  await until("the tab", editor.tabs, (tabs) =>
    tabs.some((tab) => tab.startsWith("What should I know")),
  );
  await editor.page.locator(".codelens-decoration a", { hasText: "Send Answer" }).waitFor();
  await editor.page.keyboard.type("Take your time");
  await pressLens(editor, "Send Answer");
}

/** Paths of the tasks whose attempts were completed, and whose path holds `part`. */
function completed(run: string, part: string): readonly string[] {
  return product
    .events(run)
    .filter(({ type, path }) => type === "attempt_completed" && path?.includes(part))
    .map(({ path }) => path ?? "");
}

function only(run: string, type: string, path: string): RecordedEvent {
  const found = product.events(run).filter((event) => event.type === type && event.path === path);
  assert.equal(found.length, 1, `${type} at ${path}`);
  return found[0] as RecordedEvent;
}

/** Asks the doctor, and closes what it wrote. */
async function doctor(): Promise<string> {
  await editor.runCommand("Fermata: Doctor");
  const text = await untilVisible(editor, "# Fermata Doctor");
  await editor.page.locator('.tab.active [aria-label^="Close"]').click();
  return text;
}

async function lenses(): Promise<string> {
  return (await editor.page.locator(".codelens-decoration").allInnerTexts()).join(" ");
}
