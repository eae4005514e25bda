/**
 * Which editor tabs a window would show again after a reload. In a browser, VS Code cannot save while its page goes
 * away: it writes what is open into IndexedDB every few seconds when idle, so a page that is reloaded sooner comes back
 * with the tabs of before. Source: `BrowserStorageService` of VS Code.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { until } from "./until.ts";

const SAVED = readFileSync(join(import.meta.dirname, "fixtures", "savedEditors.js"), "utf8");

/** Waits until as many editors are kept as tabs are open; to be done before a reload that has to bring them back. */
export async function untilTabsSaved(page: Page): Promise<void> {
  const read = async () => ({
    open: await page.locator(".editor-group-container .tabs-container .tab").count(),
    saved: await page.evaluate<number>(`${SAVED}\nsavedEditors()`),
  });
  await until("saved tabs", read, ({ open, saved }) => open === saved);
}
