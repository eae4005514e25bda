/**
 * The name of a step in its definition, whatever run it is in: `workflow:outer/step`. Ids make it, not positions, so that
 * it outlives an edit elsewhere in the file. Owns the spelling; knows no run and no line.
 */

import type { DocumentPath } from "../diagnostic.ts";
import { listsInside, type StepList } from "../place.ts";
import type { Step, Workflow } from "../workflow.ts";

/** A step with the place that it has in every run, and its node in the document. */
export interface PlacedStep {
  readonly place: string;
  readonly step: Step;
  readonly path: DocumentPath;
}

/** What the places of a body begin with. `workflow` is its key in a bundle; without `task` it is the main body. */
export function bodyPlace(workflow: string, task?: string): string {
  return task === undefined ? `${workflow}:` : `${workflow}#${task}:`;
}

/** A step's place in the list at `list`. */
export function stepPlace(list: string, id: string): string {
  return list.endsWith(":") ? `${list}${id}` : `${list}/${id}`;
}

/** What the places of a list inside a step begin with; `label` tells the step's lists apart, "" for its only one. */
export function listPlace(step: string, label: string): string {
  return label === "" ? step : `${step}.${label}`;
}

/** Every step of a file that is the workflow `key` of a bundle, outer before inner. */
export function placedSteps(key: string, workflow: Workflow): readonly PlacedStep[] {
  const body = (steps: readonly Step[], path: DocumentPath): StepList => ({
    role: "body",
    steps,
    path,
  });
  return [
    ...stepsIn(body(workflow.steps, ["steps"]), bodyPlace(key)),
    ...Object.entries(workflow.tasks).flatMap(([task, { steps }]) =>
      stepsIn(body(steps, ["tasks", task, "steps"]), bodyPlace(key, task)),
    ),
  ];
}

function stepsIn({ steps, path }: StepList, list: string): readonly PlacedStep[] {
  return steps.flatMap((step, index) => {
    const place = stepPlace(list, step.id);
    const here = [...path, index];
    // `execution` writes a graph around the steps of a file, which the file itself does not have.
    const unfolded = step.kind === "graph" && step.unfolded === true;
    const inner = listsInside(step, here).flatMap((each) =>
      stepsIn(each, unfolded ? list : listPlace(place, labelOf(step, each))),
    );
    if (unfolded) return inner;
    return [{ place, step, path: here }, ...inner];
  });
}

function labelOf(step: Step, { role, path }: StepList): string {
  if (role === "branch" && step.kind === "parallel")
    return step.branches[Number(path.at(-2))]?.id ?? "";
  const key = String(path.at(-1));
  return key === "steps" ? "" : key;
}
