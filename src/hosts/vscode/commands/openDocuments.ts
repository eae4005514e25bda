/** Opens a run's texts and its view. Owns which task or run is meant. */
import * as vscode from "vscode";
import { printableLine } from "../../../views/printable.ts";
import { askPick } from "../ask/quickInput.ts";
import type { LiveDocuments } from "../documents/liveDocuments.ts";
import type { RunEntry } from "../hostModel.ts";
import type { RunPanels } from "../runView/runPanels.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { statusIcon } from "../tree/icons.ts";
import { hasOutput, type ShownRow, shownRun } from "../tree/shownRow.ts";
import { chooseRun } from "./target.ts";

/** What a task said, live. Called on a run or from the palette, it asks which task. */
export async function openTranscript(
  session: Session,
  documents: LiveDocuments,
  argument: unknown,
): Promise<void> {
  const target = await chooseRun(session, argument, vscode.l10n.t("Open Transcript"), isReadable);
  const entry = target && (await session.model.follow(target.run));
  if (!target || !entry) return;
  const rows = performed(shownRun(entry, session.me, Date.now()));
  const row =
    target.path === undefined
      ? await pickTask(rows)
      : rows.find(({ path }) => path === target.path);
  if (row?.path === undefined) return;
  await documents.open({ kind: "transcript", run: target.run, path: row.path, title: row.label });
}

/** The run as lines of text, live. */
export async function openRunAsText(
  session: Session,
  documents: LiveDocuments,
  argument: unknown,
): Promise<void> {
  const target = await chooseRun(session, argument, vscode.l10n.t("Open Run as Text"), () => true);
  const entry = target && (await session.model.follow(target.run));
  if (!entry) return;
  const { workflow, subject } = entry.summary;
  await documents.open({ kind: "run", run: entry.run, title: printableLine(subject) || workflow });
}

/** The run in time and as a graph, live. Called on a task's row, the task is selected in it. */
export async function openRunView(
  session: Session,
  panels: RunPanels,
  argument: unknown,
): Promise<void> {
  const target = await chooseRun(session, argument, vscode.l10n.t("Open Run View"), isReadable);
  if (target) await panels.open(target.run, target.path);
}

function isReadable({ summary }: RunEntry): boolean {
  return summary.damage === undefined;
}

function performed(row: ShownRow): readonly ShownRow[] {
  const inside = (row.children ?? []).flatMap(performed);
  // The planner says what its plan says.
  return hasOutput(row) && row.kind !== "planner" ? [row, ...inside] : inside;
}

async function pickTask(rows: readonly ShownRow[]): Promise<ShownRow | undefined> {
  if (rows.length === 0) {
    void tell("info", vscode.l10n.t("No task of this run has said anything yet."));
    return undefined;
  }
  const said = await askPick({
    title: vscode.l10n.t("Open Transcript"),
    placeholder: vscode.l10n.t("Of which task?"),
    items: rows.map((row) => ({
      value: row,
      label: row.label,
      description: row.description,
      detail: row.path ?? "",
      iconPath: statusIcon(row.status),
    })),
  });
  return said.type === "said" ? said.value : undefined;
}
