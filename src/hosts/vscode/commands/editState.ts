/** `Set State Field`: a field of a run's state, or of an item's own, and its new value, asked for one after the other. */
import * as vscode from "vscode";
import { fieldsAt } from "../../../run/edit/setState.ts";
import { isFinished } from "../../../run/state.ts";
import type { Json } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import { jsonOrText } from "../../../workflow/inputs.ts";
import { askPick, askText } from "../ask/quickInput.ts";
import type { RunEntry } from "../hostModel.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { retryRun, send } from "./steer.ts";
import { chooseRun } from "./target.ts";

/** Writes one field, and puts what failed back to work with it. */
export async function setStateAndRetry(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Set State Field and Retry");
  const target = await chooseRun(session, argument, title, hasFailed);
  if (target && (await setState(session, target))) await retryRun(session, target);
}

/** Writes one field; true when it was written. Refused ones are told with the reason. */
export async function setState(session: Session, argument: unknown): Promise<boolean> {
  const title = vscode.l10n.t("Set State Field");
  const target = await chooseRun(session, argument, title, isEditable);
  if (!target) return false;
  const watch = await session.app.watchRun(target.run);
  if (!watch) return false;
  const fields = fieldsAt(watch.state, target.path);
  const over = isFinished(watch.state) && watch.state.status !== "failed";
  watch.dispose();
  if (over || Object.keys(fields).length === 0) {
    void tell("info", vscode.l10n.t("There is no state to set here any more."));
    return false;
  }
  const chosen = await askField(title, fields);
  if (chosen === undefined) return false;
  const value = await askValue(`${title}: ${chosen}`, fields[chosen] ?? null);
  if (value === undefined) return false;
  const admission = await send(session, target.run, {
    type: "set",
    updates: { [chosen]: value },
    by: session.me,
    ...(target.path === undefined ? {} : { path: target.path }),
  });
  if (!admission.ok) void tell("warning", admission.reason);
  return admission.ok;
}

async function askField(
  title: string,
  fields: Readonly<Record<string, Json>>,
): Promise<string | undefined> {
  const items = Object.entries(fields).map(([name, value]) => ({
    value: name,
    label: printableLine(name),
    description: printableLine(JSON.stringify(value)).slice(0, 80),
  }));
  const said = await askPick({
    title,
    placeholder: vscode.l10n.t("Which field?"),
    items,
    step: 1,
    totalSteps: 2,
  });
  return said.type === "said" ? said.value : undefined;
}

/** JSON where it reads as JSON, text otherwise, as on the command line. */
async function askValue(title: string, now: Json): Promise<Json | undefined> {
  const said = await askText({
    title,
    text: typeof now === "string" ? now : JSON.stringify(now),
    prompt: vscode.l10n.t("JSON where it reads as JSON, text otherwise: 3, true, null, [1], hello"),
    step: 2,
    totalSteps: 2,
    validate: () => undefined,
  });
  return said.type === "said" ? jsonOrText(said.value) : undefined;
}

function hasFailed({ summary }: RunEntry): boolean {
  return summary.status === "failed" && summary.damage === undefined;
}

function isEditable({ summary }: RunEntry): boolean {
  const open = summary.ended_at === undefined || summary.status === "failed";
  return open && summary.damage === undefined;
}
