/** Definitions, references, renaming and the outline of workflow files, in the editor's shapes. */
import * as vscode from "vscode";
import {
  definitionsOf,
  occurrenceAt,
  renamableAt,
  renameAt,
  sameThing,
} from "../../../language/navigate.ts";
import type { Occurrence } from "../../../language/occurrences.ts";
import { type OutlineNode, outlineOf } from "../../../language/outline.ts";
import type { Session } from "../session.ts";
import { editorRange, LANGUAGE, type OpenFiles, offsetsRange } from "./openFile.ts";

/** Registers them all. */
export function registerNavigation(session: Session, files: OpenFiles): vscode.Disposable {
  const find = (document: vscode.TextDocument, position: vscode.Position) => {
    const all = files.read(document)?.occurrences ?? [];
    return { all, found: occurrenceAt(all, document.offsetAt(position)) };
  };
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(LANGUAGE, {
      provideDefinition: async (document, position) => {
        const { all, found } = find(document, position);
        if (!found) return [];
        const inside = definitionsOf(all, found);
        if (inside.length === 0) return outside(session, found);
        return inside.map((range) => new vscode.Location(document.uri, editorRange(range)));
      },
    }),
    vscode.languages.registerReferenceProvider(LANGUAGE, {
      provideReferences: (document, position, { includeDeclaration }) => {
        const { all, found } = find(document, position);
        return (found ? sameThing(all, found) : [])
          .filter(({ role }) => includeDeclaration || role !== "definition")
          .map(({ range }) => new vscode.Location(document.uri, editorRange(range)));
      },
    }),
    vscode.languages.registerDocumentHighlightProvider(LANGUAGE, {
      provideDocumentHighlights: (document, position) => {
        const { all, found } = find(document, position);
        return (found ? sameThing(all, found) : []).map(
          ({ range, role }) => new vscode.DocumentHighlight(editorRange(range), HIGHLIGHTS[role]),
        );
      },
    }),
    vscode.languages.registerRenameProvider(LANGUAGE, renaming(files)),
    vscode.languages.registerDocumentSymbolProvider(LANGUAGE, {
      provideDocumentSymbols: (document) => {
        const file = files.read(document);
        return file ? outlineOf(file.workflow, file.source).map(symbolOf) : [];
      },
    }),
  );
}

function renaming(files: OpenFiles): vscode.RenameProvider {
  return {
    prepareRename: (document, position) => {
      const all = files.read(document)?.occurrences ?? [];
      const able = renamableAt(all, document.offsetAt(position));
      if (!able.ok) throw new Error(able.message);
      return { range: editorRange(able.range), placeholder: able.name };
    },
    provideRenameEdits: (document, position, to) => {
      const all = files.read(document)?.occurrences ?? [];
      const renamed = renameAt(all, document.offsetAt(position), to);
      if (!renamed.ok) throw new Error(renamed.message);
      const edit = new vscode.WorkspaceEdit();
      for (const { start, end, text } of renamed.edits) {
        edit.replace(document.uri, offsetsRange(document, start, end), text);
      }
      return edit;
    },
  };
}

/** Agents and workflows are defined in files of their own. */
async function outside({ app }: Session, { kind, name }: Occurrence): Promise<vscode.Location[]> {
  const file =
    kind === "agent"
      ? (await app.listAgents()).find((agent) => agent.name === name)?.file
      : kind === "workflow"
        ? (await app.listTemplates()).find((template) => template.name === name)?.file
        : undefined;
  if (file === undefined) return [];
  return [new vscode.Location(vscode.Uri.file(file), new vscode.Position(0, 0))];
}

const HIGHLIGHTS: Readonly<Record<Occurrence["role"], vscode.DocumentHighlightKind>> = {
  definition: vscode.DocumentHighlightKind.Write,
  write: vscode.DocumentHighlightKind.Write,
  use: vscode.DocumentHighlightKind.Read,
};

function symbolOf({
  name,
  detail,
  kind,
  range,
  selection,
  children,
}: OutlineNode): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(
    name,
    detail,
    SYMBOLS[kind],
    editorRange(range),
    editorRange(selection),
  );
  symbol.children.push(...children.map(symbolOf));
  return symbol;
}

const SYMBOLS: Readonly<Record<OutlineNode["kind"], vscode.SymbolKind>> = {
  section: vscode.SymbolKind.Namespace,
  step: vscode.SymbolKind.Function,
  task: vscode.SymbolKind.Class,
  input: vscode.SymbolKind.Variable,
  field: vscode.SymbolKind.Field,
};
