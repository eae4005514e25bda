/**
 * Problems of workflow files that are open, where they are: checked when one is opened and when it is saved.
 * Owns the collection; the rules are the language's.
 */
import * as vscode from "vscode";
import type { FileDiagnostic, Severity } from "../../workflow/diagnostic.ts";
import type { Session } from "./session.ts";

/** Checks the open workflow files, now and as they change. */
export function createDiagnostics(session: Session): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("fermata");
  /** Files that each checked file had something said about. */
  const about = new Map<string, readonly string[]>();
  const clear = (file: string): void => {
    for (const named of about.get(file) ?? []) collection.delete(vscode.Uri.file(named));
    about.delete(file);
  };
  const check = async ({ uri }: vscode.TextDocument): Promise<void> => {
    if (!isWorkflow(uri)) return;
    const { diagnostics } = await session.app.validate(uri.fsPath);
    clear(uri.fsPath);
    const files = Map.groupBy(diagnostics, ({ fileName }) => fileName);
    about.set(uri.fsPath, [...files.keys()]);
    for (const [file, found] of files)
      collection.set(vscode.Uri.file(file), found.map(editorDiagnostic));
  };
  const checkSafely = (document: vscode.TextDocument): void =>
    void check(document).catch(session.fault);
  vscode.workspace.textDocuments.forEach(checkSafely);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument(checkSafely),
    vscode.workspace.onDidSaveTextDocument(checkSafely),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => clear(uri.fsPath)),
  );
}

function isWorkflow(uri: vscode.Uri): boolean {
  return uri.scheme === "file" && /\.workflow\.ya?ml$/.test(uri.path);
}

function editorDiagnostic({
  range,
  message,
  severity,
  code,
  expected,
  suggestion,
}: FileDiagnostic): vscode.Diagnostic {
  const { start, end } = range;
  const text = [
    message,
    ...(expected === undefined ? [] : [`Expected ${expected}.`]),
    ...(suggestion === undefined ? [] : [`Did you mean \`${suggestion}\`?`]),
  ].join(" ");
  const place = new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
  const made = new vscode.Diagnostic(place, text, SEVERITIES[severity]);
  made.code = code;
  made.source = "fermata";
  return made;
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Hint,
};
