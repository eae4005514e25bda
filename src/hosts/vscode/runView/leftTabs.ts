/**
 * Tabs that an extension host left behind when it was killed: the editor shows their pages on, and nobody hears them.
 * Owns telling those from tabs that the editor brings back by itself, as it does after a reload.
 */
import * as vscode from "vscode";

/** So long the editor may take to bring back a tab that is on screen, in ms. */
const RETURN = 5000;

/**
 * Looks once, a while after the start, and tells of the tabs of a type that were there at the start and that nobody
 * fills. `restored`: the editor has brought one back, so that there was no crash.
 */
export function findLeftTabs(
  viewType: string,
  restored: () => boolean,
  found: (left: readonly vscode.Tab[]) => void,
): vscode.Disposable {
  const before = tabsOf(viewType);
  const look = (): void => {
    const left = tabsOf(viewType).filter((tab) => before.includes(tab));
    // Tabs behind others come back when somebody turns to them: only one on screen tells.
    if (!restored() && left.some(({ isActive }) => isActive)) found(left);
  };
  const timer = setTimeout(look, RETURN);
  return { dispose: () => clearTimeout(timer) };
}

function tabsOf(viewType: string): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType),
    );
}
