/**
 * The row that a click selected. The editor knows it by its name and finds no row for a moment while its tree is drawn
 * again; then this waits for it.
 */
import type * as vscode from "vscode";

/** So long, in ms, in steps of `STEP`. */
const PATIENCE = 2000;
const STEP = 50;

/** Undefined when nothing is selected, or what was is gone for good. */
export async function selected<T>(view: vscode.TreeView<T>): Promise<T | undefined> {
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    const [first] = view.selection;
    if (first !== undefined) return first;
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
  return undefined;
}
