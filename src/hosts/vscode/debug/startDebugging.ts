/** `Debug` on a workflow file and on a run: starts the editor's own debugging. Owns the configurations that it starts. */
import * as vscode from "vscode";
import { isFinished } from "../../../run/state.ts";
import { chooseRun } from "../commands/target.ts";
import { workflowDocument } from "../commands/workflowFile.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { DEBUG_TYPE } from "./debugging.ts";

/** Debugs the workflow file that the command was called on, or the one in front. */
export async function debugFile({ folder }: Session, argument: unknown): Promise<void> {
  const document = workflowDocument(argument);
  if (!document) {
    await tell("info", vscode.l10n.t("Open a *.workflow.yaml file first."));
    return;
  }
  await vscode.debug.startDebugging(folder, {
    ...{ type: DEBUG_TYPE, request: "launch", name: vscode.l10n.t("Debug Workflow") },
    workflow: document.uri.fsPath,
  });
}

/** Attaches to a run that is not over. */
export async function debugRun(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Debug Run");
  const isOpen = ({ state }: { readonly state?: Parameters<typeof isFinished>[0] | undefined }) =>
    state !== undefined && !isFinished(state);
  const target = await chooseRun(session, argument, title, isOpen);
  if (!target) return;
  const name = vscode.l10n.t("Debug {0}", target.run);
  const { run } = target;
  await vscode.debug.startDebugging(session.folder, {
    type: DEBUG_TYPE,
    request: "attach",
    name,
    run,
  });
}
