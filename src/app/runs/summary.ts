/** One line about a run, from its state: what lists show on every surface. */

import type { RunState } from "../../run/state.ts";
import { isObject } from "../../util/json.ts";
import type { Ownership, RunSummary } from "../app.ts";

/** The summary of a run that can be read. */
export function summarize(state: RunState, ownership: Ownership): RunSummary {
  const { started } = state;
  return {
    run: started.run,
    workflow: started.bundle.main,
    subject: subjectOf(state),
    status: state.status,
    ownership,
    started_at: state.started_at,
    updated_at: state.updated_at,
    waiting: state.breakpoints.size,
    tokens: state.tokens,
    cost_usd: state.cost_usd,
    ...(state.ended_at === undefined ? {} : { ended_at: state.ended_at }),
    ...(state.failure ? { failure: state.failure } : {}),
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

/** What the run is about: its first text input, on one line. */
function subjectOf(state: RunState): string {
  const { inputs } = state.started;
  if (!isObject(inputs)) return "";
  const text = Object.values(inputs).find(
    (value) => typeof value === "string" && value.trim() !== "",
  );
  const line = typeof text === "string" ? text.trim().replace(/\s+/g, " ") : "";
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
