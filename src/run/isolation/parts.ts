/**
 * The steps that an isolated delegate is made of, one by one. Pure in the step, so that a replay unfolds the same: what stands
 * here must stay as it is for every journal.
 */
import type { JsonObject } from "../../util/json.ts";
import type { DelegateStep, McpCallStep } from "../../workflow/definition/activitySteps.ts";
import { isolationOf } from "../../workflow/definition/isolation.ts";
import type { ApproveStep } from "../../workflow/definition/personSteps.ts";

export const WORK = "isolated-work";
export const CHANGES = "isolated-changes";
/** Id of the step in which a person looks at the changes. */
export const REVIEW = "isolated-review";
export const MERGE = "isolated-merge";
export const DROP = "isolated-drop";

const CHANGED = "steps.isolated_changes.files | length > 0";
const APPROVED = "steps.isolated_review is defined and steps.isolated_review.approved";
const FOLDER = "{{ steps.isolated_tree.folder }}";

/** Makes the worktree. `task`: `RUN/PATH`. */
export function tree(step: DelegateStep, task: string): McpCallStep {
  const { dirty } = settings(step);
  return tool("isolated-tree", "create", "Worktree", { task, dirty });
}

/** The step itself, in the worktree; what comes before and after it is its task's. */
export function workOf(step: DelegateStep): DelegateStep {
  const { isolation: _i, output_to: _o, when: _w, ...inner } = step;
  const {
    on_error: _h,
    on_cancel: _c,
    breakpoint: _b,
    depends_on: _d,
    total_timeout: _t,
    ...work
  } = inner;
  return { ...work, id: WORK, folder: FOLDER };
}

/** The step without its gates. */
export function ungated(step: DelegateStep): DelegateStep {
  const { gates: _g, enforce: _e, ...rest } = step;
  return rest;
}

/** Commits what was changed, and says what that is. */
export function changes(task: string): McpCallStep {
  return tool(CHANGES, "changes", "Changes", { task, base: "{{ steps.isolated_tree.base }}" });
}

/** Puts the changes before a person. */
export function review(step: DelegateStep): ApproveStep {
  return {
    kind: "approve",
    id: REVIEW,
    name: "Review",
    title: literal(`Merge the work of ${titleOf(step)}?`),
    plan: "{{ steps.isolated_changes.text }}",
    when: `{{ ${CHANGED} }}`,
    allow: [],
    max_rounds: 1,
    on_reject: [],
  };
}

/** Merges `commit` where the settings, or a person, say so. */
export function mergeStep(step: DelegateStep, task: string, commit: string): McpCallStep {
  const { merge } = settings(step);
  const title = literal(titleOf(step));
  return {
    ...tool(MERGE, "merge", "Merge", { task, title, commit }),
    when: merge === "never" ? "{{ false }}" : `{{ ${merge === "ask" ? APPROVED : CHANGED} }}`,
  };
}

/** Takes the worktree away. */
export function drop(step: DelegateStep, task: string): McpCallStep {
  return tool(DROP, "drop", "Clear away", { task, keep: settings(step).merge === "never" });
}

function settings({ isolation = "worktree" }: DelegateStep) {
  return isolationOf(isolation);
}

function titleOf({ name, id }: DelegateStep): string {
  return name ?? id;
}

function tool(id: string, name: string, title: string, parameters: JsonObject): McpCallStep {
  const timeout = 120_000;
  return {
    kind: "mcp_call",
    id,
    name: title,
    tool: `worktree.${name}`,
    parameters,
    effects: "repeatable",
    timeout,
  };
}

/** Text that the template language leaves as it is. */
function literal(text: string): string {
  return text.includes("{")
    ? `{{ ${JSON.stringify(text).replace(/[{}]/g, (c) => (c === "{" ? "\\u007b" : "\\u007d"))} }}`
    : text;
}
