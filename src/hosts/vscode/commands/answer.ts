/**
 * `Answer...`: opens what a breakpoint asks, and sends what the person says; and who takes a question on.
 * Owns the way from a row, a notification or the palette to the right form.
 */
import * as vscode from "vscode";
import { findBreakpoint } from "../../../run/admit.ts";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { formatAge } from "../../../views/duration.ts";
import { askBreakpoint } from "../ask/askBreakpoint.ts";
import { askPick } from "../ask/quickInput.ts";
import type { Waiting } from "../hostModel.ts";
import type { Plans } from "../plan/plans.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { questionLabel } from "../tree/questionRow.ts";
import { sayRestricted } from "./say.ts";
import { send } from "./steer.ts";
import { targetOf } from "./target.ts";

/** Answers the question that the command was called on, or one that the person picks. */
export async function answer(session: Session, plans: Plans, argument: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const waiting = await chooseQuestion(session, argument);
  if (waiting) await answerQuestion(session, plans, waiting);
}

async function answerQuestion(session: Session, plans: Plans, waiting: Waiting): Promise<void> {
  const { run, workflow, open } = waiting;
  if (open.form.kind === "approval") return plans.open(run, open);
  const gone = new AbortController();
  const stop = session.model.onChange(() => isOpen(session, run, open) || gone.abort());
  const about = [workflow, session.model.find(run)?.summary.subject ?? ""]
    .filter((part) => part !== "")
    .join(" · ");
  try {
    const said = await askBreakpoint(open, {
      writings: session.writings,
      about,
      signal: gone.signal,
    });
    if (said === undefined) {
      if (gone.signal.aborted) sayGone(waiting);
      return;
    }
    const signal = {
      type: "answer",
      breakpoint: open.id,
      answer: said,
      by: session.me,
      shown: open.hash,
    } as const;
    const admission = await send(session, run, signal);
    if (admission.ok) return;
    await sayRefused(
      admission.reason,
      () => answer(session, plans, { run, breakpoint: admission.present?.id ?? "" }),
      admission.present,
    );
  } finally {
    stop();
  }
}

/** Takes a question on, so that others leave it to this person, or gives it back. Answers nothing. */
export async function claim(session: Session, argument: unknown, release: boolean): Promise<void> {
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const waiting = await chooseQuestion(session, argument);
  if (!waiting) return;
  const { app, me, model } = session;
  const { run, open } = waiting;
  const said = { type: "claim", breakpoint: open.id, by: me } as const;
  const admission = await app.signal(run, release ? { ...said, release } : said);
  if (!admission.ok) void tell("warning", admission.reason);
  await model.follow(run);
}

/** The box closed by itself: it should not be wondered at. */
function sayGone(waiting: Waiting): void {
  const text = vscode.l10n.t(
    "“{0}” is no longer asked: it was answered elsewhere, or its run went another way.",
    questionLabel(waiting),
  );
  void tell("info", text);
}

/** Says why an answer was not taken, and leads to what is asked now. */
export async function sayRefused(
  reason: string,
  show: () => Promise<void>,
  present: Breakpoint | undefined,
): Promise<void> {
  const look = vscode.l10n.t("Show What Is Asked Now");
  const chosen = await tell("warning", reason, ...(present ? [look] : []));
  if (chosen === look) await show();
}

function isOpen({ model }: Session, run: string, open: Breakpoint): boolean {
  return model.find(run)?.state?.breakpoints.get(open.id)?.hash === open.hash;
}

async function chooseQuestion(session: Session, argument: unknown): Promise<Waiting | undefined> {
  const target = targetOf(argument);
  const all = session.model.waiting();
  const fitting = target ? all.filter(({ run }) => run === target.run) : all;
  const state = target && session.model.find(target.run)?.state;
  const named = target?.breakpoint ?? target?.path;
  const meant = state && named !== undefined ? findBreakpoint(state, named) : undefined;
  const exact = fitting.find(({ open }) => open === meant);
  if (exact) return exact;
  if (fitting.length === 0) {
    void tell("info", vscode.l10n.t("Nothing waits for your answer."));
    return undefined;
  }
  return fitting.length === 1 ? fitting[0] : pickQuestion(fitting);
}

async function pickQuestion(all: readonly Waiting[]): Promise<Waiting | undefined> {
  const now = Date.now();
  const said = await askPick({
    title: vscode.l10n.t("Answer"),
    placeholder: vscode.l10n.t("Which question?"),
    items: all.map((waiting) => ({
      value: waiting,
      label: questionLabel(waiting),
      description: vscode.l10n.t("waiting {0}", formatAge(now - waiting.open.opened_at)),
      detail: `${waiting.workflow} · ${waiting.open.path}`,
    })),
  });
  return said.type === "said" ? said.value : undefined;
}
