/** A file that a run touched, opened with what changed in it where version control can say. Only files of the folder. */
import * as vscode from "vscode";
import { tell } from "../tell.ts";

/** Opens a file named by an agent's result, relative to the folder. */
export async function openChangedFile(folder: vscode.WorkspaceFolder, file: string): Promise<void> {
  const uri = vscode.Uri.joinPath(folder.uri, file);
  if (uri.fsPath !== folder.uri.fsPath && !uri.path.startsWith(`${folder.uri.path}/`)) {
    await tell("warning", vscode.l10n.t("{0} lies outside this folder and is not opened.", file));
    return;
  }
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    await tell("info", vscode.l10n.t("{0} is not there any more.", file));
    return;
  }
  const commands = await vscode.commands.getCommands(true);
  if (commands.includes("git.openChange")) {
    const before = vscode.window.tabGroups.activeTabGroup.activeTab;
    await vscode.commands.executeCommand("git.openChange", uri);
    if (vscode.window.tabGroups.activeTabGroup.activeTab !== before) return;
  }
  await vscode.window.showTextDocument(uri);
}
