/** `Run` and `Validate` on the workflow file in front: as it is written, saved first where that matters. */
import * as vscode from "vscode";
import { formatDiagnostic } from "../../../workflow/diagnostic.ts";
import { parseWorkflow } from "../../../workflow/parse.ts";
import { LANGUAGE } from "../language/openFile.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { runWorkflow } from "./runWorkflow.ts";

/** Saves the file and starts it, or shows what keeps it from starting. */
export async function runFile(session: Session, argument: unknown): Promise<void> {
  const document = workflowDocument(argument);
  if (!document) return sayNoFile();
  if (document.isDirty && !(await document.save())) return;
  const { uri } = document;
  const { ok } = await session.app.validate(uri.fsPath, document.getText());
  const { workflow } = parseWorkflow({ fileName: uri.fsPath, text: document.getText() });
  if (!ok || !workflow) return showProblems();
  const { name, version, description, inputs } = workflow;
  const template = { name, version, description, inputs, source: "workspace", file: uri.fsPath };
  await runWorkflow(session, { template });
}

/** Says that a file is fine, or shows its problems. */
export async function validateFile({ app }: Session, argument: unknown): Promise<void> {
  const document = workflowDocument(argument);
  if (!document) return sayNoFile();
  const { diagnostics } = await app.validate(document.uri.fsPath, document.getText());
  const count = (severity: string) =>
    diagnostics.filter((each) => each.severity === severity).length;
  if (count("error") > 0) return showProblems();
  const warnings = count("warning");
  const found =
    warnings === 0
      ? vscode.l10n.t("No problems: this workflow can run.")
      : vscode.l10n.t("This workflow can run. Warnings: {0}.", warnings);
  await tell("info", found);
}

/** Rewrites a file of the older dialect into today's language, shown as an edit that the person confirms. */
export async function migrateFile({ app, fault }: Session, argument: unknown): Promise<void> {
  const uri =
    argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const document =
    uri?.scheme === "file" ? await vscode.workspace.openTextDocument(uri) : undefined;
  if (!document || !/\.ya?ml$/.test(document.uri.path)) return sayNoFile();
  if (document.isDirty && !(await document.save())) return;
  const { ok, before, after, changes, diagnostics, name } = await app.migrate(document.uri.fsPath);
  const [first] = diagnostics.filter(({ severity }) => severity === "error");
  if (!ok && first) return void (await tell("error", formatDiagnostic(first)));
  if (before === after)
    return void (await tell("info", vscode.l10n.t("This file is in today's language already.")));
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const edit = new vscode.WorkspaceEdit();
  const label = vscode.l10n.t("Rewrite in today's language: {0} changes", changes.length);
  edit.replace(document.uri, whole, after, { needsConfirmation: true, label });
  await vscode.workspace.applyEdit(edit);
  if (!document.uri.path.endsWith(`/${name}`))
    tell("info", vscode.l10n.t("Call the file {0}, so that it is known as such.", name)).then(
      undefined,
      fault,
    );
}

/** The workflow file that a command was called on, or the one in front. */
export function workflowDocument(argument: unknown): vscode.TextDocument | undefined {
  const wanted = argument instanceof vscode.Uri ? argument.toString() : undefined;
  const named = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === wanted);
  const found = named ?? vscode.window.activeTextEditor?.document;
  return found?.languageId === LANGUAGE ? found : undefined;
}

async function sayNoFile(): Promise<void> {
  await tell("info", vscode.l10n.t("Open a *.workflow.yaml file first."));
}

async function showProblems(): Promise<void> {
  await vscode.commands.executeCommand("workbench.actions.view.problems");
}
