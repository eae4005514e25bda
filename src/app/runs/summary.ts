/** One line about a run, from what is kept of it: what lists show on every surface. */
import type { PastRun } from "../../run/history/pastRun.ts";
import type { Ownership, RunSummary } from "../app.ts";

/** The summary of a run that can be read. */
export function summarize(past: PastRun, ownership: Ownership): RunSummary {
  const { run, workflow, subject, status, started_at, updated_at, waiting, tokens, cost_usd } =
    past;
  return {
    ...{ run, workflow, subject, status, ownership, started_at, updated_at },
    ...{ waiting, tokens, cost_usd },
    ...(past.ended_at === undefined ? {} : { ended_at: past.ended_at }),
    ...(past.failure ? { failure: past.failure } : {}),
  };
}

/** The summary of a run whose journal cannot be read. */
export function damagedSummary(run: string, damage: string): RunSummary {
  return {
    run,
    workflow: "",
    subject: "",
    status: "failed",
    ownership: "nobody",
    started_at: 0,
    updated_at: 0,
    waiting: 0,
    tokens: 0,
    cost_usd: 0,
    damage,
  };
}
