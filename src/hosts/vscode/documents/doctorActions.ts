/**
 * What the doctor found, as a pick whose entries lead to the next move: settings, trust, a file, a secret, the whole page.
 * Owns which move belongs to which finding; the findings are the app's.
 */
import * as vscode from "vscode";
import type { Finding } from "../../../app/app.ts";
import { printableLine } from "../../../views/printable.ts";
import { askPick, type PickItem } from "../ask/quickInput.ts";
import { openPlace } from "../commands/say.ts";
import type { Session } from "../session.ts";
import type { LiveDocuments } from "./liveDocuments.ts";

type Move = () => Thenable<unknown>;

/** Looks at everything, and offers what can be done about what is amiss. */
export async function mendFindings(session: Session, documents: LiveDocuments): Promise<void> {
  const page: PickItem<Move> = {
    label: vscode.l10n.t("Show Everything"),
    iconPath: new vscode.ThemeIcon("file-text"),
    value: () => documents.open({ kind: "doctor" }),
  };
  const found = await session.app.doctor();
  const said = await askPick<Move>({
    title: vscode.l10n.t("Mend What the Doctor Found"),
    placeholder: found.some(({ status }) => status !== "ok")
      ? vscode.l10n.t("Pick what to mend")
      : vscode.l10n.t("All is well"),
    items: [...found.filter(({ status }) => status !== "ok").map(itemOf), page],
  });
  if (said.type === "said") await said.value();
}

function itemOf(finding: Finding): PickItem<Move> {
  const { about, status, message, fix } = finding;
  const icon = status === "problem" ? "error" : "warning";
  return {
    label: printableLine(about),
    iconPath: new vscode.ThemeIcon(icon),
    description: printableLine(message),
    ...(fix === undefined ? {} : { detail: printableLine(fix) }),
    value: moveOf(finding),
  };
}

/** A file that the finding names is opened; otherwise it is the part of the editor where such things are set. */
function moveOf({ about, message, fix = "" }: Finding): Move {
  const run =
    (command: string, ...given: readonly string[]): Move =>
    () =>
      vscode.commands.executeCommand(command, ...given);
  if (about === "Trust") return run("workbench.trust.manage");
  const place = /((?:\/|[A-Za-z]:\\)[^:\n]+?\.\w+)(?::(\d+))?(?::(\d+))?(?=[:.\s]|$)/.exec(
    `${message} ${fix}`,
  );
  if (about === "Secrets" && /is not set/.test(message)) return run("fermata.setSecret");
  if (place?.[1] !== undefined) {
    const [, file = "", line = "1", column = "1"] = place;
    return () => openPlace(file, Number(line), Number(column));
  }
  if (about === "Storage") return run("fermata.pruneRuns");
  return run("workbench.action.openSettings", about === "Agents" ? "fermata.agents" : "fermata");
}
