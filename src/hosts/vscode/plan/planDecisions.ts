/**
 * What a person decides about a plan: approve, request changes, reject, edit and approve.
 * Owns how each becomes an answer. An approval names the text that was on screen; a closed tab or box decides nothing.
 */
import * as vscode from "vscode";
import type { Json } from "../../../util/json.ts";
import { askText } from "../ask/quickInput.ts";
import { sayRefused } from "../commands/answer.ts";
import { sayRestricted } from "../commands/say.ts";
import { send } from "../commands/steer.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { compareOwn, comparePlan } from "./comparePlan.ts";
import { approvalAnswer, approvalFacts, commentsJson } from "./draft.ts";
import type { Revisions } from "./followRevision.ts";
import { chooseItems, textOf, toggleItemHere } from "./planItemChoice.ts";
import { approveWords } from "./planLenses.ts";
import { isOnScreen, type Plans, type ShownPlan } from "./plans.ts";

interface Ports {
  readonly session: Session;
  readonly plans: Plans;
  readonly revisions: Revisions;
}

type Decision = (ports: Ports, plan: ShownPlan) => Promise<void>;

/** Registers the commands of a plan's tab. */
export function registerPlanDecisions(ports: Ports): vscode.Disposable {
  const { plans } = ports;
  const register = (name: string, decide: Decision) =>
    vscode.commands.registerCommand(`fermata.plan.${name}`, async (uri?: vscode.Uri) => {
      const plan = plans.find(uri ?? vscode.window.activeTextEditor?.document.uri);
      if (!vscode.workspace.isTrusted) return sayRestricted();
      if (plan) await decide(ports, plan);
    });
  return vscode.Disposable.from(
    register("approve", approve),
    register("requestChanges", requestChanges),
    register("reject", reject),
    register("edit", (_, plan) => plans.edit(plan)),
    register("chooseItems", (_, plan) => chooseItems(plans, plan)),
    register("toggleItem", (_, plan) => toggleItemHere(plans, plan)),
    register("compare", (_, plan) => comparePlan(plans, plan)),
    register("compareOwn", (_, plan) => compareOwn(plans, plan)),
    register("discardOwn", discardOwn),
    register("openRun", async (_, { run }) => {
      await vscode.commands.executeCommand("fermata.openRunView", { run });
    }),
  );
}

async function approve(ports: Ports, plan: ShownPlan): Promise<void> {
  if (!isOnScreen(plan)) {
    void tell(
      "warning",
      vscode.l10n.t(
        "A plan is approved where its text is on screen. It is open now: read it, then approve it.",
      ),
    );
    await vscode.window.showTextDocument(plan.uri, { preview: false });
    return;
  }
  const { plans } = ports;
  const text = await textOf(plan);
  const draft = plans.drafts.get(plan);
  const facts = approvalFacts(plan.form.plan, text, draft);
  if (text.trim() === "") {
    void tell("warning", vscode.l10n.t("An empty plan cannot be approved. Reject it instead."));
    return;
  }
  const answer = approvalAnswer(plan.form.plan, text, draft);
  const done = vscode.l10n.t("Done: {0}", approveWords(plan.version, facts));
  if (!(await decide(ports, plan, answer, done)) || !plan.own) return;
  await closeOwn(plan);
  await plans.drafts.forget(plan);
}

async function requestChanges(ports: Ports, plan: ShownPlan): Promise<void> {
  const comments = commentsJson(ports.plans.drafts.get(plan));
  if (comments.length === 0) {
    const write = vscode.l10n.t("Comment Here");
    const text = vscode.l10n.t(
      "Say what should change: select lines of the plan and comment on them, then ask for the changes.",
    );
    if ((await tell("info", text, write)) === write)
      await vscode.commands.executeCommand("fermata.plan.addComment", plan.uri);
    return;
  }
  const done = vscode.l10n.t("Asked for changes; the next version will wait for you here.");
  if (await decide(ports, plan, { request_changes: true, comments }, done))
    ports.revisions.expect(plan);
}

async function reject(ports: Ports, plan: ShownPlan): Promise<void> {
  const said = await askText({
    title: vscode.l10n.t("Reject the Plan"),
    prompt: vscode.l10n.t("Why? One line; it is kept in the record."),
    text: "",
    validate: (text) => (text.trim() === "" ? vscode.l10n.t("Say why in a few words.") : undefined),
  });
  if (said.type !== "said") return;
  const comments = commentsJson(ports.plans.drafts.get(plan));
  const answer = {
    approved: false,
    reason: said.value.trim(),
    ...(comments.length === 0 ? {} : { comments }),
  };
  await decide(ports, plan, answer, vscode.l10n.t("Rejected."));
}

async function discardOwn({ plans }: Ports, plan: ShownPlan): Promise<void> {
  const discard = vscode.l10n.t("Discard");
  const text = vscode.l10n.t("Discard your version of this plan?");
  const chosen = await vscode.window.showWarningMessage(text, { modal: true }, discard);
  if (chosen !== discard) return;
  await closeOwn(plan);
  const { edit: _, ...rest } = plans.drafts.get(plan);
  await plans.drafts.set(plan, rest);
}

/** Saved first, or the editor would ask what to do with it. */
async function closeOwn({ uri }: ShownPlan): Promise<void> {
  const address = uri.toString();
  await vscode.workspace.textDocuments.find(({ uri: of }) => of.toString() === address)?.save();
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === address,
    );
  await vscode.window.tabGroups.close(tabs);
}

/** True when the run took the answer; what was begun of this version is then no longer needed. */
async function decide(
  { session, plans }: Ports,
  plan: ShownPlan,
  answer: Json,
  done: string,
): Promise<boolean> {
  const { run, breakpoint, hash } = plan;
  const signal = { type: "answer", breakpoint, answer, by: session.me, shown: hash } as const;
  const admission = await send(session, run, signal);
  if (admission.ok) {
    vscode.window.setStatusBarMessage(`$(check) ${done}`, 5000);
    if (!plan.own) await plans.drafts.forget(plan);
    return true;
  }
  const { present, reason } = admission;
  // Refused because it changed meanwhile: the present version opens, nothing was decided.
  if (present?.form.kind === "approval" && present.hash !== hash) await plans.open(run, present);
  await sayRefused(
    reason,
    () => (present ? plans.open(run, present) : Promise.resolve()),
    undefined,
  );
  return false;
}
