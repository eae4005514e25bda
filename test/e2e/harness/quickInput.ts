/**
 * Drives the editor's quick input: picks and input boxes, one after another. Knows its DOM only.
 */
import type { Page } from "playwright-core";
import { until } from "./until.ts";

export interface QuickInput {
  /** Waits for the box; `title` narrows it to the one with that text in its title bar, placeholder or prompt. */
  readonly wait: (title?: string) => Promise<void>;
  /** Replaces the text of the box. */
  readonly type: (text: string) => Promise<void>;
  /** Types and accepts with Enter. */
  readonly fill: (text: string) => Promise<void>;
  readonly accept: () => Promise<void>;
  /** Picks the row whose label is, or else starts with, or else contains `label`. */
  readonly pick: (label: string) => Promise<void>;
  /** Labels of the rows shown. */
  readonly options: () => Promise<readonly string[]>;
  readonly untilOptions: (
    holds: (options: readonly string[]) => boolean,
    timeoutMs?: number,
  ) => Promise<readonly string[]>;
  /** Title, placeholder, and the message under the box (prompt or validation), whichever are there. */
  readonly texts: () => Promise<QuickInputTexts>;
  readonly isOpen: () => Promise<boolean>;
  /** Escape: decides nothing. */
  readonly cancel: () => Promise<void>;
}

export interface QuickInputTexts {
  readonly title: string;
  readonly placeholder: string;
  readonly message: string;
}

export function createQuickInput(page: Page): QuickInput {
  const widget = page.locator(".quick-input-widget:visible");
  const box = widget.locator("input.input");
  const rows = widget.locator(".quick-input-list .monaco-list-row");
  const options = () =>
    rows.evaluateAll((all) =>
      all.map((row) => row.querySelector(".label-name")?.textContent?.trim() ?? ""),
    );
  const untilOptions: QuickInput["untilOptions"] = (holds, timeoutMs) =>
    until("the options", options, holds, { timeoutMs });
  const texts = async () => ({
    title: (await textOf(page, ".quick-input-title")).trim(),
    placeholder: (await box.first().getAttribute("placeholder")) ?? "",
    message: (await textOf(page, ".quick-input-message")).trim(),
  });
  const type = async (text: string) => {
    await box.waitFor();
    await box.fill(text);
  };
  const accept = async () => {
    await box.press("Enter");
  };
  return {
    wait: async (title) => {
      await widget.waitFor();
      if (title !== undefined) {
        await until("the quick input", texts, (seen) => JSON.stringify(seen).includes(title));
      }
    },
    type,
    accept,
    fill: async (text) => {
      await type(text);
      await accept();
    },
    pick: async (label) => {
      const seen = await untilOptions((all) => bestMatch(all, label) >= 0);
      const said = seen[bestMatch(seen, label)] ?? label;
      // By what it says: the list may still be filled or filtered, and a row's place is then another's.
      await rows
        .filter({ has: page.locator(".label-name", { hasText: exactly(said) }) })
        .first()
        .click();
    },
    options,
    untilOptions,
    texts,
    isOpen: () => widget.isVisible(),
    cancel: async () => {
      await page.keyboard.press("Escape");
      await widget.waitFor({ state: "hidden" });
    },
  };
}

function exactly(text: string): RegExp {
  const words = text.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^\\s*${words.join("\\s+")}\\s*$`);
}

function bestMatch(options: readonly string[], label: string): number {
  const tests = [
    (option: string) => option === label,
    (option: string) => option.startsWith(label),
    (option: string) => option.includes(label),
  ];
  return tests.map((test) => options.findIndex(test)).find((index) => index >= 0) ?? -1;
}

async function textOf(page: Page, selector: string): Promise<string> {
  const found = page.locator(`.quick-input-widget:visible ${selector}`).first();
  return (await found.count()) > 0 ? await found.innerText() : "";
}
