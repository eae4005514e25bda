/**
 * The questions that wait for a person, over all runs, the most urgent first, with their number as a badge.
 * Owns the list; how one is answered is the answer command's matter.
 */
import * as vscode from "vscode";
import type { Session } from "../session.ts";
import { type Question, questionRow } from "./questionRow.ts";
import { type Node, reconcile } from "./rowNodes.ts";
import { selected } from "./selected.ts";

type QuestionNode = Node<Question>;

/** Between two looks at the clock, in ms. */
const TICK = 5000;

/**
 * What a click calls, on the row that is selected. Without arguments: the editor forgets those of a row that is drawn
 * again, and a click at that moment would do nothing.
 */
const OPEN = "fermata.approvals.open";

export interface ApprovalsView extends vscode.Disposable {
  /** True while the person has the list before their eyes. */
  isOnScreen(): boolean;
}

/** Shows what waits; without a session the view is empty. */
export function createApprovalsView(session: Session | undefined): ApprovalsView {
  const drawn = new vscode.EventEmitter<QuestionNode[] | undefined>();
  let nodes: readonly QuestionNode[] = [];
  const view = vscode.window.createTreeView<QuestionNode>("fermata.approvals", {
    treeDataProvider: {
      onDidChangeTreeData: drawn.event,
      getTreeItem,
      getChildren: (node) => (node ? [] : [...nodes]),
    },
  });
  const update = (): void => {
    const old = new Map(nodes.map((node) => [node.key, node]));
    const now = Date.now();
    const results = (session?.model.waiting() ?? []).map((waiting) => {
      const question = questionRow(waiting, now);
      return reconcile(old.get(question.key), question);
    });
    const same =
      results.length === nodes.length && results.every(({ node }, index) => node === nodes[index]);
    nodes = results.map(({ node }) => node);
    const changed = results.flatMap(({ changed: some }) => some);
    if (!same) drawn.fire(undefined);
    else if (changed.length > 0) drawn.fire(changed);
    view.badge =
      nodes.length > 0 ? { value: nodes.length, tooltip: badgeText(nodes.length) } : undefined;
  };
  const stop = session?.model.onChange(update);
  const clock = setInterval(() => view.visible && update(), TICK);
  const open = vscode.commands.registerCommand(OPEN, async () => {
    const node = await selected(view);
    if (node) await vscode.commands.executeCommand("fermata.answer", node.row);
  });
  update();
  return {
    isOnScreen: () => view.visible && vscode.window.state.focused,
    dispose: () => {
      clearInterval(clock);
      stop?.();
      vscode.Disposable.from(view, drawn, open).dispose();
    },
  };
}

function getTreeItem({ row }: QuestionNode): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label);
  item.id = row.key;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
  item.contextValue = row.claimed ? "question claimed" : "question free";
  item.iconPath = new vscode.ThemeIcon(row.icon, new vscode.ThemeColor(row.colour));
  item.command = { command: OPEN, title: vscode.l10n.t("Answer") };
  return item;
}

function badgeText(count: number): string {
  return count === 1
    ? vscode.l10n.t("1 question waits for you")
    : vscode.l10n.t("{0} questions wait for you", count);
}
