/**
 * The `success_criteria` of a run, looked at once when it ends and recorded with its end: nothing asks them again.
 * Owns what `run` is there.
 */
import type { JsonObject } from "../../../util/json.ts";
import type { Command } from "../../command.ts";
import type { Criterion, RunEvent } from "../../event.ts";
import { gateTotals } from "../../gate/tally.ts";
import { beganAt, type RunState } from "../../state.ts";
import { holds, type Moment } from "../scope.ts";

type Finished = Extract<RunEvent, { type: "run_finished" }>;

/** The commands, with what the criteria come to in the one that ends the run. */
export function withCriteria(moment: Moment, commands: readonly Command[]): readonly Command[] {
  const { bundle } = moment.state.started;
  const criteria = bundle.workflows[bundle.main]?.success_criteria ?? [];
  if (criteria.length === 0) return commands;
  return commands.map((command) => {
    const { event } = command;
    if (event.type !== "run_finished") return command;
    return { ...command, event: { ...event, criteria: judge(moment, event, criteria) } };
  });
}

function judge(moment: Moment, event: Finished, criteria: readonly string[]): readonly Criterion[] {
  const run = runAtEnd(moment, event);
  // The counters of gates are in reach by themselves, too.
  const more = { run, gates: { ...gateTotals(moment.state) } };
  const place = { frame: moment.state.root, path: "", attempt: 0, chance: {}, more };
  return criteria.map((source) => {
    const criterion = /^\s*\{\{(.*)\}\}\s*$/s.exec(source)?.[1]?.trim() ?? source;
    const held = holds(moment, place, source);
    if (held.ok) return { criterion, held: held.value };
    return { criterion, held: false, problem: held.failure.message };
  });
}

/** `duration` in seconds. */
function runAtEnd({ state, at }: Moment, { status }: Finished): JsonObject {
  return {
    id: state.started.run,
    workflow: state.started.bundle.main,
    started_at: new Date(beganAt(state)).toISOString(),
    status,
    duration: Math.max(0, at - beganAt(state)) / 1000,
    gates: { ...gateTotals(state) },
    tasks: taskCounts(state),
    tokens: state.tokens,
    cost_usd: state.cost_usd,
  };
}

/** The steps of the run by how they ended; what had not by now is cancelled with the run. */
function taskCounts(state: RunState): JsonObject {
  const counts = { total: 0, done: 0, failed: 0, skipped: 0, cancelled: 0, rejected: 0 };
  for (const { kind, status } of state.tasks.values()) {
    if (kind === "item" || kind === "branch") continue;
    counts.total += 1;
    counts[isCounted(status) ? status : "cancelled"] += 1;
  }
  return counts;
}

function isCounted(status: string): status is "done" | "failed" | "skipped" | "rejected" {
  return ["done", "failed", "skipped", "rejected"].includes(status);
}
