/**
 * Which of several open questions comes first: what is due soonest, then what weighs most, then what has waited longest.
 * Owns that order and what a surface may say of urgency. Pure; shows nothing.
 */
import { PRIORITIES, type Priority } from "../../workflow/definition/supervision.ts";
import type { Breakpoint } from "./breakpoint.ts";

/** What is known of how urgent a question is, and whose it is. */
export interface Urgency {
  /** In ms since the epoch. */
  readonly due?: number;
  readonly priority?: Priority;
  readonly owner?: string;
  /** Who has taken it on. */
  readonly claimedBy?: string;
  readonly openedAt: number;
}

/** Reads what a question says of itself. */
export function urgencyOf({ form, opened_at, due, claimed_by }: Breakpoint): Urgency {
  const handed = form.kind === "escalation" ? form : undefined;
  return {
    openedAt: opened_at,
    ...(due === undefined ? {} : { due }),
    ...(handed === undefined ? {} : { priority: handed.priority }),
    ...(handed?.owner === undefined ? {} : { owner: handed.owner }),
    ...(claimed_by === undefined ? {} : { claimedBy: claimed_by }),
  };
}

/** Negative when `a` comes first. */
export function compareUrgency(a: Urgency, b: Urgency): number {
  return (
    ranked(a.due ?? Number.POSITIVE_INFINITY, b.due ?? Number.POSITIVE_INFINITY) ||
    ranked(rank(a), rank(b)) ||
    ranked(a.openedAt, b.openedAt)
  );
}

/** Two things that are infinitely far away are equally far. */
function ranked(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** What says nothing of itself is like most. */
function rank({ priority = "normal" }: Urgency): number {
  return PRIORITIES.indexOf(priority);
}
