/**
 * An isolated delegate as steps like any other: its worktree made, its agent at work in it, the changes shown, then merged
 * or dropped. Pure in the step, so that a replay unfolds the same.
 */
import { isObject, type Json, type JsonObject, own } from "../../util/json.ts";
import type { DelegateStep, McpCallStep } from "../../workflow/definition/activitySteps.ts";
import { isolationOf } from "../../workflow/definition/isolation.ts";
import type { ApproveStep } from "../../workflow/definition/personSteps.ts";
import type { Step } from "../../workflow/workflow.ts";

const TREE = "isolated-tree";
const WORK = "isolated-work";
const CHANGES = "isolated-changes";
/** Id of the step in which a person looks at the changes. */
export const REVIEW = "isolated-review";
const MERGE = "isolated-merge";
const DROP = "isolated-drop";

/** The tools that isolation works with. */
export const ISOLATION_TOOLS = ["create", "changes", "merge", "drop"].map(
  (name) => `worktree.${name}`,
);

/** What an isolated step does, in order. `task`: `RUN/PATH`. */
export function isolatedSteps(step: DelegateStep, task: string): readonly Step[] {
  const title = step.name ?? step.id;
  const { merge, dirty } = isolationOf(step.isolation ?? "worktree");
  const changed = "steps.isolated_changes.files | length > 0";
  const approved = "steps.isolated_review is defined and steps.isolated_review.approved";
  const merges = merge === "ask" ? [review(title, changed)] : [];
  return [
    tool(TREE, "create", "Worktree", { task, dirty }),
    workOf(step),
    tool(CHANGES, "changes", "Changes", { task, base: "{{ steps.isolated_tree.base }}" }),
    ...merges,
    {
      ...tool(MERGE, "merge", "Merge", {
        task,
        title: literal(title),
        commit: "{{ steps.isolated_changes.commit }}",
      }),
      when: merge === "never" ? "{{ false }}" : `{{ ${merge === "ask" ? approved : changed} }}`,
    },
    tool(DROP, "drop", "Clear away", { task, keep: merge === "never" }),
  ];
}

/** What came of it: the agent's result, and what became of its changes. */
export function isolatedResult(results: JsonObject): JsonObject {
  const work = own(results, WORK) ?? null;
  const merged = field(results, MERGE, "commit");
  const branch = field(results, DROP, "branch");
  return {
    ...(isObject(work) ? work : { response: work }),
    isolation: {
      merged: merged !== null,
      files: field(results, CHANGES, "files") ?? [],
      ...(merged === null ? {} : { commit: merged }),
      ...(branch === null ? {} : { branch }),
    },
  };
}

function field(results: JsonObject, id: string, key: string): Json {
  const result = own(results, id);
  return isObject(result) ? (own(result, key) ?? null) : null;
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

/** The step itself, in the worktree; what comes before and after it is its task's. */
function workOf(step: DelegateStep): DelegateStep {
  const { isolation: _i, output_to: _o, when: _w, gates: _g, enforce: _e, ...inner } = step;
  const {
    on_error: _h,
    on_cancel: _c,
    breakpoint: _b,
    depends_on: _d,
    total_timeout: _t,
    ...work
  } = inner;
  return { ...work, id: WORK, folder: "{{ steps.isolated_tree.folder }}" };
}

function review(title: string, changed: string): ApproveStep {
  return {
    kind: "approve",
    id: REVIEW,
    name: "Review",
    title: literal(`Merge the work of ${title}?`),
    plan: "{{ steps.isolated_changes.text }}",
    when: `{{ ${changed} }}`,
    allow: [],
    max_rounds: 1,
    on_reject: [],
  };
}

/** Text that the template language leaves as it is. */
function literal(text: string): string {
  return text.includes("{")
    ? `{{ ${JSON.stringify(text).replace(/[{}]/g, (c) => (c === "{" ? "\\u007b" : "\\u007d"))} }}`
    : text;
}
