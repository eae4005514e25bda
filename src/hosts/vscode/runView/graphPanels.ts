/**
 * The tabs in which a workflow's definition is looked at as a graph, one a file; live as the file is written, and back
 * after a reload. Owns the panels, and the way between a box and its lines.
 */
import * as vscode from "vscode";
import { placeAt, type StepPlace, stepPlaces } from "../../../language/stepPlaces.ts";
import type { FromDefinition, ToDefinition } from "../../../protocol/definitionView.ts";
import { isObject } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import { parseWorkflow } from "../../../workflow/parse.ts";
import { editorRange } from "../language/openFile.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { createKeptTabs } from "./keptTabs.ts";
import { pageHtml, pageRoot } from "./page.ts";

export interface GraphPanels extends vscode.Disposable {
  /** Shows the graph of a file, in its tab when it has one, beside the editor in front. */
  open(file: vscode.Uri): Promise<void>;
  /** Fills a tab that the editor brought back; one that is not a graph's is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
}

const VIEW_TYPE = "fermata.graph";
const TABS = "fermata.graphTabs";
/** How long typing rests before the graph follows, in ms. */
const REST = 150;

/** No tabs yet, but those that the editor brings back. */
export function createGraphPanels(session: Session): GraphPanels {
  const shown = new Map<string, vscode.WebviewPanel>();
  const show = (file: vscode.Uri, panel: vscode.WebviewPanel): void => {
    const key = file.toString();
    shown.set(key, panel);
    kept.changed();
    const extension = session.context.extensionUri;
    panel.title = vscode.l10n.t("Graph: {0}", nameOf(file));
    panel.iconPath = new vscode.ThemeIcon("type-hierarchy-sub");
    const page = fillPage(session, file, panel);
    panel.onDidDispose(() => {
      shown.delete(key);
      kept.changed();
      page.dispose();
    });
    panel.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(extension)] };
    panel.webview.html = pageHtml(panel.webview, extension, { kind: "definition" });
  };
  const kept = createKeptTabs({
    ...{ viewType: VIEW_TYPE, store: session.context.workspaceState, key: TABS },
    shown: () => [...shown.keys()],
    show: (file, panel) => show(vscode.Uri.parse(file, true), panel),
    fault: session.fault,
  });
  return {
    open: async (file) => {
      const known = shown.get(file.toString());
      if (known) known.reveal(undefined, true);
      else {
        const beside = vscode.window.activeTextEditor
          ? vscode.ViewColumn.Beside
          : vscode.ViewColumn.Active;
        const place = { viewColumn: beside, preserveFocus: true };
        show(file, vscode.window.createWebviewPanel(VIEW_TYPE, nameOf(file), place));
      }
    },
    restore: (panel, state) => {
      const known = isObject(state) && typeof state.file === "string";
      return kept.restore(panel, known ? String(state.file) : undefined);
    },
    dispose: () => {
      kept.dispose();
      for (const panel of [...shown.values()]) panel.dispose();
    },
  };
}

/** Tells a page of its file, now and as it changes, and does what the page asks. */
function fillPage(
  session: Session,
  file: vscode.Uri,
  panel: vscode.WebviewPanel,
): vscode.Disposable {
  const post = (message: ToDefinition): void => void panel.webview.postMessage(message);
  let places: readonly StepPlace[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isFile = (document: vscode.TextDocument) => document.uri.toString() === file.toString();
  const draw = async (): Promise<void> => {
    const document = await vscode.workspace.openTextDocument(file);
    const drawn = definitionOf(document);
    if (!drawn) return;
    places = drawn.places;
    post(drawn.message);
  };
  const drawSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void draw().catch(session.fault), REST);
  };
  const receive = async (message: FromDefinition): Promise<void> => {
    switch (message.type) {
      case "ready":
        return draw().catch((error: unknown) => sayUnreadable(file, error));
      case "reveal":
        return reveal(
          file,
          places.find(({ place }) => place === message.place),
          message.focus,
        );
      case "run":
        await vscode.commands.executeCommand("fermata.runFile", file);
        return;
      case "fault":
        session.fault(new Error(`In the graph: ${message.message}`));
        return;
    }
  };
  return vscode.Disposable.from(
    panel.webview.onDidReceiveMessage((message: FromDefinition) => {
      receive(message).catch(session.fault);
    }),
    panel.onDidChangeViewState(() => panel.visible && drawSoon()),
    vscode.workspace.onDidChangeTextDocument(
      ({ document }) => isFile(document) && panel.visible && drawSoon(),
    ),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const [at] = selections;
      if (!at || !isFile(textEditor.document) || !panel.visible) return;
      const found = placeAt(places, textEditor.document.offsetAt(at.active));
      post({ type: "selectStep", place: found?.place ?? "" });
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

/** What a page shows of a text; undefined where nothing of it is a workflow: the page keeps what it had. */
function definitionOf(
  document: vscode.TextDocument,
): { readonly message: ToDefinition; readonly places: readonly StepPlace[] } | undefined {
  const { draft, source, diagnostics } = parseWorkflow({
    fileName: document.uri.fsPath,
    text: document.getText(),
  });
  if (!draft) return undefined;
  const tasks = Object.entries(draft.tasks).map(([name, { steps }]) => [name, steps] as const);
  return {
    places: stepPlaces(draft, source),
    message: {
      type: "definition",
      file: document.uri.toString(),
      title: draft.name || nameOf(document.uri),
      steps: draft.steps,
      tasks: Object.fromEntries(tasks),
      problems: diagnostics.filter(({ severity }) => severity === "error").length,
    },
  };
}

async function reveal(
  file: vscode.Uri,
  place: StepPlace | undefined,
  focus: boolean,
): Promise<void> {
  const open = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === file.toString(),
  );
  const column = open?.viewColumn ?? vscode.ViewColumn.Beside;
  const editor = await vscode.window.showTextDocument(file, {
    viewColumn: column,
    preserveFocus: !focus,
  });
  if (!place) return;
  const range = editorRange(place.selection);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(
    editorRange(place.range),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

async function sayUnreadable(file: vscode.Uri, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  await tell("warning", vscode.l10n.t("{0} cannot be shown: {1}", nameOf(file), reason));
}

function nameOf(file: vscode.Uri): string {
  return printableLine(file.path.slice(file.path.lastIndexOf("/") + 1)).slice(0, 80);
}
