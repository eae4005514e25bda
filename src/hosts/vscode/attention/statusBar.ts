/** The item in the status bar: how many runs are at work, how many questions wait. A click leads there. */
import * as vscode from "vscode";
import type { Session } from "../session.ts";
import { questionLabel } from "../tree/questionRow.ts";
import { countRuns } from "./attentionText.ts";

/** Shows the item while there is something to say. */
export function createStatusBar(session: Session): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    "fermata.status",
    vscode.StatusBarAlignment.Left,
    10,
  );
  item.name = "Fermata";
  item.command = "fermata.attend";
  const update = (): void => show(item, session);
  const stop = session.model.onChange(update);
  const attend = vscode.commands.registerCommand("fermata.attend", () => goThere(session));
  update();
  return vscode.Disposable.from(item, attend, { dispose: stop });
}

function show(item: vscode.StatusBarItem, { model }: Session): void {
  const waiting = model.waiting();
  const { running } = countRuns(model.list(), waiting);
  const asked = waiting.length;
  if (running === 0 && asked === 0) return item.hide();
  const parts = [
    ...(running > 0 ? [`$(sync~spin) ${vscode.l10n.t("{0} running", running)}`] : []),
    ...(asked > 0 ? [`$(bell-dot) ${vscode.l10n.t("{0} waiting for you", asked)}`] : []),
  ];
  item.text = `Fermata: ${parts.join("  ")}`;
  item.backgroundColor =
    asked > 0 ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  const questions = waiting.map((question) => `• ${questionLabel(question)}`);
  item.tooltip =
    asked > 0
      ? [vscode.l10n.t("Waiting for you:"), ...questions].join("\n")
      : vscode.l10n.t("Show the runs");
  item.show();
}

/** The one question that waits, or the list of them, or the runs. */
async function goThere({ model }: Session): Promise<void> {
  const waiting = model.waiting();
  const [only] = waiting;
  if (only && waiting.length === 1) {
    await vscode.commands.executeCommand("fermata.answer", {
      run: only.run,
      breakpoint: only.open.id,
    });
    return;
  }
  await vscode.commands.executeCommand(only ? "fermata.approvals.focus" : "fermata.runs.focus");
}
