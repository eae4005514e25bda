/**
 * What the expressions at a place may name: inputs, state fields, earlier steps, the item.
 * Owns how scopes grow from list to list; the checks of single names are in `names`.
 */

import type { DocumentPath } from "../diagnostic.ts";
import { listsInside, type StepList } from "../place.ts";
import type { Step, TaskDefinition } from "../workflow.ts";

export interface Scope {
  /** Where the body stands in the document, whose `initial_state` declares the fields. */
  readonly body: DocumentPath;
  readonly inputs: readonly string[];
  readonly fields: ReadonlySet<string>;
  /** Ids of the steps before this one in its list, and before the steps around it in theirs. */
  readonly earlier: readonly string[];
  /** Every id of the body, to tell a step that is out of reach from one that does not exist. */
  readonly all: ReadonlySet<string>;
  /** Whether `item` and `loop` are known: for certain, only in some uses of the body, or not. */
  readonly item: "yes" | "perhaps" | "no";
  /** In a graph: the steps beside this one that it does not depend on. */
  readonly beside: readonly string[];
  /** Steps that a `goto` may go to: of this list, and of those around it that it may leave. */
  readonly targets: readonly string[];
  /** Whether `break` and `continue` have a loop to leave; otherwise why not. */
  readonly loop: "yes" | "none" | "parallel" | "apart";
  /** `run` is one that has ended. */
  readonly ended?: true;
  /** Further roots at this place: `output` and `files` in a gate's check. */
  readonly more: readonly string[];
}

/** A place where a step writes a state field. */
export interface Write {
  readonly field: string;
  readonly path: DocumentPath;
  readonly step: Step;
}

/** The scope of a body's first step. */
export function bodyScope(body: TaskDefinition, list: StepList, item: Scope["item"]): Scope {
  const fields = new Set(Object.keys(body.initial_state));
  for (const { field } of writesIn(list)) fields.add(field);
  return {
    body: list.path.slice(0, -1),
    inputs: Object.keys(body.inputs),
    fields,
    earlier: [],
    all: idsIn(list),
    item,
    beside: [],
    targets: [],
    loop: "none",
    more: [],
  };
}

/** The scope inside a list of a step, before its first step. */
export function innerScope(scope: Scope, step: Step, inner: StepList): Scope {
  switch (inner.role) {
    case "revision":
      return { ...scope, item: "yes" };
    case "compensation":
      return { ...scope, loop: "none", targets: [], more: [...scope.more, "task"] };
    case "turn":
      return { ...scope, loop: "yes" };
    case "branch":
    case "graph":
      return { ...scope, targets: [], loop: scope.loop === "none" ? "none" : "apart" };
    case "items": {
      const fields = new Set(scope.fields);
      for (const { field } of writesIn(inner)) fields.add(field);
      const loop = step.kind === "foreach" && step.sequential ? "yes" : "parallel";
      return { ...scope, fields, item: "yes", targets: [], loop };
    }
    default:
      return scope;
  }
}

/** What a list writes in the state that it runs in: not what items of a foreach write in their own. */
export function writesIn(list: StepList): Write[] {
  return list.steps.flatMap((step, index) => writesOf(step, [...list.path, index]));
}

/** What a step and the steps inside it write in the state that it runs in. */
export function writesOf(step: Step, path: DocumentPath): Write[] {
  const shared = listsInside(step, path).filter((inner) => inner.role !== "items");
  return [...ownWrites(step, path), ...shared.flatMap(writesIn)];
}

function ownWrites(step: Step, path: DocumentPath): Write[] {
  const writes: Write[] = [];
  if (step.kind === "set_state") {
    for (const field of Object.keys(step.updates)) {
      writes.push({ field, path: [...path, "updates", field], step });
    }
  }
  if (step.output_to !== undefined) {
    writes.push({ field: step.output_to, path: [...path, "output_to"], step });
  }
  return writes;
}

function idsIn(list: StepList): Set<string> {
  const ids = new Set<string>();
  list.steps.forEach((step, index) => {
    ids.add(step.id);
    for (const inner of listsInside(step, [...list.path, index])) {
      for (const id of idsIn(inner)) ids.add(id);
    }
  });
  return ids;
}
