/**
 * The step at a place of a workflow and what its expressions may name.
 * Owns the walk down to the place; how scopes grow is the validator's own rule.
 */
import { bodyScope, innerScope, type Scope } from "../workflow/check/scope.ts";
import type { DocumentPath } from "../workflow/diagnostic.ts";
import { listsInside, type StepList } from "../workflow/place.ts";
import type { Step, TaskDefinition, Workflow } from "../workflow/workflow.ts";

export interface Surroundings {
  readonly body: TaskDefinition;
  /** Path of the body in the document: `[]` or `["tasks", name]`. */
  readonly bodyPath: DocumentPath;
  readonly scope: Scope;
  /** The innermost step around the place. */
  readonly step?: Step;
  /** The steps that `scope.earlier` names, the nearest last. */
  readonly earlier: readonly Step[];
  /** The steps of the same list, itself included. */
  readonly siblings: readonly Step[];
}

/** What is around a path of the document. */
export function surroundingsAt(workflow: Workflow, path: DocumentPath): Surroundings {
  const [first, second] = path;
  const task = first === "tasks" && typeof second === "string" ? second : undefined;
  const known = task !== undefined && Object.hasOwn(workflow.tasks, task);
  const body = (known && workflow.tasks[task]) || workflow;
  const bodyPath = known ? ["tasks", task] : [];
  const list: StepList = { path: [...bodyPath, "steps"], steps: body.steps, role: "body" };
  const scope = bodyScope(body, list, task === undefined ? "no" : "perhaps");
  return descend({ body, bodyPath, scope, earlier: [], siblings: [] }, list, path);
}

function descend(around: Surroundings, list: StepList, path: DocumentPath): Surroundings {
  if (!startsWith(path, list.path)) return around;
  const index = path[list.path.length];
  const step = typeof index === "number" ? list.steps[index] : undefined;
  if (!step || typeof index !== "number") return around;
  const before = list.steps.slice(0, index);
  const scope = {
    ...around.scope,
    earlier: [...around.scope.earlier, ...before.map(({ id }) => id)],
  };
  const earlier = [...around.earlier, ...before];
  const here = { ...around, scope, step, earlier, siblings: list.steps };
  for (const inner of listsInside(step, [...list.path, index])) {
    if (!startsWith(path, inner.path)) continue;
    return descend({ ...here, scope: innerScope(scope, step, inner) }, inner, path);
  }
  return here;
}

/** True when the second path leads to something around, or at, the first. */
export function startsWith(path: DocumentPath, start: DocumentPath): boolean {
  return start.length <= path.length && start.every((segment, at) => segment === path[at]);
}
