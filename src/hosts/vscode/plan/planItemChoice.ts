/**
 * Leaving items of a plan out before it is approved: picked from a list, or the item that the cursor stands on.
 * Owns the picking, and how an item that is left out looks; nothing is taken away before the plan is approved.
 */
import * as vscode from "vscode";
import { planItems } from "../../../run/ask/plan.ts";
import { printableLine } from "../../../views/printable.ts";
import { askMany } from "../ask/quickInput.ts";
import { tell } from "../tell.ts";
import { droppedItems, toggleItem, withDropped } from "./draft.ts";
import { PLAN_SCHEME } from "./planFiles.ts";
import type { Plans, ShownPlan } from "./plans.ts";

/** Strikes out what would be left out, in every tab of a plan. */
export function registerDroppedItems(plans: Plans): vscode.Disposable {
  const struck = vscode.window.createTextEditorDecorationType({
    textDecoration: "line-through",
    opacity: "0.55",
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.deletedForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  const draw = (): void => {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.scheme !== PLAN_SCHEME) continue;
      const plan = plans.find(editor.document.uri);
      editor.setDecorations(struck, plan ? rangesOf(plans, plan, editor.document) : []);
    }
  };
  draw();
  return vscode.Disposable.from(
    struck,
    plans.onChange(draw),
    vscode.window.onDidChangeVisibleTextEditors(draw),
    vscode.workspace.onDidChangeTextDocument(
      ({ document }) => document.uri.scheme === PLAN_SCHEME && draw(),
    ),
  );
}

/** Picks which items are approved; those not picked are left out. */
export async function chooseItems(plans: Plans, plan: ShownPlan): Promise<void> {
  const text = await textOf(plan);
  const items = planItems(text);
  if (items.length === 0) return sayNoItems();
  const dropped = new Set(droppedItems(text, plans.drafts.get(plan)));
  const kept = await askMany({
    title: vscode.l10n.t("Choose Items"),
    placeholder: vscode.l10n.t("Which items do you want? The others are left out."),
    items: items.map((item, index) => ({
      value: index + 1,
      label: printableLine(item.text),
      description: vscode.l10n.t("line {0}", item.start),
      picked: !dropped.has(index + 1),
    })),
  });
  if (!kept) return;
  const gone = items.map((_, index) => index + 1).filter((number) => !kept.includes(number));
  await plans.drafts.set(plan, withDropped(text, gone, plans.drafts.get(plan)));
}

/** Leaves out the item that the cursor stands on, or keeps it again. */
export async function toggleItemHere(plans: Plans, plan: ShownPlan): Promise<void> {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === plan.uri.toString(),
  );
  const line = (editor?.selection.active.line ?? 0) + 1;
  const text = await textOf(plan);
  const index = planItems(text).findIndex(({ start, end }) => start <= line && line <= end);
  if (index < 0) return sayNoItems();
  await plans.drafts.set(plan, toggleItem(text, index + 1, plans.drafts.get(plan)));
}

/** The text in the plan's tab, line ends as lists know them. */
export async function textOf({ uri }: ShownPlan): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  return document.getText().replaceAll("\r\n", "\n");
}

function rangesOf(plans: Plans, plan: ShownPlan, document: vscode.TextDocument): vscode.Range[] {
  const text = document.getText().replaceAll("\r\n", "\n");
  const items = planItems(text);
  return droppedItems(text, plans.drafts.get(plan)).flatMap((number) => {
    const item = items[number - 1];
    return item ? [new vscode.Range(item.start - 1, 0, item.end - 1, 0)] : [];
  });
}

async function sayNoItems(): Promise<void> {
  await tell(
    "info",
    vscode.l10n.t("There is no item here: items are the entries of the plan's own lists."),
  );
}
