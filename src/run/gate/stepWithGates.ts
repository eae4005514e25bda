/** Which step of a file is meant by its gates, wherever it stands, and what it is called. Pure; judges nothing. */
import { closest } from "../../workflow/closest.ts";
import { bodyPlace, placedSteps } from "../../workflow/definition/stepPlace.ts";
import type { Bundle, Step, TaskDefinition } from "../../workflow/workflow.ts";
import { type Failure, failure } from "../failure.ts";

/** A step of a file with the body that it stands in. */
export interface GatedStep {
  /** Its id; where others with gates have the same one, the way to it: `both.left/check`, `task:check`. */
  readonly name: string;
  readonly step: Step;
  readonly body: TaskDefinition;
}

/** The step of the main file that `wanted` names; without it the only one with gates. */
export function stepWithGates(bundle: Bundle, wanted?: string): GatedStep | Failure {
  const all = gatedSteps(bundle);
  const found =
    wanted === undefined ? all : all.filter((one) => one.name === wanted || one.step.id === wanted);
  const [only] = found;
  if (only && found.length === 1) return only;
  return wanted === undefined || only
    ? failure("invalid_input", whichStep(bundle.main, found))
    : noStep(bundle.main, all, wanted);
}

/** Every step of the main file that has gates, those of its tasks after its own. */
function gatedSteps({ main, workflows }: Bundle): readonly GatedStep[] {
  const workflow = workflows[main];
  if (!workflow) return [];
  const placed = placedSteps(main, workflow).filter(({ step }) => (step.gates ?? []).length > 0);
  return placed.map(({ place, step, path }) => {
    const task = path[0] === "tasks" ? workflow.tasks[String(path[1])] : undefined;
    const alike = placed.filter((other) => other.step.id === step.id);
    const name = alike.length === 1 ? step.id : place.slice(bodyPlace(main).length);
    return { name, step, body: task ?? workflow };
  });
}

function whichStep(workflow: string, found: readonly GatedStep[]): string {
  if (found.length === 0) return `No step of ${workflow} has gates.`;
  const listed = found.slice(0, 20).map(({ name }) => name);
  return `Which step of ${workflow}? Gates are at ${listed.join(", ")}.`;
}

function noStep(workflow: string, all: readonly GatedStep[], wanted: string): Failure {
  const names = all.flatMap(({ name, step }) => [name, step.id]);
  const meant = closest(wanted, names);
  const next = meant === undefined ? whichStep(workflow, all) : `Did you mean ${meant}?`;
  return failure("invalid_input", `No step ${wanted} of ${workflow} has gates. ${next}`);
}
