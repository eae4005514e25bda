/**
 * A real VS Code in a real browser, for tests: starts, drives and stops one. Knows the editor's own surfaces, nothing of
 * Fermata; what a test of Fermata needs often belongs in a file of its own beside the test.
 *
 *   const editor = await startEditor({ workspace, vsix: await productVsix() });
 *   try {
 *     await editor.activity("Fermata").click();
 *     await editor.runCommand("Fermata: Run Workflow");
 *     await editor.quickInput.pick("interactive-planning");
 *     await editor.quickInput.fill("Add rate limiting");         // types and presses Enter
 *     await editor.untilTree((rows) => rows.some((row) => row.text.includes("Running")));
 *     await editor.screenshot("running");
 *     await editor.reload();                                     // as a user's "Reload Window"
 *   } finally {
 *     await editor.dispose();
 *   }
 *
 * Everything waits for what it needs (30 s) and throws with what it saw instead. Locators of `editor.page` are free to
 * use where a helper is missing. One editor a test file: the start takes some 10 s of a small machine.
 * - `vsix` is what users get; a changed manifest needs no new version, since every editor starts with a fresh home.
 * - `development` loads an extension from its folder (build first); the editor shows no toasts then.
 * - `askTrust: true` starts in restricted mode: `editor.trustWorkspace()` grants it.
 * - Confirm dialogs of `showWarningMessage({modal: true})`: `editor.dialog(button)`.
 * - Screenshots lie in `test-results/`; a failed start leaves one and the server's log in the error.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Browser,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from "playwright-core";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import { installBrowser } from "../../../scripts/editor/browser.ts";
import { type EditorServer, startEditorServer } from "../../../scripts/editor/editorServer.ts";
import { createQuickInput, type QuickInput } from "./quickInput.ts";
import { untilTabsSaved } from "./savedTabs.ts";
import { readTree, type TreeRow } from "./tree.ts";
import { SLOW, until } from "./until.ts";

export interface EditorOptions {
  /** The folder to open, absolute. The editor works in it as it is, so give it a copy. */
  readonly workspace: string;
  readonly vsix?: string | readonly string[];
  /** An extension's folder, loaded from its sources. */
  readonly development?: string;
  readonly askTrust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** For the extension host. Its XDG_STATE_HOME is a folder of this editor's home unless told. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Editor extends EditorWindow {
  readonly server: EditorServer;
  /** Where the extension host keeps state (XDG_STATE_HOME); gone after `dispose`. */
  readonly stateHome: string;
  readonly workspace: string;
  /** Opens the same folder in one more window, which has an extension host of its own. */
  readonly openWindow: () => Promise<EditorWindow>;
  readonly dispose: () => Promise<void>;
}

/** One window of an editor. */
export interface EditorWindow {
  readonly page: Page;
  readonly quickInput: QuickInput;
  /** Opens the palette, types the title ("Fermata: Run Workflow") and runs the row that reads exactly so. */
  readonly runCommand: (title: string) => Promise<void>;
  /** The icon of a view container in the activity bar. */
  readonly activity: (title: string) => Locator;
  /** What the trees of the side bar show now, top to bottom, all views together. */
  readonly treeRows: () => Promise<readonly TreeRow[]>;
  /** Waits until the trees satisfy `holds`, and answers them. */
  readonly untilTree: (
    holds: (rows: readonly TreeRow[]) => boolean,
    timeoutMs?: number,
  ) => Promise<readonly TreeRow[]>;
  /** The first tree row whose visible text or label contains `text`. */
  readonly treeRow: (text: string) => Locator;
  /** Texts of the status bar's items. */
  readonly statusBar: () => Promise<readonly string[]>;
  readonly toasts: () => Promise<readonly string[]>;
  /** Presses a button of a notification toast. */
  readonly pressToast: (button: string) => Promise<void>;
  /** Presses a button of a modal dialog. */
  readonly dialog: (button: string) => Promise<void>;
  /** Titles of the open editor tabs. */
  readonly tabs: () => Promise<readonly string[]>;
  /** The inside of the webview that is shown. */
  readonly webview: () => FrameLocator;
  /** Reloads the window as a user would, once it has saved which tabs are open, and waits for the workbench. */
  readonly reload: () => Promise<void>;
  readonly trustWorkspace: () => Promise<void>;
  /** Writes `test-results/NAME.png` and answers its path. */
  readonly screenshot: (name: string) => Promise<string>;
  /**
   * What went wrong inside any of the editor's windows so far: uncaught errors, and error lines of their consoles. There
   * the extension host tells of what no extension caught, too, with the place in the extension's own files.
   */
  readonly pageErrors: () => readonly string[];
}

const RESULTS = join(ROOT, "test-results");
const WORKBENCH_MS = 60_000 * SLOW;

/** Starts an editor on a workspace and waits for a visible workbench. Installs editor and browser where missing. */
export async function startEditor(options: EditorOptions): Promise<Editor> {
  const say = (line: string) => process.stderr.write(`e2e: ${line}\n`);
  const executablePath = installBrowser(say);
  const home = mkdtempSync(join(realpathSync(tmpdir()), "fe-"));
  const { vsix = [], ...rest } = options;
  const stateHome = options.env?.XDG_STATE_HOME ?? join(home, "state");
  const server = await startEditorServer({
    ...rest,
    home,
    env: { ...options.env, XDG_STATE_HOME: stateHome },
    say,
    acceptLoad: options.development !== undefined,
    vsix: typeof vsix === "string" ? [vsix] : vsix,
  });
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  const dispose = () => stopAll(browser, server, home);
  const load = options.development ? { development: options.development } : {};
  const errors: string[] = [];
  const openWindow = () => showWindow(browser, server.address(options.workspace, load), errors);
  try {
    const window = await openWindow();
    const { workspace } = options;
    return { ...window, server, stateHome, workspace, openWindow, dispose };
  } catch (error) {
    const said = server.log();
    await dispose();
    throw new Error(`the editor did not come up; its server said:\n${said}`, { cause: error });
  }
}

async function showWindow(
  browser: Browser,
  address: string,
  errors: string[],
): Promise<EditorWindow> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(30_000 * SLOW);
  collectErrors(page, errors);
  const screenshot = (name: string) => takeScreenshot(page, name);
  try {
    await page.goto(address);
    await workbench(page);
  } catch (error) {
    await screenshot("failed-start").catch(() => {});
    throw error;
  }
  return { ...surfaces(page), screenshot, pageErrors: () => errors };
}

/** What a browser needs to run here, headless. */
export const BROWSER_ARGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update"],
];

function surfaces(page: Page): Omit<EditorWindow, "screenshot" | "pageErrors"> {
  const quickInput = createQuickInput(page);
  const toast = page.locator(".notifications-toasts .notification-list-item");
  return {
    page,
    quickInput,
    runCommand: (title) => runCommand(page, quickInput, title),
    // The whole item: a badge lies over the icon as soon as something waits, and is no part of it.
    activity: (title) =>
      page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${title}"])`).first(),
    treeRows: () => readTree(page),
    untilTree: (holds, timeoutMs) =>
      until("the trees", () => readTree(page), holds, { timeoutMs, show: showRows }),
    treeRow: (text) => page.locator(".pane-body [role=treeitem]").filter({ hasText: text }).first(),
    statusBar: () => texts(page.locator(".statusbar-item:visible")),
    toasts: () => texts(toast.locator(".notification-list-item-message")),
    pressToast: (button) => toast.getByRole("button", { name: button }).first().click(),
    dialog: (button) =>
      page.locator(".monaco-dialog-box").getByRole("button", { name: button }).click(),
    tabs: () => texts(page.locator(".tabs-container .tab .label-name")),
    webview: () => page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame"),
    reload: async () => {
      await untilTabsSaved(page);
      await page.reload();
      await workbench(page);
    },
    trustWorkspace: () => trustWorkspace(page, quickInput),
  };
}

async function workbench(page: Page): Promise<void> {
  await page.locator(".monaco-workbench .activitybar").waitFor({ timeout: WORKBENCH_MS });
  await page
    .locator(".monaco-workbench .statusbar-item")
    .first()
    .waitFor({ timeout: WORKBENCH_MS });
}

/** Some commands appear a moment after the workbench does, so the palette is tried anew until it knows them. */
async function runCommand(page: Page, quickInput: QuickInput, title: string): Promise<void> {
  let seen: readonly string[] = [];
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    await page.keyboard.press("F1");
    // A key that comes while the focus moves by itself is lost.
    if (!(await opensSoon(quickInput))) continue;
    await quickInput.type(`>${title}`);
    const exact = (options: readonly string[]) => options.some((option) => option === title);
    seen = await quickInput.untilOptions(exact, 2_000).catch(() => quickInput.options());
    if (exact(seen)) {
      await quickInput.pick(title);
      return;
    }
    await quickInput.cancel();
  }
  throw new Error(`no command "${title}"; the palette offers: ${seen.slice(0, 10).join(" | ")}`);
}

function opensSoon({ isOpen }: QuickInput): Promise<boolean> {
  return until("the palette", isOpen, Boolean, { timeoutMs: 3_000 }).catch(() => false);
}

async function trustWorkspace(page: Page, quickInput: QuickInput): Promise<void> {
  await runCommand(page, quickInput, "Workspaces: Manage Workspace Trust");
  await page
    .locator(".workspace-trust-editor")
    .getByRole("button", { name: "Trust" })
    .first()
    .click();
}

async function takeScreenshot(page: Page, name: string): Promise<string> {
  mkdirSync(RESULTS, { recursive: true });
  const path = join(RESULTS, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

function collectErrors(page: Page, errors: string[]): void {
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (message.type() === "error") {
      errors.push(message.text());
    }
  });
}

async function stopAll(browser: Browser, server: EditorServer, home: string): Promise<void> {
  await browser.close();
  await server.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

async function texts(locator: Locator): Promise<readonly string[]> {
  return (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
}

function showRows(rows: readonly TreeRow[]): string {
  return rows.map((row) => `${"  ".repeat(row.level - 1)}${row.text}`).join("\n");
}
