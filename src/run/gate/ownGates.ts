/** What comes between a step's work and its end: its own gates, as a step of their own, and the stop after it. */
import type { GateStep } from "../../workflow/definition/activitySteps.ts";
import type { Gate } from "../../workflow/definition/gate.ts";
import type { Step } from "../../workflow/workflow.ts";
import type { OpenTask } from "../state.ts";

/** The gates over a step's output; a gate step's are its work. */
export function ownGates(step: Step): readonly Gate[] {
  return step.kind === "gate" ? [] : (step.gates ?? []);
}

/** True when a step is not at its end once its work is done. */
export function endsLater(step: Step): boolean {
  return step.breakpoint === "after" || ownGates(step).length > 0;
}

/** True when a task's gates are asked of its output once its work is done: inside an isolated step they are asked before. */
export function judgesOutput({ step, opening }: Pick<OpenTask, "step" | "opening">): boolean {
  const inside = opening?.kind === "isolated" && opening.form === 2;
  return !inside && ownGates(step).length > 0;
}

/** A step's gates as a step inside it: judged, made again and shown like any other. `enforce`: whether it may fail. */
export function gateStepOf(step: Step): GateStep {
  const { needs_state, timeout, enforce = false } = step;
  return {
    kind: "gate",
    id: "gates",
    gates: ownGates(step),
    enforce,
    ...(step.kind === "delegate" && step.folder !== undefined ? { folder: step.folder } : {}),
    ...(needs_state === undefined ? {} : { needs_state }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}
