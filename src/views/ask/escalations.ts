/** The queue of escalations across runs: what each says of itself, and who comes first. Pure. */
import type { Breakpoint } from "../../run/ask/breakpoint.ts";
import { PRIORITIES, type Priority } from "../../workflow/definition/supervision.ts";

/** One escalation that waits. Times in ms since the epoch. */
export interface Escalation {
  readonly run: string;
  readonly workflow: string;
  readonly breakpoint: string;
  readonly path: string;
  readonly reason: string;
  readonly priority: Priority;
  readonly owner?: string;
  readonly claimed_by?: string;
  readonly opened_at: number;
  readonly due?: number;
  readonly overdue: boolean;
  readonly quality?: number;
  readonly confidence?: number;
}

/** The escalations among a run's open questions. */
export function escalationsOf(
  { run, workflow }: { readonly run: string; readonly workflow: string },
  open: Iterable<Breakpoint>,
  now: number,
): readonly Escalation[] {
  return [...open].flatMap(({ id, path, form, opened_at, due, claimed_by, escalated }) => {
    if (form.kind !== "escalation") return [];
    const { reason, priority, owner, quality, confidence } = form;
    return [
      {
        ...{ run, workflow, breakpoint: id, path, reason, priority, opened_at },
        overdue: escalated === true || (due !== undefined && due <= now),
        ...(owner === undefined ? {} : { owner }),
        ...(claimed_by === undefined ? {} : { claimed_by }),
        ...(due === undefined ? {} : { due }),
        ...(quality === undefined ? {} : { quality }),
        ...(confidence === undefined ? {} : { confidence }),
      },
    ];
  });
}

/** In the order in which they are due: by priority, then by deadline (none last), then the oldest first. */
export function inQueue(escalations: readonly Escalation[]): readonly Escalation[] {
  const rank = ({ priority }: Escalation) => PRIORITIES.indexOf(priority);
  const due = (one: Escalation) => one.due ?? Number.MAX_SAFE_INTEGER;
  return escalations.toSorted(
    (a, b) => rank(a) - rank(b) || due(a) - due(b) || a.opened_at - b.opened_at,
  );
}
