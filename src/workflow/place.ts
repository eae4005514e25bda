/**
 * Every step of a file with its place: the path of its node in the document and the steps around it.
 * Owns the one walk that linking and validation share.
 */
import { isList, isObject, type Json, type JsonObject } from "../util/json.ts";
import type { DocumentPath } from "./diagnostic.ts";
import type { Step, Workflow } from "./workflow.ts";

/** A list of steps and how it hangs in the step around it. */
export interface StepList {
  readonly path: DocumentPath;
  readonly steps: readonly Step[];
  /** What the list is in the step around it; `body` is a file's or a task's own list. */
  readonly role:
    | "body"
    | "branch"
    | "alternative"
    | "items"
    | "turn"
    | "graph"
    | "handler"
    | "revision"
    | "compensation";
}

export interface Place {
  readonly step: Step;
  readonly path: DocumentPath;
  /** Name in `tasks`; absent for the file's main body. */
  readonly task?: string;
}

/** Every step of the main body and of the inner tasks, outer before inner, in document order. */
export function* places(workflow: Workflow): Generator<Place> {
  yield* placesIn({ path: ["steps"], steps: workflow.steps, role: "body" }, undefined);
  for (const [task, body] of Object.entries(workflow.tasks)) {
    yield* placesIn({ path: ["tasks", task, "steps"], steps: body.steps, role: "body" }, task);
  }
}

/** The lists directly inside a step, each with its path in the document. */
export function listsInside(step: Step, path: DocumentPath): StepList[] {
  const list = (
    role: StepList["role"],
    steps: readonly Step[],
    ...rest: DocumentPath
  ): StepList => ({
    role,
    steps,
    path: [...path, ...rest],
  });
  const lists: StepList[] = [];
  switch (step.kind) {
    case "condition":
      lists.push(list("alternative", step.then, "then"), list("alternative", step.else, "else"));
      break;
    case "foreach":
      if (step.steps) lists.push(list("items", step.steps, "steps"));
      break;
    case "while":
      lists.push(list("turn", step.steps, "steps"));
      break;
    case "graph":
      lists.push(list("graph", step.steps, "steps"));
      break;
    case "parallel":
      step.branches.forEach((branch, index) => {
        lists.push(list("branch", branch.steps, "branches", index, "steps"));
      });
      break;
    case "approve":
      if (step.on_reject) lists.push(list("handler", step.on_reject, "on_reject"));
      if (step.revise && typeof step.revise !== "string")
        lists.push(list("revision", step.revise, "revise"));
      break;
    default:
      break;
  }
  if (step.on_error && typeof step.on_error !== "string") {
    lists.push(list("handler", step.on_error, "on_error"));
  }
  if (step.on_cancel) lists.push(list("compensation", step.on_cancel, "on_cancel"));
  return lists;
}

/** The same workflow with other values at these places of its steps; what holds none of them is shared, not copied. */
export function replacedAt(
  workflow: Workflow,
  values: readonly { readonly path: DocumentPath; readonly value: Json }[],
): Workflow {
  if (values.length === 0) return workflow;
  const byAddress = new Map(values.map(({ path, value }) => [addressOf(path), value]));
  const holders = new Set(
    values.flatMap(({ path }) => path.map((_, depth) => addressOf(path.slice(0, depth)))),
  );
  const replace = (json: Json, path: DocumentPath): Json => {
    const address = addressOf(path);
    const value = byAddress.get(address);
    if (value !== undefined) return value;
    if (!holders.has(address)) return json;
    if (isList(json)) return json.map((item, index) => replace(item, [...path, index]));
    return isObject(json) ? replaceIn(json, path) : json;
  };
  const replaceIn = (json: JsonObject, path: DocumentPath): JsonObject =>
    Object.fromEntries(
      Object.entries(json).map(([key, child]) => [key, replace(child, [...path, key])]),
    );
  return replaceIn(workflow as unknown as JsonObject, []) as unknown as Workflow;
}

function addressOf(path: DocumentPath): string {
  return JSON.stringify(path);
}

function* placesIn(list: StepList, task: string | undefined): Generator<Place> {
  for (const [index, step] of list.steps.entries()) {
    const path = [...list.path, index];
    yield task === undefined ? { step, path } : { step, path, task };
    for (const inner of listsInside(step, path)) yield* placesIn(inner, task);
  }
}
