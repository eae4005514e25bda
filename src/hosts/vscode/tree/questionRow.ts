/**
 * An open question as a row: what is asked, whose it is, how long it waits and when it is due.
 * Owns the words and the icons; the list itself is the view's matter.
 */
import * as vscode from "vscode";
import { urgencyOf } from "../../../run/ask/urgency.ts";
import { formHeadline } from "../../../views/breakpointForm.ts";
import { formatAge, formatElapsed } from "../../../views/duration.ts";
import { printableLine } from "../../../views/printable.ts";
import type { Waiting } from "../hostModel.ts";

export interface Question {
  readonly key: string;
  readonly run: string;
  readonly breakpoint: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Somebody has taken it on. */
  readonly claimed: boolean;
  readonly icon: string;
  readonly colour: string;
  readonly children: readonly [];
}

/** Ages are told in whole minutes, so that rows stand still. */
const MINUTE = 60_000;

/** A question's name in lists: what it is and what it is about. */
export function questionLabel({ open }: Pick<Waiting, "open">): string {
  const headline = printableLine(formHeadline(open.form));
  return open.form.kind === "approval" ? vscode.l10n.t("Plan: {0}", headline) : headline;
}

/** `now` in ms since the epoch. */
export function questionRow(waiting: Waiting, now: number): Question {
  const { run, ownership, open } = waiting;
  const workflow = printableLine(waiting.workflow);
  const { due, priority, owner, claimedBy } = urgencyOf(open);
  const label = questionLabel(waiting);
  const age = vscode.l10n.t("waiting {0}", wholeMinutes(now - open.opened_at));
  const late = open.escalated === true || (due !== undefined && due <= now);
  const deadline = due === undefined ? [] : [dueText(due - now)];
  const handed = [
    ...(priority === undefined ? [] : [vscode.l10n.t("{0} priority", priority)]),
    ...(claimedBy === undefined ? [] : [vscode.l10n.t("taken by {0}", printableLine(claimedBy))]),
    ...(owner === undefined || claimedBy !== undefined
      ? []
      : [vscode.l10n.t("for {0}", printableLine(owner))]),
  ];
  const overdue = late && due === undefined ? [vscode.l10n.t("overdue")] : [];
  const nobody =
    ownership === "nobody" ? [vscode.l10n.t("Nobody drives this run: answering takes it on.")] : [];
  return {
    key: `${run} ${open.id}`,
    run,
    breakpoint: open.id,
    label,
    description: [...overdue, ...deadline, ...handed, age, workflow].join(" · "),
    tooltip: [
      label,
      [...overdue, ...deadline, ...handed, age].join(" · "),
      ...(due === undefined
        ? []
        : [vscode.l10n.t("Due {0}", new Date(due).toISOString().slice(0, 16).replace("T", " "))]),
      `${workflow} · ${printableLine(open.path)} · ${run}`,
      ...nobody,
    ].join("\n"),
    claimed: claimedBy !== undefined,
    icon: ICONS[open.form.kind] ?? "bell-dot",
    colour: late || priority === "urgent" ? "charts.red" : "charts.yellow",
    children: [],
  };
}

/** A kind that is not named here gets the bell: a new kind needs no new code. */
const ICONS: Readonly<Record<string, string>> = {
  approval: "checklist",
  prompt: "question",
  stop: "debug-breakpoint",
  outcome: "warning",
  permission: "shield",
  escalation: "megaphone",
};

function dueText(left: number): string {
  return left <= 0
    ? vscode.l10n.t("overdue")
    : vscode.l10n.t("due in {0}", formatElapsed(Math.ceil(left / MINUTE) * MINUTE));
}

function wholeMinutes(ms: number): string {
  return formatAge(Math.floor(ms / MINUTE) * MINUTE);
}
