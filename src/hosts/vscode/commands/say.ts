/** How the extension tells what went wrong: one message, with the next moves as buttons. */
import * as vscode from "vscode";
import type { Failure } from "../../../run/failure.ts";
import { type FileDiagnostic, formatDiagnostic } from "../../../workflow/diagnostic.ts";
import { tell } from "../tell.ts";

/** Says why nothing was started; with a place in a file, a button leads there. */
export async function sayNotStarted(
  failed: Failure,
  diagnostics: readonly FileDiagnostic[],
): Promise<void> {
  if (failed.code === "untrusted") return sayRestricted();
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (!first) {
    await tell("error", failed.message);
    return;
  }
  const { start } = first.range;
  const shown = { ...first, fileName: vscode.workspace.asRelativePath(first.fileName) };
  const more = errors.length > 1 ? vscode.l10n.t("And {0} more.", errors.length - 1) : "";
  const text = [formatDiagnostic(shown), more, vscode.l10n.t("Nothing was started.")];
  const open = vscode.l10n.t("Open");
  if ((await tell("error", text.join(" "), open)) === open)
    await openPlace(first.fileName, start.line, start.column);
}

/** Says that nothing starts here, and how that changes. */
export async function sayRestricted(): Promise<void> {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const text = vscode.l10n.t(
    "This folder is in Restricted Mode, so nothing was started. Trust it to run workflows.",
  );
  if ((await tell("warning", text, manage)) === manage)
    await vscode.commands.executeCommand("workbench.trust.manage");
}

/** Opens a file at a place, line and column from 1. */
export async function openPlace(file: string, line: number, column: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(file), {
    selection: new vscode.Range(at, at),
  });
}
