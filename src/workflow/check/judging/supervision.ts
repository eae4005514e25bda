/** Settings of `supervise` that a table of keys cannot judge: those that leave others without an effect. */
import { eachStep } from "../../definition/eachStep.ts";
import type { Supervision } from "../../definition/supervision.ts";
import type { DocumentPath } from "../../diagnostic.ts";
import type { Step } from "../../workflow.ts";
import { type Checking, reportNoEffect } from "../checking.ts";

/** Checks the supervision of a step; `path` is the step's. */
export function checkSupervision(checking: Checking, step: Step, path: DocumentPath): void {
  const supervise = "supervise" in step ? step.supervise : undefined;
  if (!supervise) return;
  const at = [...path, "supervise"];
  checkOrder(checking, supervise, at);
  if (step.kind === "delegate" && step.timeout !== undefined) {
    const key = [...at, "iteration_timeout"];
    const message = "`iteration_timeout` has no effect beside the `timeout` of the step.";
    if (checking.source.has(key)) reportNoEffect(checking, key, message);
  }
  if (step.kind === "foreach" && step.steps && ![...eachStep(step.steps)].some(mayAsk)) {
    const message = "`supervise` has no effect on a foreach without a delegate step inside.";
    reportNoEffect(checking, at, message);
  }
}

/** A delegate step, or what may lead to one elsewhere. */
function mayAsk(step: Step): boolean {
  if (step.kind === "delegate" || step.kind === "workflow") return true;
  return step.kind === "foreach" && step.task !== undefined;
}

/** Between a threshold and a breakpoint above it, what is good enough would be escalated. */
function checkOrder(
  checking: Checking,
  { quality, confidence, breakpoints }: Supervision,
  at: DocumentPath,
): void {
  const pairs = [
    ["quality", quality.threshold, "quality_too_low", breakpoints.quality_too_low],
    ["confidence", confidence.threshold, "low_confidence", breakpoints.low_confidence],
  ] as const;
  for (const [part, threshold, name, breakpoint] of pairs) {
    if (breakpoint <= threshold) continue;
    const own = [...at, "breakpoints", name];
    const said = checking.source.has(own) ? own : [...at, part, "threshold"];
    const message =
      `Below \`${name}\` (${breakpoint}) a person is asked at once, so \`${part}.threshold\` (${threshold}) is never what decides. ` +
      "Put the breakpoint below the threshold.";
    checking.report({ at: said, severity: "warning", code: "no-effect", message });
  }
}
