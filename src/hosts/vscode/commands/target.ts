/**
 * Which run or task a command is about: the row it was called on, or the one that the person picks.
 * Owns the shape of a command's argument and the pick; commands never guess.
 */
import * as vscode from "vscode";
import type { TaskRecord } from "../../../run/history/taskRecord.ts";
import { isObject } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import { runRows } from "../../../views/runList.ts";
import { askPick, type PickItem } from "../ask/quickInput.ts";
import type { RunEntry } from "../hostModel.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { statusIcon } from "../tree/icons.ts";

export interface Target {
  readonly run: string;
  readonly path?: string;
  readonly breakpoint?: string;
}

/** What a command was called with: a row of a tree, a target, or nothing of ours. */
export function targetOf(argument: unknown): Target | undefined {
  const given = isObject(argument) && isObject(argument.row) ? argument.row : argument;
  if (!isObject(given) || typeof given.run !== "string") return undefined;
  const { run, path, breakpoint } = given;
  return {
    run,
    ...(typeof path === "string" ? { path } : {}),
    ...(typeof breakpoint === "string" ? { breakpoint } : {}),
  };
}

/** The run that a command was called on, or one of those that fit, picked by the person. */
export async function chooseRun(
  session: Session,
  argument: unknown,
  title: string,
  fits: (entry: RunEntry) => boolean,
): Promise<Target | undefined> {
  const target = targetOf(argument);
  if (target) return target;
  await session.model.look().catch(session.fault);
  const entries = session.model.list().filter(fits);
  if (entries.length === 0) {
    void tell("info", vscode.l10n.t("{0}: there is no such run here.", title));
    return undefined;
  }
  const said = await askPick({
    title,
    placeholder: vscode.l10n.t("Which run?"),
    items: entries.map(runItem),
  });
  return said.type === "said" ? said.value : undefined;
}

/** A task of a run that fits, picked by the person. */
export async function chooseTask(
  { app }: Session,
  run: string,
  how: {
    readonly title: string;
    readonly placeholder: string;
    readonly fits: (task: TaskRecord) => boolean;
  },
): Promise<string | undefined> {
  const watch = await app.watchRun(run);
  if (!watch) return undefined;
  const { title, placeholder, fits } = how;
  const items = [...watch.state.tasks.values()].filter(fits).map((task) => ({
    value: task.path,
    label: printableLine(task.title),
    description: printableLine(task.path),
  }));
  watch.dispose();
  if (items.length === 0) {
    void tell("info", vscode.l10n.t("{0}: there is no such task in this run.", title));
    return undefined;
  }
  const said = await askPick({ title, placeholder, items });
  return said.type === "said" ? said.value : undefined;
}

function runItem(entry: RunEntry): PickItem<Target> {
  const [row] = runRows([entry.summary], Date.now());
  const about = [row?.word ?? "", row?.elapsed ?? ""].filter((part) => part !== "").join(" · ");
  return {
    value: { run: entry.run },
    label: printableLine(entry.summary.workflow) || entry.run,
    description: about,
    detail: printableLine(entry.summary.subject),
    ...(row ? { iconPath: statusIcon(row.status) } : {}),
  };
}
