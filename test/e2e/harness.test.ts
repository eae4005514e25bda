/**
 * Proves the harness itself: every surface that the product's browser tests rely on, with a tiny extension.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageExtension } from "../../scripts/packageExtension.ts";
import { type Editor, startEditor } from "./harness/editor.ts";
import { until } from "./harness/until.ts";

const scratch = mkdtempSync(join(realpathSync(tmpdir()), "fermata-e2e-"));
let editor: Editor;

before(async () => {
  const workspace = join(scratch, "workspace");
  cpSync(join(import.meta.dirname, "fixtures", "smoke-extension"), workspace, { recursive: true });
  writeFileSync(join(workspace, "notes.md"), "# Notes\n");
  const vsix = join(scratch, "smoke.vsix");
  await packageExtension(join(import.meta.dirname, "fixtures", "smoke-extension"), vsix);
  editor = await startEditor({ workspace, vsix, askTrust: true });
});

after(async () => {
  await editor?.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

test("a command asks, answers and shows, by clicking and typing only", async () => {
  await editor.activity("Smoke Things").click();
  await editor.runCommand("Smoke: Add Row");
  await editor.quickInput.wait("Kind");
  assert.deepEqual(await editor.quickInput.options(), ["apple", "pear"]);
  await editor.quickInput.pick("pear");
  await editor.quickInput.wait("Name");
  await editor.quickInput.fill("ab");
  await editor.quickInput.wait("Three letters at least");
  await editor.quickInput.fill("conference");
  const rows = await editor.untilTree((all) => all.length === 1);
  assert.equal(rows[0]?.text, "pear: conference");
  assert.equal(await editor.webview().locator("#said").innerText(), "conference");
  assert.deepEqual(await editor.tabs(), ["Smoke Page"]);
  await until("toasts", editor.toasts, (all) => all.includes("Added conference"));
  await editor.screenshot("harness-smoke");
  await editor.pressToast("Fine");
});

test("a reload keeps what the extension kept", async () => {
  // This extension brings no page back, so the editor keeps none of its tabs: a reload would wait for that.
  await editor.page.locator('.tab.active [aria-label^="Close"]').click();
  await editor.reload();
  await editor.untilTree((all) => all.some((row) => row.text === "pear: conference"));
});

test("a workspace starts untrusted and can be trusted", async () => {
  await until("status bar", editor.statusBar, (all) => all.includes("Smoke: 1, trusted false"));
  await editor.trustWorkspace();
  await until("status bar", editor.statusBar, (all) => all.includes("Smoke: 1, trusted true"));
});

test("an error in the extension host that nobody caught is among the page's errors, with its place", async () => {
  await editor.runCommand("Smoke: Fail");
  const seen = async () =>
    editor.pageErrors().filter((line) => line.includes("Nobody caught this"));
  await until("the error", seen, (lines) =>
    lines.some((line) => line.includes("/fermata-test.smoke-0.0.1/extension.cjs")),
  );
});
