/**
 * The workflow files that are open here, read for the editor: the last text of each that could be read.
 * Owns the cache, one reading a version of a document.
 */
import * as vscode from "vscode";
import { readWorkflow, type WorkflowReading } from "../../../language/reading.ts";
import type { Range } from "../../../workflow/diagnostic.ts";

/** The language id of `*.workflow.yaml`. */
export const LANGUAGE = "fermata-workflow";

export interface OpenFiles extends vscode.Disposable {
  /** The document as it is now; undefined where its text is no mapping. */
  read(document: vscode.TextDocument): WorkflowReading | undefined;
}

/** An empty cache that forgets documents as they close. */
export function createOpenFiles(): OpenFiles {
  const known = new Map<
    string,
    { readonly version: number; readonly file: WorkflowReading | undefined }
  >();
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString()));
  return {
    read: (document) => {
      const key = document.uri.toString();
      const before = known.get(key);
      if (before?.version === document.version) return before.file;
      const file = readWorkflow(document.uri.fsPath, document.getText());
      known.set(key, { version: document.version, file });
      return file;
    },
    dispose: () => closed.dispose(),
  };
}

/** A range of ours as the editor counts. */
export function editorRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

/** Offsets of a document as the editor counts. */
export function offsetsRange(
  document: vscode.TextDocument,
  start: number,
  end: number,
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
