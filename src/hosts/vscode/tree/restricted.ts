/** Says above a tree that the folder is not trusted, for as long as that is so. */
import * as vscode from "vscode";

export interface RestrictedMessage extends vscode.Disposable {
  /** A view without rows has its welcome, which says the same and would be hidden by a message. */
  update(hasRows: boolean): void;
}

/** Keeps a tree's message in step with the folder's trust and with whether it has rows. */
export function restrictedMessage(view: vscode.TreeView<unknown>): RestrictedMessage {
  let shown = false;
  const say = (): void => {
    view.message =
      shown && !vscode.workspace.isTrusted
        ? vscode.l10n.t(
            "Restricted Mode: nothing can be started here. Trust this folder to run workflows.",
          )
        : "";
  };
  const granted = vscode.workspace.onDidGrantWorkspaceTrust(say);
  return {
    update: (hasRows) => {
      if (shown === hasRows) return;
      shown = hasRows;
      say();
    },
    dispose: () => granted.dispose(),
  };
}
