/** Messages to the person. Everything that is told goes through here, so that foreign text in it stays text. */
import * as vscode from "vscode";
import { unlinked } from "./plainText.ts";

/** Tells something, with the next moves as buttons; resolves with the one that was pressed. */
export function tell(
  severity: "info" | "warning" | "error",
  text: string,
  ...buttons: readonly string[]
): Thenable<string | undefined> {
  return SHOW[severity](unlinked(text), ...buttons);
}

const SHOW = {
  info: (text: string, ...buttons: string[]) =>
    vscode.window.showInformationMessage(text, ...buttons),
  warning: (text: string, ...buttons: string[]) =>
    vscode.window.showWarningMessage(text, ...buttons),
  error: (text: string, ...buttons: string[]) => vscode.window.showErrorMessage(text, ...buttons),
};
