/**
 * Longer text is written in an editor tab: one click above the text hands it over, closing the tab does not.
 * Owns those tabs. They are ordinary unsaved files, so nothing typed is lost by a reload of the window.
 */
import * as vscode from "vscode";
import { tell } from "../tell.ts";

export interface Writing {
  /** The tab's title. */
  readonly name: string;
  readonly text: string;
  /** What the button says. */
  readonly done: string;
  /** What is wrong with the text; undefined when it may be handed over. */
  readonly check: (text: string) => string | undefined;
}

export interface Writings extends vscode.Disposable {
  /** Opens a tab with the text. Resolves with what was handed over, or undefined when the tab was closed. */
  write(writing: Writing): Promise<string | undefined>;
  /** The command that hands a written text over; apart, since something may stand in for it until then. */
  registerCommand(): vscode.Disposable;
}

interface OpenWriting extends Writing {
  readonly end: (text: string | undefined) => void;
}

interface OpenWritings {
  readonly changed: vscode.EventEmitter<void>;
  find(uri: vscode.Uri): OpenWriting | undefined;
  wait(uri: vscode.Uri, writing: Writing): Promise<string | undefined>;
  end(uri: vscode.Uri, text: string | undefined): void;
}

/** Registers the button above such texts and watches for closed tabs. */
export function createWritings(): Writings {
  const open = createOpenWritings();
  const closed = vscode.window.tabGroups.onDidChangeTabs(({ closed: tabs }) => {
    for (const { input } of tabs)
      if (input instanceof vscode.TabInputText) open.end(input.uri, undefined);
  });
  const lenses = vscode.languages.registerCodeLensProvider(
    { scheme: "untitled" },
    {
      onDidChangeCodeLenses: open.changed.event,
      provideCodeLenses: ({ uri }) => lensesOf(open.find(uri), uri),
    },
  );
  return {
    write: (writing) => openText(open, writing),
    registerCommand: () =>
      vscode.commands.registerCommand("fermata.text.use", (uri?: vscode.Uri) =>
        handOver(open, uri ?? vscode.window.activeTextEditor?.document.uri),
      ),
    dispose: () => vscode.Disposable.from(closed, lenses, open.changed).dispose(),
  };
}

async function openText(open: OpenWritings, writing: Writing): Promise<string | undefined> {
  const name = writing.name
    .replace(/[\\/:*?"<>|]+/g, " ")
    .trim()
    .slice(0, 60);
  const uri = freeUri(name);
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), writing.text));
  return open.wait(uri, writing);
}

async function handOver(open: OpenWritings, uri: vscode.Uri | undefined): Promise<void> {
  const writing = uri && open.find(uri);
  const document = vscode.workspace.textDocuments.find(
    (candidate) => candidate.uri.toString() === uri?.toString(),
  );
  if (!writing || !document) return;
  const text = document.getText();
  const problem = writing.check(text);
  if (problem !== undefined) {
    void tell("warning", problem);
    return;
  }
  open.end(document.uri, text);
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

function lensesOf(writing: OpenWriting | undefined, uri: vscode.Uri): vscode.CodeLens[] {
  if (!writing) return [];
  const title = `$(check) ${writing.done}`;
  return [
    new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
      command: "fermata.text.use",
      title,
      arguments: [uri],
    }),
  ];
}

/** An unsaved file that nobody has open. Its ending makes it markdown. */
function freeUri(name: string): vscode.Uri {
  for (let number = 1; ; number++) {
    const path = number === 1 ? `${name}.md` : `${name} ${number}.md`;
    const uri = vscode.Uri.from({ scheme: "untitled", path });
    const taken = vscode.workspace.textDocuments.some(
      (document) => document.uri.toString() === uri.toString(),
    );
    if (!taken) return uri;
  }
}

function createOpenWritings(): OpenWritings {
  const writings = new Map<string, OpenWriting>();
  const changed = new vscode.EventEmitter<void>();
  const tell = (): void => {
    changed.fire();
    void vscode.commands.executeCommand("setContext", "fermata.texts", [...writings.keys()]);
  };
  return {
    changed,
    find: (uri) => writings.get(uri.toString()),
    wait: (uri, writing) =>
      new Promise((resolve) => {
        writings.set(uri.toString(), { ...writing, end: resolve });
        tell();
      }),
    end: (uri, text) => {
      const writing = writings.get(uri.toString());
      if (!writings.delete(uri.toString())) return;
      tell();
      writing?.end(text);
    },
  };
}
