/**
 * What is kept of runs: exported, put into a file, brought back, or removed because they are past the limits.
 * Owns the questions around it; the work is the app's. Nothing is removed before the person has seen what.
 */
import * as vscode from "vscode";
import type { Pruned, TranscriptLine } from "../../../app/app.ts";
import { formatAge } from "../../../views/duration.ts";
import { formatBytes } from "../../../views/machine/bytes.ts";
import { printableLine } from "../../../views/printable.ts";
import { askPick } from "../ask/quickInput.ts";
import { chooseRun } from "../commands/target.ts";
import type { RunEntry } from "../hostModel.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { exportFiles } from "./exportFiles.ts";

/** Writes a run's whole record where the person says: a folder for people, one JSON file for programs. */
export async function exportRun(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Export Run");
  const target = await chooseRun(session, argument, title, isReadable);
  const entry = target && (await session.model.follow(target.run));
  if (!entry) return;
  const said = await askPick<"folder" | "file" | "archive">({
    title,
    placeholder: vscode.l10n.t("As what? Values of secrets are in none of them."),
    items: [
      {
        value: "folder",
        label: vscode.l10n.t("A folder to read"),
        description: vscode.l10n.t("journal, report, transcripts"),
      },
      {
        value: "file",
        label: vscode.l10n.t("One JSON file"),
        description: vscode.l10n.t("for programs"),
      },
      {
        value: "archive",
        label: vscode.l10n.t("An archive"),
        description: vscode.l10n.t("can be restored here or elsewhere"),
      },
    ],
  });
  if (said.type !== "said") return;
  if (said.value === "archive") return archiveRun(session, { run: entry.run });
  if (said.value === "file") return exportFile(session, entry.run, title);
  await exportFolder(session, entry, title);
}

/** Puts a run into one file; the run stays. */
export async function archiveRun(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Archive Run");
  const target = await chooseRun(session, argument, title, isReadable);
  if (!target) return;
  const uri = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.joinPath(session.folder.uri, `${target.run}.fermata.gz`),
    filters: { [vscode.l10n.t("Archive of a run")]: ["gz"] },
  });
  if (!uri) return;
  const archived = await session.app.archiveRun(target.run, uri.fsPath);
  if (!archived.ok) return void (await tell("error", archived.failure.message));
  const size = formatBytes(archived.bytes);
  await tell("info", vscode.l10n.t("Archived {0} ({1}). The run stays.", target.run, size));
}

/** Brings a run back from an archive; it goes on only when the person says so. */
export async function restoreRun(session: Session): Promise<void> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Restore Run"),
      defaultUri: session.folder.uri,
      canSelectMany: false,
      filters: { [vscode.l10n.t("Archive of a run")]: ["gz"] },
    })) ?? [];
  if (!uri) return;
  const restored = await session.app.restoreRun(uri.fsPath);
  if (!restored.ok) return void (await tell("error", restored.failure.message));
  await session.model.refresh();
  const open = vscode.l10n.t("Open Run View");
  const over = session.model.find(restored.run)?.summary.ended_at !== undefined;
  const text = over
    ? vscode.l10n.t("{0} is here again.", restored.run)
    : vscode.l10n.t("{0} is here again. It goes on when you resume it.", restored.run);
  if ((await tell("info", text, open)) === open)
    await vscode.commands.executeCommand("fermata.openRunView", { run: restored.run });
}

/** Removes finished runs that are past the limits in the settings, after showing which. */
export async function pruneRuns(session: Session): Promise<void> {
  const title = vscode.l10n.t("Remove Old Runs");
  const set = await session.app.retention();
  if (!set.ok) return void (await tell("error", set.message));
  if (Object.keys(set.retention).length === 0) return sayNoLimit();
  const would = await session.app.prune(set.retention, { dryRun: true });
  if (would.leaving.length === 0)
    return void (await tell("info", vscode.l10n.t("No run is past the limits.")));
  const said = await askPick<"remove" | "look">({
    title,
    prompt: vscode.l10n.t("These are past the limits. They cannot be brought back."),
    items: [
      { value: "remove", label: removeWords(would), iconPath: new vscode.ThemeIcon("trash") },
      ...leavingItems(would),
    ],
    // What cannot be undone takes more than Enter.
    active: () => false,
  });
  if (said.type !== "said" || said.value !== "remove") return;
  const pruned = await session.app.prune(set.retention);
  await session.model.refresh();
  const count = pruned.leaving.length;
  const text =
    count === 1
      ? vscode.l10n.t("1 run was removed.")
      : vscode.l10n.t("{0} runs were removed.", count);
  await tell("info", text);
}

async function exportFile({ app, folder }: Session, run: string, title: string): Promise<void> {
  const uri = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.joinPath(folder.uri, `${run}.json`),
    filters: { JSON: ["json"] },
  });
  if (!uri) return;
  const exported = await app.exportRun(run);
  await write(uri, `${JSON.stringify(exported, null, 2)}\n`);
  await sayExported(run, uri);
}

async function exportFolder(session: Session, entry: RunEntry, title: string): Promise<void> {
  const { app, folder, me } = session;
  const uri = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.joinPath(folder.uri, entry.run),
    saveLabel: vscode.l10n.t("Export into This Folder"),
  });
  if (!uri) return;
  const transcripts = new Map<string, readonly TranscriptLine[]>();
  for (const path of entry.state?.tasks.keys() ?? []) {
    const lines = await app.readOutput(entry.run, path);
    if (lines.length > 0) transcripts.set(path, lines);
  }
  const run = await app.exportRun(entry.run);
  const { workspace } = app;
  for (const { name, text } of exportFiles({
    ...{ entry, run, transcripts, me, workspace },
    now: Date.now(),
  }))
    await write(vscode.Uri.joinPath(uri, ...name.split("/")), text);
  await sayExported(entry.run, vscode.Uri.joinPath(uri, "README.md"));
}

async function write(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

async function sayExported(run: string, uri: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t("Open");
  const chosen = await tell("info", vscode.l10n.t("Exported {0}.", run), open);
  if (chosen === open) await vscode.window.showTextDocument(uri);
}

async function sayNoLimit(): Promise<void> {
  const settings = vscode.l10n.t("Open Settings");
  const text = vscode.l10n.t("No limit is set, so nothing is removed. Set one under Retention.");
  if ((await tell("info", text, settings)) === settings)
    await vscode.commands.executeCommand("workbench.action.openSettings", "fermata.retention");
}

function removeWords({ leaving }: Pruned): string {
  const bytes = formatBytes(leaving.reduce((sum, run) => sum + run.bytes, 0));
  return leaving.length === 1
    ? vscode.l10n.t("Remove 1 Run ({0})", bytes)
    : vscode.l10n.t("Remove {0} Runs ({1})", leaving.length, bytes);
}

function leavingItems({ leaving }: Pruned) {
  const now = Date.now();
  return leaving.map(({ run, ended_at, bytes, workflow, subject }) => ({
    value: "look" as const,
    label: printableLine(workflow),
    description: vscode.l10n.t(
      "ended {0} ago, {1}",
      formatAge(now - (ended_at ?? now)),
      formatBytes(bytes),
    ),
    detail: printableLine(`${subject} ${run}`.trim()),
  }));
}

function isReadable({ summary }: RunEntry): boolean {
  return summary.damage === undefined;
}
