/**
 * Steps that undo another (`on_cancel`) ask nobody: not themselves, and not in the tasks and workflows that they lead to.
 */

import { eachStep } from "../definition/eachStep.ts";
import type { DocumentPath } from "../diagnostic.ts";
import { listsInside, type StepList } from "../place.ts";
import type { BodyRef, Step } from "../workflow.ts";
import type { Checking } from "./checking.ts";

/** Checks the steps that undo a step. */
export function checkCompensation(checking: Checking, step: Step, path: DocumentPath): void {
  for (const list of listsInside(step, path))
    if (list.role === "compensation") checkList(checking, list);
}

function checkList(checking: Checking, list: StepList): void {
  list.steps.forEach((step, index) => {
    const path = [...list.path, index];
    const asks = whatAsks(step);
    if (asks !== undefined) report(checking, [...path, "type"], asks);
    const leads = referenceOf(step);
    const found = leads && asksWithin(checking, leads[1], new Set());
    if (leads && found !== undefined) {
      const message = `\`${leads[1].name}\` asks a person (step \`${found}\`)`;
      report(checking, [...path, leads[0]], message);
    }
    for (const inner of listsInside(step, path)) {
      if (inner.role !== "compensation") checkList(checking, inner);
      else {
        const message =
          "`on_cancel` has no effect here: steps that undo are not undone themselves.";
        const at = [...path, "on_cancel"];
        checking.report({ at, part: "key", severity: "warning", code: "no-effect", message });
      }
    }
  });
}

function report(checking: Checking, at: DocumentPath, what: string): void {
  checking.report({
    at,
    code: "asks-in-on-cancel",
    message: `${what}, but steps under \`on_cancel\` run when a run is given up, and ask nobody. Take it out of there.`,
  });
}

function whatAsks(step: Step): string | undefined {
  if (step.kind === "prompt" || step.kind === "approve")
    return `${step.kind === "approve" ? "An" : "A"} ${step.kind} step asks a person`;
  if (step.kind === "wait" && step.signal !== undefined)
    return "A wait for a signal asks somebody outside";
  return step.breakpoint === undefined ? undefined : "`breakpoint` stops for a person";
}

function referenceOf(step: Step): readonly ["task" | "workflow", BodyRef] | undefined {
  if (step.kind === "workflow") return ["workflow", step.workflow];
  return step.kind === "foreach" && step.task ? ["task", step.task] : undefined;
}

/** The id of the first step that asks a person in a body or in what it leads to. */
function asksWithin(checking: Checking, body: BodyRef, seen: Set<string>): string | undefined {
  const key = `${body.workflow}\n${body.task ?? ""}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  for (const step of eachStep(checking.target(body)?.steps ?? [])) {
    if (whatAsks(step) !== undefined) return step.id;
    const leads = referenceOf(step);
    const found = leads && asksWithin(checking, leads[1], seen);
    if (found !== undefined) return found;
  }
  return undefined;
}
