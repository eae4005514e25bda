/**
 * Runs a test module inside the extension host of a real editor, beside the product's own bundles.
 * Owns that editor; what the module looks at is its own matter.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "node:util";
import { chromium } from "playwright-core";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import { installBrowser } from "../../../scripts/editor/browser.ts";
import {
  type EditorServerOptions,
  startEditorServer,
} from "../../../scripts/editor/editorServer.ts";
import { BROWSER_ARGS } from "./editor.ts";
import { SLOW } from "./until.ts";

/** The longest that a module may take, from the start of the window; in ms. */
const PATIENCE = 120_000 * SLOW;

/**
 * Calls the `run` of a CommonJS module (absolute), and answers what the window logged. Throws with the last of it when
 * the module threw. The editor says yes to every dialog here, and logs that one was asked for.
 */
export async function runInExtensionHost(
  module: string,
  options: Pick<EditorServerOptions, "vsix" | "settings"> & { readonly screenshot?: string } = {},
): Promise<readonly string[]> {
  const say = (line: string) => process.stderr.write(`e2e: ${line}\n`);
  const executablePath = installBrowser(say);
  const home = mkdtempSync(join(realpathSync(tmpdir()), "fh-"));
  const workspace = join(home, "work");
  mkdirSync(workspace);
  const env = {
    XDG_STATE_HOME: join(home, "state"),
    XDG_CONFIG_HOME: join(home, "config"),
    FERMATA_AGENT: "offline",
  };
  const server = await startEditorServer({ ...options, home, env, say, acceptLoad: true });
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  try {
    const page = await browser.newPage();
    const logged: string[] = [];
    const ended = Promise.withResolvers<number | string>();
    await page.exposeFunction("codeAutomationExit", ended.resolve);
    await page.exposeFunction("codeAutomationLog", (type: string, args: readonly unknown[]) => {
      logged.push(`${type}: ${format(...args)}`);
    });
    const timer = setTimeout(() => ended.resolve("late"), PATIENCE);
    const address = server.address(workspace, { development: ROOT, tests: module });
    await page.goto(address, { timeout: PATIENCE });
    const code = await ended.promise;
    clearTimeout(timer);
    if (options.screenshot !== undefined)
      await page.screenshot({ path: join(ROOT, "test-results", `${options.screenshot}.png`) });
    if (code !== 0)
      throw new Error(`${module} ended with ${code}:\n${logged.slice(-20).join("\n")}`);
    return logged;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
