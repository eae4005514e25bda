/** Two texts of a plan side by side: a version and the one before it, or the person's own wording and the version. */
import * as vscode from "vscode";
import { printableLine } from "../../../views/printable.ts";
import { tell } from "../tell.ts";
import type { Plans, ShownPlan } from "./plans.ts";

/** Shows what changed since the version before. */
export async function comparePlan(
  plans: Plans,
  plan: ShownPlan,
  how: vscode.TextDocumentShowOptions = {},
): Promise<void> {
  const before = await plans.before(plan);
  if (!before) {
    await tell("info", vscode.l10n.t("There is no earlier version of this plan."));
    return;
  }
  const { version } = plan;
  const name = printableLine(plan.form.title);
  const title = vscode.l10n.t("{0}: version {1} and {2}", name, version - 1, version);
  await vscode.commands.executeCommand("vscode.diff", before.uri, plan.uri, title, {
    preview: false,
    ...how,
  });
}

/** Shows what the person changed in a version. */
export async function compareOwn(plans: Plans, plan: ShownPlan): Promise<void> {
  const shown = plans.shownOf(plan);
  const name = printableLine(plan.form.title);
  const title = vscode.l10n.t("{0}: version {1} and yours", name, plan.version);
  await vscode.commands.executeCommand("vscode.diff", shown.uri, plan.uri, title);
}
