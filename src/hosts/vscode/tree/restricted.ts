/** Says above a tree that the folder is not trusted, for as long as that is so. */
import * as vscode from "vscode";

/** Keeps a tree's message in step with the folder's trust. */
export function restrictedMessage(view: vscode.TreeView<unknown>): vscode.Disposable {
  const say = (): void => {
    const text = vscode.l10n.t(
      "Restricted Mode: nothing can be started here. Trust this folder to run workflows.",
    );
    view.message = vscode.workspace.isTrusted || !vscode.workspace.workspaceFolders ? "" : text;
  };
  say();
  return vscode.workspace.onDidGrantWorkspaceTrust(say);
}
