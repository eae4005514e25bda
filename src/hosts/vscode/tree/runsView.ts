/**
 * The tree of runs: each with its phases, tasks and items, those to come dimmed.
 * Owns the nodes and when they are drawn again; what a row says is `shownRow`'s matter.
 */
import * as vscode from "vscode";
import type { ModelChange } from "../hostModel.ts";
import type { Session } from "../session.ts";
import type { Arrangement } from "./arrangement.ts";
import { statusIcon, TO_COME } from "./icons.ts";
import { restrictedMessage } from "./restricted.ts";
import { type Node, reconcile } from "./rowNodes.ts";
import { type Grouping, groupsOf, type RunGroup } from "./runGroups.ts";
import { selected } from "./selected.ts";
import { type SettledRows, type ShownRow, shownRun } from "./shownRow.ts";

export type RunNode = Node<ShownRow>;

export interface RunsView extends vscode.Disposable {
  readonly view: vscode.TreeView<RunNode>;
}

/** What a view without a folder shows: nothing, under no heading. */
const NO_ARRANGEMENT: Pick<Arrangement, "filter" | "grouping" | "shows"> = {
  filter: "",
  grouping: "none",
  shows: () => true,
};

/** Between two looks at the clock while something runs, and while everything waits, in ms. */
const TICK = 1000;
const SLOW_TICK = 15_000;

/**
 * What a click calls, on the row that is selected. Without arguments: the editor forgets those of a row that is drawn
 * again, and a click at that moment would do nothing.
 */
const OPEN = "fermata.runs.open";

/** Shows the runs; without a session (no folder) the view is empty and its welcome speaks. */
export function createRunsView(session: Session | undefined, arrangement?: Arrangement): RunsView {
  const drawn = new vscode.EventEmitter<RunNode[] | undefined>();
  const nodes = new Map<string, RunNode>();
  const rows = createRows(session, nodes, arrangement ?? NO_ARRANGEMENT);
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
    void arrangement?.refresh().catch(session.fault);
    if (change.list || rows.moved()) drawn.fire(undefined);
    if (view.visible) draw(change.runs);
  });
  const describe = (): void => {
    view.description = arrangement?.filter ?? "";
  };
  const arranged = arrangement?.onChange(() => {
    describe();
    drawn.fire(undefined);
  });
  describe();
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
      arranged?.dispose();
      vscode.Disposable.from(view, drawn, shown, restricted, open).dispose();
    },
  };
}

interface Rows {
  all(): readonly RunNode[];
  inside(node: RunNode): Promise<readonly RunNode[]>;
  /** Brings these runs up to date; answers the nodes to draw again. */
  update(runs: Iterable<string>): readonly RunNode[];
  /** True when a run belongs under another heading than it was last drawn under. */
  moved(): boolean;
  /** Runs that stand at one of these. */
  running(statuses: readonly string[]): readonly string[];
}

function createRows(
  session: Session | undefined,
  nodes: Map<string, RunNode>,
  arrangement: Pick<Arrangement, "filter" | "grouping" | "shows">,
): Rows {
  const headings = new Map<string, RunNode>();
  const settled: SettledRows = new WeakMap();
  let places = "";
  function groups(runs: readonly string[], grouping: Exclude<Grouping, "none">) {
    const summaries = runs.flatMap((run) => session?.model.find(run)?.summary ?? []);
    return groupsOf(summaries, grouping, Date.now());
  }
  function grouped(runs: readonly string[], grouping: Exclude<Grouping, "none">): RunNode[] {
    const found = groups(runs, grouping);
    places = placesIn(found);
    return found.map((group) => {
      const children = group.runs.flatMap(({ run }) => nodes.get(run) ?? []);
      const row = headingRow(group);
      const known = headings.get(group.key);
      if (known) return Object.assign(known, { row, children });
      const made = { key: group.key, row, children };
      headings.set(group.key, made);
      return made;
    });
  }
  function bring(run: string): readonly RunNode[] {
    const entry = session?.model.find(run);
    if (!session || !entry) {
      nodes.delete(run);
      return [];
    }
    const { node, changed } = reconcile(
      nodes.get(run),
      shownRun(entry, session.me, Date.now(), settled),
    );
    nodes.set(run, node);
    return changed;
  }
  const known = (): readonly string[] => session?.model.list().map(({ run }) => run) ?? [];
  return {
    all: () => {
      const runs = known();
      const there = new Set(runs);
      for (const run of nodes.keys()) if (!there.has(run)) nodes.delete(run);
      runs.forEach(bring);
      const shown = runs.filter(arrangement.shows);
      const { grouping } = arrangement;
      return grouping === "none"
        ? shown.flatMap((run) => nodes.get(run) ?? [])
        : grouped(shown, grouping);
    },
    inside: async (node) => {
      if (node.children) return [...node.children];
      await session?.model.follow(node.row.run).catch(session.fault);
      bring(node.row.run);
      return [...(node.children ?? [])];
    },
    update: (runs) => [...runs].filter((run) => nodes.has(run)).flatMap(bring),
    moved: () => {
      const { grouping, shows } = arrangement;
      return grouping !== "none" && placesIn(groups(known().filter(shows), grouping)) !== places;
    },
    running: (statuses) =>
      [...nodes.values()].filter(({ row }) => statuses.includes(row.status)).map(({ key }) => key),
  };
}

/** Which run stands where. */
function placesIn(groups: readonly RunGroup[]): string {
  return groups.map(({ key, runs }) => [key, ...runs.map(({ run }) => run)].join(" ")).join("\n");
}

function headingRow({ key, label, runs }: RunGroup): ShownRow {
  return {
    key,
    run: "",
    kind: "heading",
    label,
    description: String(runs.length),
    tooltip: label,
    status: "queued",
    dimmed: false,
    flags: "heading",
    expanded: true,
    children: [],
  };
}

function getTreeItem({ row }: RunNode): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, foldingOf(row));
  // The editor keeps a leaf folded when rows come under it; by another name it unfolds as it should.
  item.id = row.children?.length === 0 && row.kind !== "heading" ? row.key : `${row.key} +`;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.contextValue = row.flags;
  if (row.kind !== "heading") item.iconPath = statusIcon(row.status);
  if (row.dimmed) item.resourceUri = TO_COME;
  if (row.breakpoint !== undefined || isTranscript(row))
    item.command = { command: OPEN, title: vscode.l10n.t("Open") };
  return item;
}

function foldingOf({ children, expanded, kind }: ShownRow): vscode.TreeItemCollapsibleState {
  if (children?.length === 0 && kind !== "heading") return vscode.TreeItemCollapsibleState.None;
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
