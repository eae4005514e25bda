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
import { askComments } from "./askComments.ts";
import { comparePlan } from "./comparePlan.ts";
import { isOnScreen, type Plans, type ShownPlan } from "./plans.ts";

type Decision = (session: Session, plans: Plans, plan: ShownPlan) => Promise<void>;

/** Registers the commands of a plan's tab. */
export function registerPlanDecisions(session: Session, plans: Plans): vscode.Disposable {
  const register = (name: string, decide: Decision) =>
    vscode.commands.registerCommand(`fermata.plan.${name}`, async (uri?: vscode.Uri) => {
      const plan = plans.find(uri ?? vscode.window.activeTextEditor?.document.uri);
      if (!vscode.workspace.isTrusted) return sayRestricted();
      if (plan) await decide(session, plans, plan);
    });
  return vscode.Disposable.from(
    register("approve", approve),
    register("requestChanges", requestChanges),
    register("reject", reject),
    register("edit", edit),
    register("compare", comparePlan),
  );
}

async function approve(session: Session, plans: Plans, plan: ShownPlan): Promise<void> {
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
  const done = vscode.l10n.t("Approved version {0}.", plan.form.version);
  await decide(session, plans, plan, { approved: true }, done);
}

async function requestChanges(session: Session, plans: Plans, plan: ShownPlan): Promise<void> {
  const comments = await askComments(plan);
  if (comments.length === 0) return;
  const done = vscode.l10n.t("Asked for changes; the next version will wait for you here.");
  const answer = {
    request_changes: true,
    comments: comments.map(({ line, text }) => ({ line, text })),
  };
  await decide(session, plans, plan, answer, done);
}

async function reject(session: Session, plans: Plans, plan: ShownPlan): Promise<void> {
  const said = await askText({
    title: vscode.l10n.t("Reject the Plan"),
    prompt: vscode.l10n.t("Why? One line; it is kept in the record."),
    text: "",
    validate: (text) => (text.trim() === "" ? vscode.l10n.t("Say why in a few words.") : undefined),
  });
  if (said.type !== "said") return;
  await decide(
    session,
    plans,
    plan,
    { approved: false, reason: said.value.trim() },
    vscode.l10n.t("Rejected."),
  );
}

async function edit(session: Session, plans: Plans, plan: ShownPlan): Promise<void> {
  const text = await session.writings.write({
    name: vscode.l10n.t("Your version of {0}", plan.form.title),
    text: plan.form.plan,
    done: vscode.l10n.t("Approve Edited Version {0}", plan.form.version),
    check: (written) => {
      if (!plans.isWaiting(plan))
        return vscode.l10n.t(
          "The plan that you edited no longer waits. Copy what you need and open the present one.",
        );
      return written.trim() === ""
        ? vscode.l10n.t("An empty plan cannot be approved. Reject it instead.")
        : undefined;
    },
  });
  if (text === undefined) return;
  const done =
    text === plan.form.plan
      ? vscode.l10n.t("Approved version {0}.", plan.form.version)
      : vscode.l10n.t("Approved version {0}, edited by you.", plan.form.version);
  await decide(session, plans, plan, { approved: true, plan: text }, done);
}

async function decide(
  session: Session,
  plans: Plans,
  plan: ShownPlan,
  answer: Json,
  done: string,
): Promise<void> {
  const { run, breakpoint, hash } = plan;
  const signal = { type: "answer", breakpoint, answer, by: session.me, shown: hash } as const;
  const admission = await send(session, run, signal);
  if (admission.ok) {
    vscode.window.setStatusBarMessage(`$(check) ${done}`, 5000);
    return;
  }
  const { present, reason } = admission;
  // Refused because it changed meanwhile: the present version opens, nothing was decided.
  if (present?.form.kind === "approval" && present.hash !== hash) await plans.open(run, present);
  await sayRefused(
    reason,
    () => (present ? plans.open(run, present) : Promise.resolve()),
    undefined,
  );
}
