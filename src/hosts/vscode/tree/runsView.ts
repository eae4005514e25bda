/**
 * The tree of runs: each with its phases, tasks and items, those to come dimmed.
 * Owns the nodes and when they are drawn again; what a row says is `shownRow`'s matter.
 */
import * as vscode from "vscode";
import type { ModelChange } from "../hostModel.ts";
import type { Session } from "../session.ts";
import { statusIcon, TO_COME } from "./icons.ts";
import { restrictedMessage } from "./restricted.ts";
import { type Node, reconcile } from "./rowNodes.ts";
import { selected } from "./selected.ts";
import { type ShownRow, shownRun } from "./shownRow.ts";

export type RunNode = Node<ShownRow>;

export interface RunsView extends vscode.Disposable {
  readonly view: vscode.TreeView<RunNode>;
}

/** Between two looks at the clock while something runs, and while everything waits, in ms. */
const TICK = 1000;
const SLOW_TICK = 15_000;

/**
 * What a click calls, on the row that is selected. Without arguments: the editor forgets those of a row that is drawn
 * again, and a click at that moment would do nothing.
 */
const OPEN = "fermata.runs.open";

/** Shows the runs; without a session (no folder) the view is empty and its welcome speaks. */
export function createRunsView(session: Session | undefined): RunsView {
  const drawn = new vscode.EventEmitter<RunNode[] | undefined>();
  const nodes = new Map<string, RunNode>();
  const rows = createRows(session, nodes);
  const view = vscode.window.createTreeView<RunNode>("fermata.runs", {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: drawn.event,
      getTreeItem,
      getParent: () => undefined,
      getChildren: async (node) => [...(node ? await rows.inside(node) : rows.all())],
    },
  });
  const draw = (runs: Iterable<string>): void => {
    const changed = rows.update(runs);
    if (changed.length > 0) drawn.fire([...changed]);
  };
  const restricted = restrictedMessage(view);
  const stop = session?.model.onChange((change: ModelChange) => {
    restricted.update(session.model.list().length > 0);
    if (change.list) drawn.fire(undefined);
    if (view.visible) draw(change.runs);
  });
  const clock = setInterval(
    () => view.visible && draw(rows.running(["running", "retrying"])),
    TICK,
  );
  const slowClock = setInterval(
    () => view.visible && draw(rows.running(["asking", "waiting", "paused"])),
    SLOW_TICK,
  );
  const shown = view.onDidChangeVisibility(({ visible }) => visible && draw(nodes.keys()));
  const open = vscode.commands.registerCommand(OPEN, async () =>
    openRow((await selected(view))?.row),
  );
  return {
    view,
    dispose: () => {
      clearInterval(clock);
      clearInterval(slowClock);
      stop?.();
      vscode.Disposable.from(view, drawn, shown, restricted, open).dispose();
    },
  };
}

interface Rows {
  all(): readonly RunNode[];
  inside(node: RunNode): Promise<readonly RunNode[]>;
  /** Brings these runs up to date; answers the nodes to draw again. */
  update(runs: Iterable<string>): readonly RunNode[];
  /** Runs that stand at one of these. */
  running(statuses: readonly string[]): readonly string[];
}

function createRows(session: Session | undefined, nodes: Map<string, RunNode>): Rows {
  function bring(run: string): readonly RunNode[] {
    const entry = session?.model.find(run);
    if (!session || !entry) {
      nodes.delete(run);
      return [];
    }
    const { node, changed } = reconcile(nodes.get(run), shownRun(entry, session.me, Date.now()));
    nodes.set(run, node);
    return changed;
  }
  return {
    all: () => {
      const runs = session?.model.list().map(({ run }) => run) ?? [];
      for (const run of nodes.keys()) if (!runs.includes(run)) nodes.delete(run);
      runs.forEach(bring);
      return runs.flatMap((run) => nodes.get(run) ?? []);
    },
    inside: async (node) => {
      if (node.children) return [...node.children];
      await session?.model.follow(node.row.run).catch(session.fault);
      bring(node.row.run);
      return [...(node.children ?? [])];
    },
    update: (runs) => [...runs].filter((run) => nodes.has(run)).flatMap(bring),
    running: (statuses) =>
      [...nodes.values()].filter(({ row }) => statuses.includes(row.status)).map(({ key }) => key),
  };
}

function getTreeItem({ row }: RunNode): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, foldingOf(row));
  // The editor keeps a leaf folded when rows come under it; by another name it unfolds as it should.
  item.id = row.children?.length === 0 ? row.key : `${row.key} +`;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.contextValue = row.flags;
  item.iconPath = statusIcon(row.status);
  if (row.dimmed) item.resourceUri = TO_COME;
  if (row.breakpoint !== undefined || isTranscript(row))
    item.command = { command: OPEN, title: vscode.l10n.t("Open") };
  return item;
}

function foldingOf({ children, expanded }: ShownRow): vscode.TreeItemCollapsibleState {
  if (children?.length === 0) return vscode.TreeItemCollapsibleState.None;
  return expanded
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

/** What a click does: the answer where one is wanted, else what the task said. */
async function openRow(row: ShownRow | undefined): Promise<void> {
  if (row?.breakpoint !== undefined) await vscode.commands.executeCommand("fermata.answer", row);
  else if (row && isTranscript(row))
    await vscode.commands.executeCommand("fermata.openTranscript", row);
}

function isTranscript(row: ShownRow): boolean {
  return row.flags.includes("output") && row.children?.length === 0;
}
