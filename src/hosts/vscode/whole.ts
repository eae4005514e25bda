/**
 * The whole of the extension: what is made once there is a reason to, and one dispose when the window closes.
 * Owns which parts there are; each registers itself.
 */
import { join } from "node:path";
import * as vscode from "vscode";
import { createWritings } from "./ask/writeInEditor.ts";
import { watchForAgents } from "./attention/noAgent.ts";
import { createNotifications } from "./attention/notifications.ts";
import { createStatusBar } from "./attention/statusBar.ts";
import type { ChatParts } from "./chat/chat.ts";
import { languageModelTools } from "./chat/languageModelTools.ts";
import { chatResponder } from "./chat/participant.ts";
import { registerCommands } from "./commands/table.ts";
import { SECTION } from "./configuration.ts";
import type { DebugParts } from "./debug/debugging.ts";
import { debugParts } from "./debug/debugParts.ts";
import { createLiveDocuments } from "./documents/liveDocuments.ts";
import { registerLanguage } from "./language/language.ts";
import { openDrafts } from "./plan/drafts.ts";
import { followRevisions } from "./plan/followRevision.ts";
import { registerPlanComments } from "./plan/planComments.ts";
import { registerPlanDecisions } from "./plan/planDecisions.ts";
import type { PlanStore } from "./plan/planFiles.ts";
import { registerDroppedItems } from "./plan/planItemChoice.ts";
import { registerPlanLenses } from "./plan/planLenses.ts";
import { createPlans, type Plans } from "./plan/plans.ts";
import { resumeInterrupted } from "./resume.ts";
import { createGraphPanels, type GraphPanels } from "./runView/graphPanels.ts";
import { createRunPanels, type RunPanels } from "./runView/runPanels.ts";
import { openSession, type Session } from "./session.ts";
import { tell } from "./tell.ts";
import { registerFileDecorations } from "./touched/fileDecorations.ts";
import { createApprovalsView } from "./tree/approvalsView.ts";
import { createArrangement } from "./tree/arrangement.ts";
import { registerDimming } from "./tree/icons.ts";
import { createRunsView } from "./tree/runsView.ts";
import { createTemplatesView } from "./tree/templatesView.ts";

/** Between two looks for runs that another process started, in ms. */
const LOOK = 2000;

/** The extension once there was a reason to load it. */
export interface Whole {
  /** Brings back the tab of a run that was open before the window was closed or reloaded. */
  restoreRunTab(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  /** The same for the graph of a file. */
  restoreGraphTab(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  /** The texts of plans; absent where no folder is open. */
  readonly plans?: PlanStore;
  /** What answers the editor's chat and its agents; absent where no folder is open. */
  readonly chat?: ChatParts;
  /** What debugs workflows; absent where no folder is open. */
  readonly debug?: DebugParts;
  dispose(): Promise<void>;
}

/**
 * Makes everything that there is for this window's folder. `takeOver` lets go of what stood in for the views and
 * commands: it is called right before they are registered, so that there is no moment without any.
 */
export async function openWhole(
  context: vscode.ExtensionContext,
  takeOver: () => void,
): Promise<Whole> {
  const log = vscode.window.createOutputChannel("Fermata", { log: true });
  const showLog = () => vscode.commands.registerCommand("fermata.showLog", () => log.show());
  context.subscriptions.push(log, registerDimming());
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  if (!folder) {
    takeOver();
    context.subscriptions.push(showLog());
    // No folder, no runs: the views are empty and their welcome says why.
    context.subscriptions.push(
      createApprovalsView(undefined),
      createRunsView(undefined),
      createTemplatesView(undefined),
    );
    return {
      restoreRunTab: async (panel) => panel.dispose(),
      restoreGraphTab: async (panel) => panel.dispose(),
      dispose: async () => undefined,
    };
  }
  const writings = createWritings();
  const session = await openSession({ context, folder, log, writings });
  const { storageUri, globalStorageUri } = context;
  const drafts = await openDrafts(join((storageUri ?? globalStorageUri).fsPath, "drafts"));
  takeOver();
  const panels = createRunPanels(session);
  const graphs = createGraphPanels(session);
  const plans = createPlans(session, drafts);
  context.subscriptions.push(
    drafts,
    showLog(),
    writings,
    writings.registerCommand(),
    panels,
    graphs,
  );
  context.subscriptions.push(...parts(session, { panels, graphs, plans }));
  const chat = { respond: chatResponder(session), tools: languageModelTools(session) };
  return {
    restoreRunTab: panels.restore,
    restoreGraphTab: graphs.restore,
    plans,
    chat,
    debug: debugParts(session),
    dispose: session.dispose,
  };
}

interface Tabs {
  readonly panels: RunPanels;
  readonly graphs: GraphPanels;
  readonly plans: Plans;
}

function parts(session: Session, { panels, graphs, plans }: Tabs): readonly vscode.Disposable[] {
  const { model, fault } = session;
  const revisions = followRevisions(session, plans);
  const documents = createLiveDocuments(session);
  const approvals = createApprovalsView(session);
  const arrangement = createArrangement(session);
  const templates = createTemplatesView(session);
  const refresh = async (): Promise<void> => {
    templates.refresh();
    await model.refresh();
  };
  // Only now may the views say that there is nothing, or that the folder is not trusted: before, nobody knows yet.
  const listed = () => vscode.commands.executeCommand("setContext", "fermata.runsListed", true);
  model.refresh().then(listed).catch(fault);
  const look = setInterval(() => void model.look().catch(fault), LOOK);
  return [
    approvals,
    arrangement,
    createRunsView(session, arrangement),
    templates,
    plans,
    documents,
    registerPlanLenses(session, plans),
    revisions,
    registerPlanComments(session, plans),
    registerPlanDecisions({ session, plans, revisions }),
    registerDroppedItems(plans),
    registerCommands({ session, plans, documents, panels, graphs, arrangement, refresh }),
    createStatusBar(session),
    watchForAgents(session),
    createNotifications(session, approvals.isOnScreen),
    registerLanguage(session),
    registerFileDecorations(session),
    followSettings(session),
    ...followTrust(session, refresh),
    { dispose: () => clearInterval(look) },
  ];
}

/** Trust brings the folder's own settings, and what was interrupted may go on. */
function followTrust(session: Session, refresh: () => Promise<void>): readonly vscode.Disposable[] {
  const resuming: vscode.Disposable[] = [];
  const resume = (): void => void resuming.push(resumeInterrupted(session));
  resume();
  const granted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
    session.reopen().then(resume).then(refresh).catch(session.fault);
  });
  return [granted, { dispose: () => vscode.Disposable.from(...resuming).dispose() }];
}

/** Settings are taken at once while nothing is driven here; otherwise when that is over, or when the person says so. */
function followSettings(session: Session): vscode.Disposable {
  let waiting = false;
  const take = (): void => {
    waiting = false;
    session.reopen().catch(session.fault);
  };
  const ended = session.model.onChange(() => waiting && !session.drives() && take());
  const changed = vscode.workspace.onDidChangeConfiguration(async (change) => {
    if (!change.affectsConfiguration(SECTION, session.folder)) return;
    if (!session.drives()) return take();
    waiting = true;
    const reload = vscode.l10n.t("Reload Window");
    const text = vscode.l10n.t(
      "Fermata's new settings count once the runs driven here are over, or after a reload: they go on afterwards.",
    );
    if ((await tell("info", text, reload)) === reload)
      await vscode.commands.executeCommand("workbench.action.reloadWindow");
  });
  return vscode.Disposable.from(changed, { dispose: ended });
}
