/**
 * The extension's first code, small because every window loads it: it waits for a reason and then loads the whole.
 * Owns the reasons: a view is opened, a command called, a workflow file opened, a tab comes back, a run is not over,
 * the chat or an agent asks something.
 */
import { homedir } from "node:os";
import * as vscode from "vscode";
import { mayHaveUnfinishedRuns } from "../../app/glance.ts";
import { registerChat } from "./chat/chat.ts";
import { registerDebugging } from "./debug/debugging.ts";
import { registerPlanFiles } from "./plan/planFiles.ts";
import type { Whole } from "./whole.ts";

/** Between two looks for runs that another process began, in ms. */
const LOOK = 5000;

const VIEWS = ["fermata.approvals", "fermata.runs", "fermata.templates"];
const RUN_TAB = "fermata.run";
const GRAPH_TAB = "fermata.graph";
const LANGUAGE = "fermata-workflow";

/** What `deactivate` lets go of; one window, one activation. */
const active: { whole?: Promise<Whole> } = {};

/** Called by the editor once the window is up, or earlier for one of the reasons. */
export function activate(context: vscode.ExtensionContext): void {
  const standIns: vscode.Disposable[] = [];
  const load = (): Promise<Whole> => {
    active.whole ??= loadWhole(context, standIns).catch((error: unknown) => {
      // The next reason tries again.
      delete active.whole;
      throw error;
    });
    return active.whole;
  };
  const loadSoon = (): void => void load().catch(showFault);
  standIns.push(
    ...VIEWS.map((view) => standInView(view, loadSoon)),
    ...commandsOf(context).map((command) => standInCommand(command, load)),
    vscode.workspace.onDidOpenTextDocument(
      ({ languageId }) => languageId === LANGUAGE && loadSoon(),
    ),
  );
  context.subscriptions.push(
    // Registered once and for all: the editor closes a tab that it wants to bring back while nobody is there to fill it.
    vscode.window.registerWebviewPanelSerializer(RUN_TAB, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        await (await load()).restoreRunTab(panel, state);
      },
    }),
    vscode.window.registerWebviewPanelSerializer(GRAPH_TAB, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        await (await load()).restoreGraphTab(panel, state);
      },
    }),
    registerDebugging(async () => (await load()).debug),
    registerPlanFiles(async () => (await load()).plans),
    registerChat(context, async () => (await load()).chat),
  );
  if (hasReason()) loadSoon();
  else standIns.push(lookForRuns(loadSoon));
}

/** Called by the editor when the window closes: runs driven here stay as they are on disk. */
export async function deactivate(): Promise<void> {
  await (await active.whole?.catch(() => undefined))?.dispose();
}

async function loadWhole(
  context: vscode.ExtensionContext,
  standIns: readonly vscode.Disposable[],
): Promise<Whole> {
  const { openWhole } = await import("./whole.ts");
  return openWhole(context, () => vscode.Disposable.from(...standIns).dispose());
}

function hasReason(): boolean {
  const isOpen = vscode.workspace.textDocuments.some(({ languageId }) => languageId === LANGUAGE);
  return isOpen || isSomethingUnfinished();
}

function isSomethingUnfinished(): boolean {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  if (!folder) return false;
  try {
    const place = { env: process.env, platform: process.platform, home: homedir() };
    return mayHaveUnfinishedRuns({ ...place, workspace: folder.uri.fsPath });
  } catch {
    // A folder that is gone has no runs; whoever works in it will be told.
    return false;
  }
}

/** Runs may begin in a terminal while nobody has looked at Fermata here. */
function lookForRuns(found: () => void): vscode.Disposable {
  const clock = setInterval(() => isSomethingUnfinished() && found(), LOOK);
  return { dispose: () => clearInterval(clock) };
}

/** An empty view whose first sight loads the whole. */
function standInView(view: string, seen: () => void): vscode.Disposable {
  return vscode.window.registerTreeDataProvider<never>(view, {
    getTreeItem: (row) => row,
    getChildren: () => {
      seen();
      return [];
    },
  });
}

function standInCommand(command: string, load: () => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(command, async (...given: readonly unknown[]) => {
    await load();
    return vscode.commands.executeCommand(command, ...given);
  });
}

function commandsOf({ extension }: vscode.ExtensionContext): readonly string[] {
  const declared: readonly { readonly command: string }[] =
    extension.packageJSON.contributes.commands;
  return declared.map(({ command }) => command);
}

function showFault(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  void vscode.window.showErrorMessage(vscode.l10n.t("Fermata could not start: {0}", reason));
}
