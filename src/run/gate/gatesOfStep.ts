/**
 * The gates of one step of a workflow, to be judged with no run around them. Pure: it plays the start of a run that has
 * nothing but that step, as far as its gates. Owns which step is meant; what judges is the run's own.
 */
import type { Json } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import { eachStep } from "../../workflow/definition/eachStep.ts";
import type { Bundle, Step, Workflow } from "../../workflow/workflow.ts";
import { decide } from "../decide/decide.ts";
import type { Recorded, RunEvent, RunStarted } from "../event.ts";
import { fold } from "../evolve/evolve.ts";
import { type Failure, failure } from "../failure.ts";
import type { Program } from "../start/program.ts";
import { type FoundGates, gatesAt } from "./gatesAgain.ts";
import { gateStepOf } from "./ownGates.ts";

export interface StepAlone {
  /** Its id; absent: the only one with gates. */
  readonly step?: string;
  /** What it is taken to have given, for gates over its output. */
  readonly output?: Json;
}

/** The gates of a step of the workflow that this event starts. */
export function gatesOfStep(
  program: Program,
  first: RunStarted,
  { step: wanted, output = null }: StepAlone,
  at: number,
): FoundGates {
  const main = first.bundle.workflows[first.bundle.main];
  const found = main ? stepWithGates(main, wanted) : noStep("", []);
  if (!main || "code" in found) return { ok: false, failure: found as Failure };
  const alone = onlyGates(found);
  const records = played(
    program,
    { ...first, bundle: withOnly(first.bundle, main, alone) },
    at,
    output,
  );
  const path = alone.kind === "gate" ? alone.id : `${alone.id}/gates`;
  const gates = gatesAt(program, records, { path, at, before: [] });
  return gates ? { ok: true, gates } : { ok: false, failure: noStep(main.name, [found.id]) };
}

/** The records of a run of this step up to where its gates are to be judged. */
function played(
  program: Program,
  first: RunStarted,
  at: number,
  output: Json,
): readonly Recorded[] {
  const records: Recorded[] = [];
  const add = (event: RunEvent) => void records.push({ seq: records.length + 1, at, event });
  add(first);
  for (let round = 0; round < ROUNDS; round++) {
    const state = fold(records);
    for (const { event } of state ? decide({ program, state, at }) : []) {
      if (event.type === "gates_judged") return records;
      add(event);
      if (event.type !== "task_started") continue;
      const { path, attempt, token } = event;
      if (event.request?.activity === "gate") return records;
      add({ type: "attempt_completed", path, attempt, token, result: output });
    }
  }
  return records;
}

/** The step, its gates' step, their attempt: more than these are never needed. */
const ROUNDS = 6;

/** A step with nothing left but its gates; what did its work is a stand-in that is never performed. */
function onlyGates(step: Step): Step {
  const { id, name, needs_state } = step;
  const kept = {
    id,
    ...(name === undefined ? {} : { name }),
    ...(needs_state === undefined ? {} : { needs_state }),
  };
  if (step.kind === "gate") return { ...gateStepOf(step), ...kept, gates: step.gates };
  return { ...kept, kind: "shell", command: "true", gates: step.gates ?? [] };
}

function withOnly(bundle: Bundle, main: Workflow, step: Step): Bundle {
  const workflows = { ...bundle.workflows, [bundle.main]: { ...main, steps: [step] } };
  return { ...bundle, workflows };
}

function stepWithGates(main: Workflow, wanted: string | undefined): Step | Failure {
  // A task's steps stand in a state of their own, which only a run has.
  const gated = [...eachStep(main.steps)].filter(({ gates = [] }) => gates.length > 0);
  const found = wanted === undefined ? gated : gated.filter(({ id }) => id === wanted);
  const [only] = found;
  if (only && (wanted !== undefined || found.length === 1)) return only;
  const names = gated.map(({ id }) => id);
  return wanted === undefined ? whichStep(main.name, names) : noStep(main.name, names, wanted);
}

function whichStep(workflow: string, names: readonly string[]): Failure {
  if (names.length === 0) return failure("invalid_input", `No step of ${workflow} has gates.`);
  const listed = names.slice(0, 20).join(", ");
  return failure("invalid_input", `Which step of ${workflow}? Gates are at ${listed}.`);
}

function noStep(workflow: string, names: readonly string[], wanted = ""): Failure {
  const meant = closest(wanted, names);
  const next = meant === undefined ? whichStep(workflow, names).message : `Did you mean ${meant}?`;
  return failure("invalid_input", `No step ${wanted} of ${workflow} has gates. ${next}`);
}
