/**
 * The questions that wait for the person, over all runs, with their number as a badge.
 * Owns the list; how one is answered is the answer command's matter.
 */
import * as vscode from "vscode";
import { formHeadline } from "../../../views/breakpointForm.ts";
import { formatAge } from "../../../views/duration.ts";
import { printableLine } from "../../../views/printable.ts";
import type { Waiting } from "../hostModel.ts";
import type { Session } from "../session.ts";
import { type Node, reconcile } from "./rowNodes.ts";
import { selected } from "./selected.ts";

interface Question {
  readonly key: string;
  readonly run: string;
  readonly breakpoint: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly children: readonly [];
}

type QuestionNode = Node<Question>;

/** Between two looks at the clock, in ms. */
const TICK = 5000;

/** Ages are told in whole minutes, so that rows stand still. */
const MINUTE = 60_000;

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
      const question = questionOf(waiting, now);
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

/** A question's name in lists: what it is and what it is about. */
export function questionLabel({ open }: Pick<Waiting, "open">): string {
  const headline = printableLine(formHeadline(open.form));
  return open.form.kind === "approval" ? vscode.l10n.t("Plan: {0}", headline) : headline;
}

function questionOf(waiting: Waiting, now: number): Question {
  const { run, workflow, open } = waiting;
  const label = questionLabel(waiting);
  const age = vscode.l10n.t(
    "waiting {0}",
    formatAge(Math.floor((now - open.opened_at) / MINUTE) * MINUTE),
  );
  const late = open.escalated ? [vscode.l10n.t("overdue")] : [];
  return {
    key: `${run} ${open.id}`,
    run,
    breakpoint: open.id,
    label,
    description: [...late, age, workflow].join(" · "),
    tooltip: `${label}\n${workflow} · ${open.path} · ${run}`,
    icon: ICONS[open.form.kind],
    children: [],
  };
}

const ICONS = {
  approval: "checklist",
  prompt: "question",
  stop: "debug-breakpoint",
  outcome: "warning",
  permission: "shield",
  escalation: "megaphone",
} as const;

function getTreeItem({ row }: QuestionNode): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label);
  item.id = row.key;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.contextValue = "question";
  item.iconPath = new vscode.ThemeIcon(row.icon, new vscode.ThemeColor("charts.yellow"));
  item.command = { command: OPEN, title: vscode.l10n.t("Answer") };
  return item;
}

function badgeText(count: number): string {
  return count === 1
    ? vscode.l10n.t("1 question waits for you")
    : vscode.l10n.t("{0} questions wait for you", count);
}
