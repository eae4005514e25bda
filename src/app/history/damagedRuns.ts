/**
 * Runs whose journal cannot be read, as lines of a list: they are failed, and what stood before the damage says the rest.
 * Owns which questions they answer: the index has no line about them.
 */
import { recordedOf } from "../../engine/drive.ts";
import { fold } from "../../run/evolve/evolve.ts";
import { runLineOf } from "../../run/history/pastRun.ts";
import type { Condition, RunQuery } from "../../run/history/query.ts";
import type { RunSummary } from "../app.ts";
import type { RunDisk } from "../runs/runDisk.ts";
import { damagedSummary } from "../runs/summary.ts";

/** The line about a run that cannot be read. `why`: for people. Never rejects. */
export async function lookAtDamaged(
  disk: Pick<RunDisk, "salvage" | "changed">,
  run: string,
  why: string,
): Promise<RunSummary> {
  const changed = await disk.changed(run).catch(() => 0);
  const salvage = await disk.salvage(run).catch(() => undefined);
  const state = salvage && fold(salvage.records.map(recordedOf));
  const before = state ? { before: runLineOf(state) } : {};
  return damagedSummary({ run, damage: why, changed, ...before });
}

/** Whether a run that cannot be read fits a question. What is not known of it answers no question, and no negation. */
export function fitsDamaged(summary: RunSummary, query: RunQuery): boolean {
  return query.every((condition) => {
    const holds = answer(summary, condition);
    return holds !== undefined && holds !== condition.not;
  });
}

function answer(summary: RunSummary, condition: Condition): boolean | undefined {
  const { run, workflow, subject, started_at } = summary;
  switch (condition.field) {
    case "text": {
      const text = `${run}\n${workflow}\n${subject}`.toLowerCase();
      return condition.any.some((part) => text.includes(part));
    }
    case "run":
      return condition.any.some((part) => run.includes(part));
    case "workflow":
      return condition.any.some((part) => workflow.toLowerCase().includes(part));
    case "status":
      return condition.any.some((word) => word === "failed" || word === "finished");
    case "since":
      return started_at >= condition.at;
    case "until":
      return started_at < condition.at;
    default:
      return undefined;
  }
}
