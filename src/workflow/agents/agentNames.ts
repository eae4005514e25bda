/**
 * Where a step names agents. Owns the list of those places; what stands behind a name is not known here.
 */
import { isAgentCheck } from "../definition/gate.ts";
import type { Supervision } from "../definition/supervision.ts";
import type { DocumentPath } from "../diagnostic.ts";
import { places } from "../place.ts";
import type { Step, Workflow } from "../workflow.ts";

export interface AgentName {
  /** With its `@`. */
  readonly name: string;
  /** From the step to the name. */
  readonly path: DocumentPath;
}

/** Every agent that a step itself names, its gates and its supervision included; not those of steps inside it. */
export function agentNames(step: Step): readonly AgentName[] {
  return [...inGates(step), ...inFields(step)];
}

/** The agents that the steps of a file name; undefined is among them where some step takes the default agent. */
export function agentsWanted(workflow: Workflow): ReadonlySet<string | undefined> {
  const names = new Set<string | undefined>();
  let unnamed = false;
  for (const { step } of places(workflow)) {
    for (const { name } of agentNames(step)) names.add(name);
    unnamed ||= (step.kind === "delegate" || step.kind === "plan") && step.agent === undefined;
  }
  return unnamed ? names.add(undefined) : names;
}

function inGates({ gates = [] }: Step): readonly AgentName[] {
  return gates.flatMap(({ check }, index) =>
    isAgentCheck(check) ? at(check.agent, "gates", index, "check", "agent") : [],
  );
}

function inFields(step: Step): readonly AgentName[] {
  switch (step.kind) {
    case "delegate":
    case "foreach":
      return [...at(step.agent, "agent"), ...inSupervision(step.supervise)];
    case "worker_call":
      return inSupervision(step.supervise);
    case "approve":
      return typeof step.revise === "string" ? at(step.revise, "revise") : [];
    case "plan":
      return [
        ...at(step.agent, "agent"),
        ...at(step.solver, "solver"),
        ...step.workers.flatMap(({ agent }, index) => at(agent, "workers", index, "agent")),
      ];
    default:
      return [];
  }
}

function inSupervision(supervision: Supervision | undefined): readonly AgentName[] {
  if (!supervision) return [];
  const { validator, confidence, escalation } = supervision;
  return [
    ...(validator === "heuristic" ? [] : at(validator, "supervise", "validator")),
    ...at(confidence.agent, "supervise", "confidence", "agent"),
    ...(escalation.reroute ?? []).flatMap((name, index) =>
      at(name, "supervise", "escalation", "reroute", index),
    ),
  ];
}

function at(name: string | undefined, ...path: DocumentPath): readonly AgentName[] {
  return name === undefined ? [] : [{ name, path }];
}
