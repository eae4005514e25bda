/**
 * Where each step of a file stands, by the name that its tasks will have: ids joined by `/`, without visits and items.
 * Owns that mapping, for pictures that lead back to the text.
 */
import type { DocumentPath, Range } from "../workflow/diagnostic.ts";
import { listsInside } from "../workflow/place.ts";
import type { SourceMap } from "../workflow/source.ts";
import type { Step, Workflow } from "../workflow/workflow.ts";

export interface StepPlace {
  /** `research/look`, `both/left/one`. */
  readonly place: string;
  /** The whole step, and its id in it. */
  readonly range: Range;
  readonly selection: Range;
}

/** Steps within steps of a file, those of its tasks under each step that calls them; outer before inner. */
export function stepPlaces(workflow: Workflow, source: SourceMap): readonly StepPlace[] {
  const found: StepPlace[] = [];
  walk({ workflow, source, found }, { steps: workflow.steps, path: ["steps"], place: "" }, []);
  return found;
}

/** The innermost step around an offset of the text. */
export function placeAt(places: readonly StepPlace[], offset: number): StepPlace | undefined {
  return places.findLast(
    ({ range: { start, end } }) => start.offset <= offset && offset <= end.offset,
  );
}

interface Walk {
  readonly workflow: Workflow;
  readonly source: SourceMap;
  readonly found: StepPlace[];
}

interface List {
  readonly steps: readonly Step[];
  readonly path: DocumentPath;
  readonly place: string;
}

/** `tasks`: those that are being walked; one that calls itself is not followed again. */
function walk(all: Walk, { steps, path, place }: List, tasks: readonly string[]): void {
  for (const [index, step] of steps.entries()) {
    const own = [...path, index];
    const name = place === "" ? step.id : `${place}/${step.id}`;
    const range = all.source.value(own);
    const selection = all.source.has([...own, "id"]) ? all.source.value([...own, "id"]) : range;
    all.found.push({ place: name, range, selection });
    for (const list of listsInside(step, own)) {
      const inner = list.role === "branch" ? `${name}/${branchOf(step, list.path, own)}` : name;
      walk(all, { steps: list.steps, path: list.path, place: inner }, tasks);
    }
    const task = taskOf(step);
    const body = task === undefined ? undefined : all.workflow.tasks[task];
    if (task !== undefined && body && !tasks.includes(task))
      walk(all, { steps: body.steps, path: ["tasks", task, "steps"], place: name }, [
        ...tasks,
        task,
      ]);
  }
}

function branchOf(step: Step, list: DocumentPath, own: DocumentPath): string {
  const index = list[own.length + 1];
  return step.kind === "parallel" && typeof index === "number"
    ? (step.branches[index]?.id ?? "")
    : "";
}

function taskOf(step: Step): string | undefined {
  if (step.kind === "foreach") return step.task?.name;
  return step.kind === "workflow" ? step.workflow.name : undefined;
}
