/**
 * The workflows of the seeds, made once each: the generator's own, or rougher ones that people steer.
 */
import type { RunStarted } from "../../src/run/event.ts";
import { createProgram, type Program } from "../../src/run/start/program.ts";
import { drawing } from "../run/drawing.ts";
import { CHILD, generateWorkflow } from "../run/generate.ts";
import { dependent, rougher } from "../run/rougher.ts";
import { begin, bundleOf, simulate } from "../run/simulate.ts";
import { answerAt, ending } from "../run/world.ts";
import { outcomeOf } from "./outside.ts";
import type { Plan } from "./plan.ts";

export interface Workflow {
  readonly program: Program;
  readonly first: RunStarted;
  /** How it ends in peace. */
  readonly peace: string;
}

const workflows = new Map<string, Workflow>();

export function workflowOf({ workflow, rough }: Plan): Workflow {
  const name = `${workflow} ${rough}`;
  const known = workflows.get(name);
  if (known) return known;
  const program = createProgram();
  const draw = drawing(workflow);
  const text = generateWorkflow(draw);
  const bundle = bundleOf(
    rough ? JSON.stringify(dependent(draw, rougher(draw, JSON.parse(text)))) : text,
    { "child.workflow.yaml": CHILD },
  );
  const first = begin(program, bundle);
  const inPeace = (): string =>
    ending(
      simulate(program, [first], {
        outcome: (effect, failedBefore) => outcomeOf(workflow, effect, failedBefore),
        answer: ({ id, path }) => answerAt(workflow, id, path),
      }).state,
    );
  const { event } = first;
  if (event.type !== "run_started") throw new Error("a run begins with run_started");
  const made: Workflow = {
    program,
    first: { ...event, machine: "here" },
    peace: rough ? "" : inPeace(),
  };
  workflows.set(name, made);
  return made;
}
