/** Completion and hover in workflow files: the language's answers in the editor's shapes. */
import * as vscode from "vscode";
import { completionsAt } from "../../../language/complete/completion.ts";
import type { Completion, CompletionKind } from "../../../language/complete/offer.ts";
import { hoverAt } from "../../../language/hover.ts";
import type { Session } from "../session.ts";
import { editorRange, LANGUAGE, type OpenFiles, offsetsRange } from "./openFile.ts";
import { worldAt } from "./outside.ts";

/** Registers both. */
export function registerOffers(session: Session, files: OpenFiles): vscode.Disposable {
  const completion = vscode.languages.registerCompletionItemProvider(
    LANGUAGE,
    {
      provideCompletionItems: async (document, position, cancelled) => {
        const world = await worldAt(session, document, position);
        if (cancelled.isCancellationRequested) return [];
        const file = { fileName: document.uri.fsPath, text: document.getText() };
        const offers = completionsAt(file, document.offsetAt(position), world);
        return offers.map((offer) => itemOf(document, position, offer));
      },
    },
    ...[".", "|", "{", "@", " "],
  );
  const hover = vscode.languages.registerHoverProvider(LANGUAGE, {
    provideHover: async (document, position) => {
      const file = files.read(document);
      if (!file) return undefined;
      const world = await worldAt(session, document, position);
      const found = hoverAt(file, document.offsetAt(position), world);
      // Not trusted: text of a file never becomes a command, and names of it are quoted as code.
      return (
        found &&
        new vscode.Hover(new vscode.MarkdownString(found.markdown), editorRange(found.range))
      );
    },
  });
  return vscode.Disposable.from(completion, hover);
}

function itemOf(
  document: vscode.TextDocument,
  position: vscode.Position,
  { label, kind, detail, doc, insert, start, end, first }: Completion,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, KINDS[kind]);
  const range = offsetsRange(document, start, end);
  item.range = range.contains(position) ? range : new vscode.Range(position, position);
  item.insertText = insert;
  item.keepWhitespace = true;
  item.filterText = document.getText(range).startsWith('"') ? `"${label}` : label;
  item.sortText = `${first ? 0 : 1}${label}`;
  if (detail !== "") item.detail = detail;
  if (doc !== "") item.documentation = doc;
  if (/[:({.@] ?$|\n\s*$|: \[$/.test(insert)) {
    item.command = { command: "editor.action.triggerSuggest", title: "" };
  }
  return item;
}

const KINDS: Readonly<Record<CompletionKind, vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  type: vscode.CompletionItemKind.Class,
  step: vscode.CompletionItemKind.Reference,
  field: vscode.CompletionItemKind.Field,
  input: vscode.CompletionItemKind.Variable,
  agent: vscode.CompletionItemKind.User,
  tool: vscode.CompletionItemKind.Interface,
  task: vscode.CompletionItemKind.Module,
  worker: vscode.CompletionItemKind.Interface,
  phase: vscode.CompletionItemKind.Enum,
  filter: vscode.CompletionItemKind.Function,
  test: vscode.CompletionItemKind.Function,
  function: vscode.CompletionItemKind.Function,
  method: vscode.CompletionItemKind.Method,
  name: vscode.CompletionItemKind.Variable,
  keyword: vscode.CompletionItemKind.Keyword,
  parameter: vscode.CompletionItemKind.Property,
};
