/** Formatting of workflow files, and the line of actions above them. */
import * as vscode from "vscode";
import { formatWorkflow } from "../../../language/format.ts";
import { tell } from "../tell.ts";
import { LANGUAGE } from "./openFile.ts";

/** Registers both; `declared`: the commands that this extension has. */
export function registerLayout(declared: ReadonlySet<string>): vscode.Disposable {
  const actions = ACTIONS.filter(([command]) => declared.has(command));
  return vscode.Disposable.from(
    vscode.languages.registerDocumentFormattingEditProvider(LANGUAGE, {
      provideDocumentFormattingEdits: (document) => {
        const text = document.getText();
        const laid = formatWorkflow(text);
        if (!laid.ok) {
          void tell("warning", vscode.l10n.t("Not formatted: {0}", laid.why));
          return [];
        }
        if (laid.text === text) return [];
        const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
        return [vscode.TextEdit.replace(whole, laid.text)];
      },
    }),
    vscode.languages.registerCodeLensProvider(LANGUAGE, {
      provideCodeLenses: ({ uri }) =>
        actions.map(
          ([command, title]) =>
            new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
              command,
              title: title(),
              arguments: [uri],
            }),
        ),
    }),
  );
}

const ACTIONS: readonly (readonly [command: string, title: () => string])[] = [
  ["fermata.runFile", () => `$(play) ${vscode.l10n.t("Run")}`],
  ["fermata.debugFile", () => `$(debug-alt) ${vscode.l10n.t("Debug")}`],
  ["fermata.validateFile", () => `$(check) ${vscode.l10n.t("Validate")}`],
  ["fermata.showGraph", () => `$(type-hierarchy) ${vscode.l10n.t("Graph")}`],
];
