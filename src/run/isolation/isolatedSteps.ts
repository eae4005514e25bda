/**
 * An isolated delegate as steps like any other: its worktree made, its agent at work in it and its gates asked of it there, the
 * changes shown, made again as a person asks, then merged or dropped. Pure in the step, so that a replay unfolds the same.
 */
import { isObject, type Json, type JsonObject, own } from "../../util/json.ts";
import type { DelegateStep } from "../../workflow/definition/activitySteps.ts";
import { isolationOf } from "../../workflow/definition/isolation.ts";
import type { ApproveStep } from "../../workflow/definition/personSteps.ts";
import type { Step } from "../../workflow/workflow.ts";
import {
  CHANGES,
  changes,
  DROP,
  drop,
  MERGE,
  mergeStep,
  REVIEW,
  review,
  tree,
  WORK,
  workOf,
} from "./parts.ts";

/** The tools that isolation works with. */
export const ISOLATION_TOOLS = ["create", "changes", "merge", "drop"].map(
  (name) => `worktree.${name}`,
);

/** How often a person may see the changes. */
const ROUNDS = 5;

/** What an isolated step does, in order. `task`: `RUN/PATH`. */
export function isolatedSteps(step: DelegateStep, task: string): readonly Step[] {
  const { merge } = isolationOf(step.isolation ?? "worktree");
  const asks = merge === "ask" ? [reviewWithChanges(step, task)] : [];
  return [
    tree(step, task),
    workOf(step),
    changes(task),
    ...asks,
    mergeStep(step, task, merge === "ask" ? LATEST : "{{ steps.isolated_changes.commit }}"),
    drop(step, task),
  ];
}

/** The commit that a person approved: of the last version that was shown. */
const LATEST =
  "{{ steps.isolated_review.revision.changes.commit if steps.isolated_review.revision is defined else steps.isolated_changes.commit }}";

function reviewWithChanges(step: DelegateStep, task: string): ApproveStep {
  const work = workOf(step);
  const again: readonly Step[] = [
    { ...work, id: AGAIN, name: "Change", instructions: `${work.instructions}\n\n${ASKED}` },
    { ...changes(task), id: CHANGES_AGAIN },
    { kind: "return", id: "isolated-shown", value: SHOWN },
  ];
  return { ...review(step), allow: ["comment"], max_rounds: ROUNDS, revise: again };
}

const AGAIN = "isolated-again";
const CHANGES_AGAIN = "isolated-changes-again";

/** The next version, and what it is made of. */
const SHOWN: JsonObject = {
  response:
    "{{ steps.isolated_changes_again.text if steps.isolated_changes_again.files | length > 0 else 'Nothing is changed any more.' }}",
  changes: "{{ steps.isolated_changes_again }}",
  work: "{{ steps.isolated_again }}",
};

/** What a person said stands in `task`, never in a template, so that no comment is ever evaluated. */
const ASKED = `What you changed so far is in the folder. A person looked at it and asks for changes. Make them, and keep what
was right.
{% for comment in task.comments %}
- At "{{ task.plan.split('\\n')[comment.line - 1] | default('', true) | truncate(200) }}": {{ comment.text }}{% endfor %}`;

/** What came of it: the agent's last result, and what became of its changes. */
export function isolatedResult(results: JsonObject): JsonObject {
  const revision = field(results, REVIEW, "revision");
  const again = isObject(revision) ? revision : {};
  const work = own(again, "work") ?? own(results, WORK) ?? null;
  const shown = own(again, "changes");
  const merged = field(results, MERGE, "commit");
  const branch = field(results, DROP, "branch");
  const files = isObject(shown) ? own(shown, "files") : field(results, CHANGES, "files");
  return {
    ...(isObject(work) ? work : { response: work }),
    isolation: {
      merged: merged !== null,
      files: files ?? [],
      ...(merged === null ? {} : { commit: merged }),
      ...(branch === null ? {} : { branch }),
    },
  };
}

function field(results: JsonObject, id: string, key: string): Json {
  const result = own(results, id);
  return isObject(result) ? (own(result, key) ?? null) : null;
}
