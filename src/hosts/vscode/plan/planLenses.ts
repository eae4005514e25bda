/** The line above a plan: what may be decided, in words that say what would be approved. Owns only that line. */
import * as vscode from "vscode";
import type { Session } from "../session.ts";
import { type ApprovalFacts, approvalFacts, draftComments } from "./draft.ts";
import { PLAN_SCHEME } from "./planFiles.ts";
import { mayComment, type Plans, type ShownPlan } from "./plans.ts";

/** Registers the line. */
export function registerPlanLenses(session: Session, plans: Plans): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { scheme: PLAN_SCHEME },
    {
      onDidChangeCodeLenses: plans.onChange,
      provideCodeLenses: (document) => {
        const plan = plans.find(document.uri);
        if (!plan) return [];
        const actions = plans.isWaiting(plan)
          ? waitingActions(plans, plan, document.getText())
          : overActions(session, plan);
        return actions.map((command) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command));
      },
    },
  );
}

/** "Approve Version 2 (edited by you, 3 items dropped)". */
export function approveWords(version: number, facts: ApprovalFacts): string {
  const more = [
    ...(facts.edited ? [vscode.l10n.t("edited by you")] : []),
    ...(facts.dropped === 1 ? [vscode.l10n.t("1 item dropped")] : []),
    ...(facts.dropped > 1 ? [vscode.l10n.t("{0} items dropped", facts.dropped)] : []),
    ...(facts.comments === 1 ? [vscode.l10n.t("with 1 comment")] : []),
    ...(facts.comments > 1 ? [vscode.l10n.t("with {0} comments", facts.comments)] : []),
  ];
  const approve = vscode.l10n.t("Approve Version {0}", version);
  return more.length === 0 ? approve : `${approve} (${more.join(", ")})`;
}

function waitingActions(plans: Plans, plan: ShownPlan, text: string): readonly vscode.Command[] {
  const { uri, run, form, version, own } = plan;
  const draft = plans.drafts.get(plan);
  const comments = draftComments(draft).length;
  const on = (name: string, icon: string, title: string) => ({
    command: `fermata.plan.${name}`,
    title: `$(${icon}) ${title}`,
    arguments: [uri],
  });
  const approve = on(
    "approve",
    "check",
    approveWords(version, approvalFacts(form.plan, text, draft)),
  );
  const items = form.allow.includes("partial")
    ? [on("chooseItems", "list-selection", vscode.l10n.t("Choose Items"))]
    : [];
  if (own)
    return [
      approve,
      ...items,
      on("compareOwn", "diff", vscode.l10n.t("Compare with Version {0}", version)),
      on("discardOwn", "discard", vscode.l10n.t("Discard My Version")),
      openRun(run),
    ];
  const change =
    comments === 0
      ? vscode.l10n.t("Request Changes")
      : comments === 1
        ? vscode.l10n.t("Request Changes (1 comment)")
        : vscode.l10n.t("Request Changes ({0} comments)", comments);
  const editing =
    draft.edit === undefined ? vscode.l10n.t("Edit Plan") : vscode.l10n.t("Go On Editing");
  return [
    approve,
    ...(form.revisable ? [on("requestChanges", "comment", change)] : []),
    on("reject", "close", vscode.l10n.t("Reject")),
    ...(form.allow.includes("edit") ? [on("edit", "edit", editing)] : []),
    ...items,
    ...(mayComment(plan) ? [on("addComment", "add", vscode.l10n.t("Comment"))] : []),
    ...comparison(plan),
    openRun(run),
  ];
}

function overActions({ model }: Session, plan: ShownPlan): readonly vscode.Command[] {
  const { run, path } = plan;
  const waiting = model.waiting().filter(({ open }) => open.form.kind === "approval");
  const next =
    waiting.find(({ run: of, open }) => of === run && open.path === path) ??
    waiting.find(({ run: of }) => of === run);
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
  return [{ command: "", title: `$(info) ${over}` }, ...lead, ...comparison(plan), openRun(run)];
}

function comparison({ uri, version, own }: ShownPlan): readonly vscode.Command[] {
  if (version < 2 || own) return [];
  const title = `$(diff) ${vscode.l10n.t("Compare with Version {0}", version - 1)}`;
  return [{ command: "fermata.plan.compare", title, arguments: [uri] }];
}

function openRun(run: string): vscode.Command {
  return {
    command: "fermata.openRunView",
    title: `$(graph-line) ${vscode.l10n.t("Open Run")}`,
    arguments: [{ run }],
  };
}
