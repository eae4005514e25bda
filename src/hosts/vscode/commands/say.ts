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
  const [first] = diagnostics.filter(({ severity }) => severity === "error");
  if (failed.code === "untrusted") return sayRestricted();
  if (!first) {
    await tell("error", failed.message);
    return;
  }
  const open = vscode.l10n.t("Open");
  const chosen = await tell("error", `${formatDiagnostic(first)}\n${failed.message}`, open);
  if (chosen === open)
    await openPlace(first.fileName, first.range.start.line, first.range.start.column);
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
