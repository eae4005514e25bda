/** Gates run once more, alone, and what they came to as a page. Owns that page's words; the run stays as it is. */
import * as vscode from "vscode";
import type { TaskRecord } from "../../../run/history/taskRecord.ts";
import { gateReport } from "../../../views/gates/gateReport.ts";
import { sayRestricted } from "../commands/say.ts";
import { chooseRun, chooseTask } from "../commands/target.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import type { LiveDocuments } from "./liveDocuments.ts";

/** Runs the gates of the task that it was called on, or of one that the person picks, and shows their evidence. */
export async function rerunGates(
  session: Session,
  documents: LiveDocuments,
  argument: unknown,
): Promise<void> {
  const title = vscode.l10n.t("Re-run Gates");
  const target = await chooseRun(session, argument, title, ({ summary }) => !summary.damage);
  if (!target) return;
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const { run } = target;
  const placeholder = vscode.l10n.t("Which gates?");
  const path =
    target.path ?? (await chooseTask(session, run, { title, placeholder, fits: wasJudged }));
  if (path === undefined) return;
  const ran = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Running the gates of {0}", path),
      cancellable: true,
    },
    async (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const came = await session.app.runGates({ run, path }, stop.signal);
      return stop.signal.aborted ? undefined : came;
    },
  );
  if (!ran) return;
  if (!ran.ok) return void (await tell("warning", ran.failure.message));
  const { results, before } = ran;
  const passed = results.filter(({ status }) => status === "PASS").length;
  const entries = gateReport(results, before).map(({ status, line, evidence }) => {
    const shown = evidence.length === 0 ? [] : ["", ...evidence.map((text) => `    ${text}`)];
    return [`## ${status} ${line}`, ...shown].join("\n");
  });
  const text = [
    `# ${vscode.l10n.t("Gates of {0}", ran.path)}`,
    vscode.l10n.t("{0} of {1} passed. The run stays as it is.", passed, results.length),
    ...entries,
  ];
  await documents.open({ kind: "gates", run, path: ran.path, text: `${text.join("\n\n")}\n` });
}

function wasJudged({ kind, gates = [] }: TaskRecord): boolean {
  return kind === "gate" && gates.length > 0;
}
