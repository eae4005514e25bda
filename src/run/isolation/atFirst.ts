/**
 * How an isolated step unfolded at first: its gates asked of its result after the merge, its review a yes or a no. Journals
 * that began so go on so; nothing begins so any more.
 */
import type { DelegateStep } from "../../workflow/definition/activitySteps.ts";
import { isolationOf } from "../../workflow/definition/isolation.ts";
import type { Step } from "../../workflow/workflow.ts";
import { changes, drop, mergeStep, review, tree, ungated, workOf } from "./parts.ts";

/** What an isolated step did, in order. `task`: `RUN/PATH`. */
export function isolatedAtFirst(step: DelegateStep, task: string): readonly Step[] {
  const { merge } = isolationOf(step.isolation ?? "worktree");
  const asks = merge === "ask" ? [{ ...review(step), allow: [], max_rounds: 1 }] : [];
  return [
    tree(step, task),
    workOf(ungated(step)),
    changes(task),
    ...asks,
    mergeStep(step, task, "{{ steps.isolated_changes.commit }}"),
    drop(step, task),
  ];
}
