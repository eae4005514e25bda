/**
 * Which editor tabs a window would show again after a reload. In a browser, VS Code cannot save while its page goes
 * away: it writes what is open into IndexedDB every few seconds when idle, so a page that is reloaded sooner comes back
 * with the tabs of before. Source: `BrowserStorageService` of VS Code.
 */
import type { Page } from "playwright-core";
import { until } from "./until.ts";

/** Waits until as many editors are kept as tabs are open; to be done before a reload that has to bring them back. */
export async function untilTabsSaved(page: Page): Promise<void> {
  const read = async () => ({
    open: await page.locator(".editor-group-container .tabs-container .tab").count(),
    saved: await page.evaluate(savedEditors),
  });
  await until("saved tabs", read, ({ open, saved }) => open === saved);
}

/** Runs in the page: how many editors lie in the store of this workspace. */
async function savedEditors(): Promise<number> {
  const EDITORS = "memento/workbench.parts.editor";
  const named = (await indexedDB.databases()).filter(({ name }) =>
    name?.startsWith("vscode-web-state-db-"),
  );
  const states = await Promise.all(named.map(({ name = "" }) => editorState(name)));
  return states.reduce((sum, state) => sum + countEditors(state), 0);

  function editorState(name: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const db = opening.result;
        const reading = db.transaction("ItemTable").objectStore("ItemTable").get(EDITORS);
        reading.onerror = () => reject(reading.error);
        reading.onsuccess = () => {
          db.close();
          resolve(typeof reading.result === "string" ? JSON.parse(reading.result) : undefined);
        };
      };
    });
  }

  function countEditors(state: unknown): number {
    if (typeof state !== "object" || state === null) return 0;
    return Object.entries(state).reduce(
      (sum, [key, value]) =>
        sum + (key === "editors" && Array.isArray(value) ? value.length : countEditors(value)),
      0,
    );
  }
}
