/** The line above a plan: approve, request changes, reject, edit; once it no longer waits, that. Owns only that line. */
import * as vscode from "vscode";
import type { Session } from "../session.ts";
import { PLAN_SCHEME, type Plans, type ShownPlan } from "./plans.ts";

/** Registers the line. */
export function registerPlanLenses(session: Session, plans: Plans): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { scheme: PLAN_SCHEME },
    {
      onDidChangeCodeLenses: plans.onChange,
      provideCodeLenses: ({ uri }) => {
        const plan = plans.find(uri);
        if (!plan) return [];
        const actions = plans.isWaiting(plan) ? waitingActions(plan) : overActions(session, plan);
        return actions.map((command) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command));
      },
    },
  );
}

function waitingActions({ uri, run, form }: ShownPlan): readonly vscode.Command[] {
  const { version, revisable, allow } = form;
  const on = (name: string, title: string) => ({
    command: `fermata.plan.${name}`,
    title,
    arguments: [uri],
  });
  return [
    on("approve", `$(check) ${vscode.l10n.t("Approve Version {0}", version)}`),
    ...(revisable ? [on("requestChanges", `$(comment) ${vscode.l10n.t("Request Changes")}`)] : []),
    on("reject", `$(close) ${vscode.l10n.t("Reject")}`),
    ...(allow.includes("edit") ? [on("edit", `$(edit) ${vscode.l10n.t("Edit")}`)] : []),
    ...comparison(uri, version),
    openRun(run),
  ];
}

function overActions({ model }: Session, { uri, run, form }: ShownPlan): readonly vscode.Command[] {
  const next = model
    .waiting()
    .find((waiting) => waiting.run === run && waiting.open.form.kind === "approval");
  const over = vscode.l10n.t("This version no longer waits for an answer");
  const lead = next
    ? [
        {
          command: "fermata.answer",
          title: vscode.l10n.t("Open the Present One"),
          arguments: [{ run, breakpoint: next.open.id }],
        },
      ]
    : [];
  return [
    { command: "", title: `$(info) ${over}` },
    ...lead,
    ...comparison(uri, form.version),
    openRun(run),
  ];
}

function comparison(uri: vscode.Uri, version: number): readonly vscode.Command[] {
  if (version < 2) return [];
  const title = `$(diff) ${vscode.l10n.t("Compare with Version {0}", version - 1)}`;
  return [{ command: "fermata.plan.compare", title, arguments: [uri] }];
}

function openRun(run: string): vscode.Command {
  return {
    command: "fermata.openRunAsText",
    title: `$(list-tree) ${vscode.l10n.t("Open Run")}`,
    arguments: [{ run }],
  };
}
