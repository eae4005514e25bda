/** Shows what changed between a plan's version and the one before, which is read from the run's record. */
import * as vscode from "vscode";
import { shortHash } from "../../../util/hash.ts";
import { isList, isObject, type Json } from "../../../util/json.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { type Plans, planUri, type ShownPlan } from "./plans.ts";

/** Opens the two versions side by side. */
export async function comparePlan(session: Session, plans: Plans, plan: ShownPlan): Promise<void> {
  const { version } = plan.form;
  const exported = await session.app.exportRun(plan.run);
  const before = earlierPlan(exported.records, plan.path, version - 1);
  if (before === undefined) {
    void tell("info", vscode.l10n.t("There is no earlier version of this plan."));
    return;
  }
  const left = earlierVersion(plan, before, version - 1);
  plans.hold(left);
  const title = vscode.l10n.t("{0}: version {1} and {2}", plan.form.title, version - 1, version);
  await vscode.commands.executeCommand("vscode.diff", left.uri, plan.uri, title);
}

function earlierVersion(plan: ShownPlan, text: string, version: number): ShownPlan {
  const hash = shortHash(text);
  const title = vscode.l10n.t("Plan (version {0})", version);
  const uri = planUri(plan.run, title, version, plan.breakpoint, hash);
  return { ...plan, uri, hash, form: { ...plan.form, version, plan: text } };
}

/** The text of one version of the plan that a task asked to approve. */
export function earlierPlan(
  records: Json | undefined,
  path: string,
  version: number,
): string | undefined {
  for (const record of isList(records) ? records : []) {
    const event = isObject(record) ? record.event : undefined;
    if (!isObject(event) || event.type !== "breakpoint_opened" || event.path !== path) continue;
    const { form } = event;
    if (isObject(form) && form.version === version && typeof form.plan === "string")
      return form.plan;
  }
  return undefined;
}
