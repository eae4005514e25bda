/** Every command of the palette and what it calls. Owns the names; a command's work is in a file of its own. */
import * as vscode from "vscode";
import { debugFile, debugRun } from "../debug/startDebugging.ts";
import { mendFindings } from "../documents/doctorActions.ts";
import type { LiveDocuments } from "../documents/liveDocuments.ts";
import { rerunGates } from "../documents/rerunGates.ts";
import { archiveRun, exportRun, pruneRuns, restoreRun } from "../keep/keepRuns.ts";
import type { Plans } from "../plan/plans.ts";
import type { GraphPanels } from "../runView/graphPanels.ts";
import type { RunPanels } from "../runView/runPanels.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import type { Arrangement } from "../tree/arrangement.ts";
import { answer, claim } from "./answer.ts";
import { filterRuns, groupRuns } from "./arrangeRuns.ts";
import { setState, setStateAndRetry } from "./editState.ts";
import { openRunAsText, openRunView, openTranscript } from "./openDocuments.ts";
import { findTemplate, openProblem, runWorkflow, templateOf } from "./runWorkflow.ts";
import { setSecret } from "./setSecret.ts";
import { showGraph } from "./showGraph.ts";
import {
  cancelRun,
  guideTask,
  pauseRun,
  resumeRun,
  retryFromHere,
  retryRun,
  stopTask,
  takeOverRun,
} from "./steer.ts";
import { migrateFile, runFile, validateFile } from "./workflowFile.ts";

export interface CommandPorts {
  readonly session: Session;
  readonly plans: Plans;
  readonly documents: LiveDocuments;
  readonly panels: RunPanels;
  readonly graphs: GraphPanels;
  readonly arrangement: Arrangement;
  /** Reads runs and templates again. */
  readonly refresh: () => Promise<void>;
}

type Command = (argument: unknown) => Promise<void>;

/** Registers the commands of a folder. */
export function registerCommands({
  session,
  plans,
  documents,
  panels,
  graphs,
  arrangement,
  refresh,
}: CommandPorts): vscode.Disposable {
  const table: Readonly<Record<string, Command>> = {
    runWorkflow: (argument) => runWorkflow(session, argument),
    answer: (argument) => answer(session, plans, argument),
    claimQuestion: (argument) => claim(session, argument, false),
    releaseQuestion: (argument) => claim(session, argument, true),
    cancelRun: (argument) => cancelRun(session, argument),
    pauseRun: (argument) => pauseRun(session, argument),
    resumeRun: (argument) => resumeRun(session, argument),
    guideTask: (argument) => guideTask(session, argument),
    stopTask: (argument) => stopTask(session, argument),
    retryFromHere: (argument) => retryFromHere(session, argument),
    rerunGates: (argument) => rerunGates(session, documents, argument),
    setState: async (argument) => void (await setState(session, argument)),
    setStateAndRetry: (argument) => setStateAndRetry(session, argument),
    retryRun: (argument) => retryRun(session, argument),
    openTranscript: (argument) => openTranscript(session, documents, argument),
    openRunAsText: (argument) => openRunAsText(session, documents, argument),
    openRunView: (argument) => openRunView(session, panels, argument),
    showGraph: (argument) => showGraph(session, graphs, argument),
    exportRun: (argument) => exportRun(session, argument),
    archiveRun: (argument) => archiveRun(session, argument),
    restoreRun: () => restoreRun(session),
    pruneRuns: () => pruneRuns(session),
    takeOverRun: (argument) => takeOverRun(session, argument),
    stats: () => documents.open({ kind: "stats", filter: arrangement.filter }),
    health: () => documents.open({ kind: "health" }),
    openTemplate: async (argument) => {
      const template = templateOf(argument);
      await (template ? openProblem(template) : findTemplate(session));
    },
    findTemplate: () => findTemplate(session),
    filterRuns: () => filterRuns(arrangement),
    clearRunFilter: async () => void (await arrangement.setFilter("")),
    groupRuns: () => groupRuns(arrangement),
    runFile: (argument) => runFile(session, argument),
    debugFile: (argument) => debugFile(session, argument),
    debugRun: (argument) => debugRun(session, argument),
    migrateFile: (argument) => migrateFile(session, argument),
    validateFile: (argument) => validateFile(session, argument),
    setSecret: () => setSecret(session.context),
    doctor: () => documents.open({ kind: "doctor" }),
    mendSetup: () => mendFindings(session, documents),
    refresh,
  };
  const registered = Object.entries(table).map(([name, command]) =>
    vscode.commands.registerCommand(`fermata.${name}`, (argument: unknown) =>
      guarded(session, name, () => command(argument)),
    ),
  );
  return vscode.Disposable.from(...registered);
}

/** Our own faults are said and logged once, here. */
async function guarded(
  { log, fault }: Session,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    fault(error);
    const show = vscode.l10n.t("Show Log");
    const reason = error instanceof Error ? error.message : String(error);
    const chosen = await tell("error", vscode.l10n.t("{0} failed: {1}", name, reason), show);
    if (chosen === show) log.show();
  }
}
