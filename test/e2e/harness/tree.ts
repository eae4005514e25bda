/**
 * Reads the side bar's trees as a person sees them.
 */
import type { Page } from "playwright-core";

export interface TreeRow {
  /** Label and description as shown, single spaces. */
  readonly text: string;
  /** The accessible name: the tooltip where the row has one. */
  readonly label: string;
  /** From 1. */
  readonly level: number;
  /** The codicon's name without `codicon-`, e.g. `pass`; "" where the row has none. */
  readonly icon: string;
  /** Undefined for a leaf. */
  readonly expanded: boolean | undefined;
}

/** The rows that are on screen, top to bottom, over all open views. */
export function readTree(page: Page): Promise<readonly TreeRow[]> {
  return page.locator(".pane-body [role=treeitem]").evaluateAll((rows) =>
    rows
      .map((row) => ({ row, top: row.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map(({ row }) => ({
        text: (
          row.querySelector(".monaco-icon-label-container")?.textContent ??
          row.textContent ??
          ""
        )
          .replace(/\s+/g, " ")
          .trim(),
        label: row.getAttribute("aria-label") ?? "",
        level: Number(row.getAttribute("aria-level") ?? 1),
        icon:
          /codicon-(?!modifier)([\w-]+)/.exec(
            row.querySelector(".custom-view-tree-node-item-icon")?.className ?? "",
          )?.[1] ?? "",
        expanded: row.hasAttribute("aria-expanded")
          ? row.getAttribute("aria-expanded") === "true"
          : undefined,
      })),
  );
}
