/** One line about a run, from what is kept of it: what lists show on every surface. */
import type { RunLine } from "../../run/history/runLine.ts";
import type { Ownership, RunSummary } from "../app.ts";

/** The summary of a run that can be read. */
export function summarize(past: RunLine, ownership: Ownership): RunSummary {
  const { run, workflow, subject, status, started_at, updated_at } = past;
  const { waiting, doing, tokens, cost_usd } = past;
  return {
    ...{ run, workflow, subject, status, ownership, started_at, updated_at },
    ...{ waiting, doing, tokens, cost_usd },
    ...(past.unpriced === undefined ? {} : { unpriced: past.unpriced }),
    ...(past.ended_at === undefined ? {} : { ended_at: past.ended_at }),
    ...(past.failure ? { failure: past.failure } : {}),
  };
}

/** What is known of a run whose journal cannot be read. */
export interface Damaged {
  readonly run: string;
  /** Why, for people. */
  readonly damage: string;
  /** As it stood before the damage; absent when nothing of it can be read. */
  readonly before?: RunLine;
  /** When its journal last changed, in ms since the epoch. */
  readonly changed: number;
}

/** The summary of a run whose journal cannot be read: failed, whatever it was. */
export function damagedSummary({ run, damage, before, changed }: Damaged): RunSummary {
  return {
    run,
    workflow: before?.workflow ?? "",
    subject: before?.subject ?? "",
    status: "failed",
    ownership: "nobody",
    started_at: before?.started_at ?? changed,
    updated_at: changed,
    waiting: 0,
    doing: "working",
    tokens: before?.tokens ?? 0,
    cost_usd: before?.cost_usd ?? 0,
    ...(before?.unpriced === undefined ? {} : { unpriced: before.unpriced }),
    damage,
  };
}
