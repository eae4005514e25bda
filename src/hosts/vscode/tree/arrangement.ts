/**
 * Which runs the tree shows and under which headings; kept for the folder.
 * Owns the filter's answer, asked of the index anew as runs come and go; what is not asked for is all of them.
 */
import * as vscode from "vscode";
import { parseQuery } from "../../../run/history/query.ts";
import type { Session } from "../session.ts";
import type { Grouping } from "./runGroups.ts";

export interface Arrangement extends vscode.Disposable {
  readonly filter: string;
  readonly grouping: Grouping;
  /** True for a run that the filter lets through. */
  shows(run: string): boolean;
  /** Takes a filter as a person types it; answers what is wrong with it, if anything is. */
  setFilter(text: string): Promise<string | undefined>;
  setGrouping(grouping: Grouping): void;
  /** Asks the index again: runs came, went or moved on. */
  refresh(): Promise<void>;
  readonly onChange: vscode.Event<void>;
}

const FILTER = "fermata.runs.filter";
const GROUPING = "fermata.runs.grouping";

/** The arrangement that this folder was left with. */
export function createArrangement(session: Session): Arrangement {
  const kept = session.context.workspaceState;
  const changed = new vscode.EventEmitter<void>();
  let filter = kept.get<string>(FILTER, "");
  let grouping = kept.get<Grouping>(GROUPING, "none");
  let fitting: ReadonlySet<string> | undefined;
  const tellEditor = (): void =>
    void vscode.commands.executeCommand("setContext", "fermata.runsFiltered", filter !== "");
  const ask = async (): Promise<void> => {
    if (filter === "") {
      fitting = undefined;
      return;
    }
    const parsed = parseQuery(filter, Date.now());
    const found = parsed.ok ? await session.app.listRuns({ query: parsed.query }) : [];
    fitting = new Set(found.map(({ run }) => run));
  };
  tellEditor();
  return {
    get filter() {
      return filter;
    },
    get grouping() {
      return grouping;
    },
    shows: (run) => fitting?.has(run) ?? filter === "",
    setFilter: async (text) => {
      const wanted = text.trim();
      const parsed = parseQuery(wanted, Date.now());
      if (!parsed.ok) return parsed.message;
      filter = wanted;
      tellEditor();
      await kept.update(FILTER, filter === "" ? undefined : filter);
      await ask();
      changed.fire();
      return undefined;
    },
    setGrouping: (wanted) => {
      grouping = wanted;
      void kept.update(GROUPING, wanted);
      changed.fire();
    },
    refresh: async () => {
      if (filter === "") return;
      const before = [...(fitting ?? [])].join();
      await ask();
      if ([...(fitting ?? [])].join() !== before) changed.fire();
    },
    onChange: changed.event,
    dispose: () => changed.dispose(),
  };
}
