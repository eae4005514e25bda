/**
 * Problems of workflow files that are open, where they are, as they are written; and the fixes that they come with.
 * Owns the collection and the pause after typing; the rules and the fixes are the language's.
 */
import * as vscode from "vscode";
import type { FileDiagnostic, Severity } from "../../../workflow/diagnostic.ts";
import type { Fix } from "../../../workflow/edit.ts";
import type { Session } from "../session.ts";
import { editorRange, LANGUAGE, offsetsRange } from "./openFile.ts";

/** How long a person must have stopped typing before a file is checked, in ms. */
const PAUSE = 250;

/** Checks the open workflow files, now and as they change, and offers their fixes. */
export function createDiagnostics(session: Session): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("fermata");
  /** What each checked file had said about it and others, by the checked file. */
  const about = new Map<string, ReadonlyMap<string, readonly FileDiagnostic[]>>();
  const pauses = new Map<string, NodeJS.Timeout>();
  const clear = (file: string): void => {
    for (const named of about.get(file)?.keys() ?? []) collection.delete(vscode.Uri.file(named));
    about.delete(file);
  };
  const check = async (document: vscode.TextDocument): Promise<void> => {
    const { uri, version } = document;
    const { diagnostics } = await session.app.validate(uri.fsPath, document.getText());
    // What was typed meanwhile is checked by itself.
    if (document.isClosed || document.version !== version) return;
    clear(uri.fsPath);
    const files = Map.groupBy(diagnostics, ({ fileName }) => fileName);
    about.set(uri.fsPath, files);
    for (const [file, found] of files)
      collection.set(vscode.Uri.file(file), found.map(editorDiagnostic));
  };
  const checkSoon = (document: vscode.TextDocument, pause: number): void => {
    if (!isWorkflow(document)) return;
    const key = document.uri.toString();
    clearTimeout(pauses.get(key));
    pauses.set(
      key,
      setTimeout(() => void check(document).catch(session.fault), pause),
    );
  };
  for (const document of vscode.workspace.textDocuments) checkSoon(document, 0);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => checkSoon(document, 0)),
    vscode.workspace.onDidSaveTextDocument((document) => checkSoon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => checkSoon(document, PAUSE)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(pauses.get(uri.toString()));
      clear(uri.fsPath);
    }),
    registerFixes((file) => [...about.values()].flatMap((files) => files.get(file) ?? [])),
    { dispose: () => pauses.forEach(clearTimeout) },
  );
}

function isWorkflow({ uri, languageId }: vscode.TextDocument): boolean {
  return uri.scheme === "file" && languageId === LANGUAGE;
}

function registerFixes(known: (file: string) => readonly FileDiagnostic[]): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    LANGUAGE,
    {
      provideCodeActions: (document, range, { diagnostics: shown }) =>
        known(document.uri.fsPath)
          .filter((diagnostic) => editorRange(diagnostic.range).intersection(range))
          .flatMap((diagnostic) => {
            const { fix } = diagnostic;
            return fix ? [actionOf(document, fix, diagnostic, shown)] : [];
          }),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

function actionOf(
  document: vscode.TextDocument,
  { title, edits }: Fix,
  { code, range }: FileDiagnostic,
  shown: readonly vscode.Diagnostic[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of edits) {
    action.edit.replace(document.uri, offsetsRange(document, start, end), text);
  }
  const place = editorRange(range);
  action.diagnostics = shown.filter((each) => each.code === code && each.range.isEqual(place));
  action.isPreferred = true;
  return action;
}

function editorDiagnostic({
  range,
  message,
  severity,
  code,
  expected,
  suggestion,
}: FileDiagnostic): vscode.Diagnostic {
  const text = [
    message,
    ...(expected === undefined ? [] : [`Expected ${expected}.`]),
    ...(suggestion === undefined ? [] : [`Did you mean \`${suggestion}\`?`]),
  ].join(" ");
  const made = new vscode.Diagnostic(editorRange(range), text, SEVERITIES[severity]);
  made.code = code;
  made.source = "fermata";
  return made;
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Hint,
};
