/**
 * The gates of one step of a workflow, to be judged with no run around them. Pure: it makes a workflow that is nothing but that
 * step's gates, and plays the start of its run. Owns what is left of the file; what judges is the run's own.
 */
import type { Json, JsonObject } from "../../util/json.ts";
import type { Gate } from "../../workflow/definition/gate.ts";
import type { Inputs } from "../../workflow/definition/inputDefinition.ts";
import type { Bundle, Step, TaskDefinition } from "../../workflow/workflow.ts";
import { decide } from "../decide/decide.ts";
import type { Recorded, RunEvent, RunStarted } from "../event.ts";
import { fold } from "../evolve/evolve.ts";
import { type Failure, failure } from "../failure.ts";
import type { Program } from "../start/program.ts";
import { lackOf, movesFor, readsItem, readsOf, readsOfValue, type Unjudged } from "./gateNeeds.ts";
import { type FoundGates, gatesAt } from "./gatesAgain.ts";
import { gateStepOf } from "./ownGates.ts";
import { stepWithGates } from "./stepWithGates.ts";

/** A step of a file, and what it is taken to have given. */
export interface StepAlone {
  /** Its id, or the way to it; absent: the only one with gates. */
  readonly step?: string;
  readonly output?: Json;
}

/** A file with nothing left but the gates of one step, and what those gates read. */
export interface OnlyGates {
  readonly ok: true;
  readonly bundle: Bundle;
  /** What the step is called. */
  readonly name: string;
  readonly unjudged: readonly Unjudged[];
}

/** What is left of a file for the gates of one step; refused when none of them can be judged without a run. */
export function onlyGates(
  program: Program,
  bundle: Bundle,
  { step: wanted, output }: StepAlone,
): OnlyGates | { readonly ok: false; readonly failure: Failure } {
  const found = stepWithGates(bundle, wanted);
  const main = bundle.workflows[bundle.main];
  if (!main || "code" in found) return { ok: false, failure: found as Failure };
  const { step, body, name } = found;
  const unjudged: Unjudged[] = [];
  const gates: Gate[] = [];
  for (const gate of step.gates ?? []) {
    const lack = lackOf(program, gate, body, output !== undefined);
    if (lack) unjudged.push(lack);
    else gates.push(gate);
  }
  if (gates.length === 0) return { ok: false, failure: noneAlone(name, unjudged) };
  const alone = { ...main, ...bodyFor(program, body, gates), steps: [gatesOnly(step, gates)] };
  const workflows = { [bundle.main]: { ...alone, tasks: {} } };
  return { ok: true, bundle: { main: bundle.main, workflows }, name, unjudged };
}

/** The gates of the only step of the workflow that this event starts, as `onlyGates` made it. */
export function gatesOfStep(
  program: Program,
  first: RunStarted,
  output: Json,
  at: number,
): FoundGates {
  const [step] = first.bundle.workflows[first.bundle.main]?.steps ?? [];
  const path = step?.kind === "gate" ? step.id : `${step?.id}/gates`;
  const records = played(program, first, at, output);
  const gates = gatesAt(program, records, { path, at, before: [] });
  if (gates) return { ok: true, gates };
  const message = `The gates of ${step?.id} could not be asked: ${whyNot(records)}`;
  return { ok: false, failure: failure("expression_error", message) };
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

function whyNot(records: readonly Recorded[]): string {
  const failed = records.findLast(({ event }) => "failure" in event)?.event;
  return failed && "failure" in failed && failed.failure
    ? failed.failure.message
    : "they were never reached.";
}

/** A step with nothing left but its gates; what did its work is a stand-in that is never performed. */
function gatesOnly(step: Step, gates: readonly Gate[]): Step {
  const { id, name, needs_state } = step;
  const kept = {
    id,
    ...(name === undefined ? {} : { name }),
    ...(needs_state === undefined ? {} : { needs_state }),
    gates,
  };
  if (step.kind === "gate") return { ...gateStepOf(step), ...kept };
  const { timeout } = step;
  const limit = timeout === undefined ? {} : { timeout };
  return { ...kept, ...limit, kind: "shell", command: "true" };
}

/** The inputs and first state of a body, as far as these gates read them: nothing else has to be given. */
function bodyFor(
  program: Program,
  { inputs, initial_state }: TaskDefinition,
  gates: readonly Gate[],
): Pick<TaskDefinition, "inputs" | "initial_state"> {
  const reads = gates.flatMap((gate) => readsOf(program, gate));
  const read = membersOf(reads, "state");
  const fields: JsonObject = Object.fromEntries(
    Object.entries(initial_state).filter(
      ([field, first]) =>
        (read === "all" || read.has(field)) && !readsItem(readsOfValue(program, first)),
    ),
  );
  const given = membersOf([...reads, ...readsOfValue(program, fields)], "inputs");
  const asked: Inputs = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) =>
      given === "all" || given.has(name) ? [name, input] : [name, { ...input, required: false }],
    ),
  );
  return { inputs: asked, initial_state: fields };
}

/** Which members of a root are read; `all` where only the value of an expression says so. */
function membersOf(
  reads: ReturnType<typeof readsOfValue>,
  wanted: "state" | "inputs",
): ReadonlySet<string> | "all" {
  const members = reads.filter(({ root }) => root === wanted).map(({ path: [member] }) => member);
  const names = members.filter((member) => typeof member === "string");
  return names.length === members.length ? new Set(names) : "all";
}

function noneAlone(name: string, unjudged: readonly Unjudged[]): Failure {
  const each = unjudged.map((gate) => `${gate.name} ${gate.reason}`).join("; ");
  const moves = movesFor(unjudged).join(" ");
  const message = `No gate of ${name} can be judged without a run: ${each}. ${moves}`;
  return failure("invalid_input", message);
}
