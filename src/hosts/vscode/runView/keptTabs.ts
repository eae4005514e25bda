/**
 * Which tabs of one kind are open, remembered beyond the window and beyond an extension host that is killed: then the
 * editor shows their pages on, and nobody hears them. Owns telling those from tabs that the editor brings back by itself,
 * as it does after a reload; what is in a tab is its owner's matter.
 */
import * as vscode from "vscode";

/** So long the editor may take to bring back a tab that is on screen, in ms. */
const RETURN = 5000;

export interface KeptTabsPorts {
  readonly viewType: string;
  /** Where their names are kept. */
  readonly store: vscode.Memento;
  readonly key: string;
  /** Names of the tabs that are filled now. */
  readonly shown: () => readonly string[];
  /** Fills a tab. */
  readonly show: (name: string, panel: vscode.WebviewPanel) => void | Promise<void>;
  readonly fault: (error: unknown) => void;
}

export interface KeptTabs extends vscode.Disposable {
  /** A tab came or went. */
  changed(): void;
  /** Fills a tab that the editor brought back; `name` as its page says, or else the next that was open before. */
  restore(panel: vscode.WebviewPanel, name: string | undefined): Promise<void>;
}

/** Looks once, a while after the start, for tabs that were there at the start and that nobody fills, and shows them anew. */
export function createKeptTabs(ports: KeptTabsPorts): KeptTabs {
  const { viewType, store, key, shown, show, fault } = ports;
  /** A tab may come back without its state when the window went soon after it was opened. */
  const before = store.get<readonly string[]>(key, []);
  const there = tabsOf(viewType);
  let over = false;
  let restored = false;
  const isFree = (name: string): boolean => !shown().includes(name);
  const renew = async (left: readonly vscode.Tab[]): Promise<void> => {
    const viewColumn = left[0]?.group.viewColumn;
    if (viewColumn === undefined) return;
    for (const name of before.filter(isFree)) {
      const place = { viewColumn, preserveFocus: true };
      await show(name, vscode.window.createWebviewPanel(viewType, name, place));
    }
    await vscode.window.tabGroups.close(left, true);
  };
  const look = (): void => {
    const left = tabsOf(viewType).filter((tab) => there.includes(tab));
    // Tabs behind others come back when somebody turns to them: only one on screen tells.
    if (!restored && left.some(({ isActive }) => isActive)) renew(left).catch(fault);
  };
  const timer = setTimeout(look, RETURN);
  return {
    changed: () => {
      if (!over) store.update(key, shown()).then(undefined, fault);
    },
    restore: async (panel, name) => {
      restored = true;
      const meant = name ?? before.find(isFree);
      if (meant === undefined) panel.dispose();
      else await show(meant, panel);
    },
    dispose: () => {
      over = true;
      clearTimeout(timer);
    },
  };
}

function tabsOf(viewType: string): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType),
    );
}
