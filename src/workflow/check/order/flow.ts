/**
 * Where a step sends a run: steps that send it where it cannot go.
 */
import type { DocumentPath } from "../../source.ts";
import type { Step } from "../../workflow.ts";
import type { Checking } from "../checking.ts";
import type { Scope } from "../scope.ts";

/** Checks a step that sends the run elsewhere than to the step after it, or limits how often that happens. */
export function checkFlow(
  checking: Checking,
  step: Step,
  path: DocumentPath,
  { loop }: Scope,
): void {
  switch (step.kind) {
    case "while":
      checkIterations(checking, step.max_iterations, path);
      return;
    case "break":
    case "continue":
      if (loop !== "yes") reportNoLoop(checking, step, path, loop);
      return;
    default:
      return;
  }
}

function checkIterations(checking: Checking, own: number | undefined, path: DocumentPath): void {
  const most = checking.workflow.limits.max_iterations ?? 100;
  if (own === undefined || own <= most) return;
  checking.report({
    at: [...path, "max_iterations"],
    severity: "warning",
    code: "no-effect",
    message: `\`max_iterations\` is more than \`limits.max_iterations\` allows (${most}). Raise that, too.`,
  });
}

function reportNoLoop(
  checking: Checking,
  { kind }: Step,
  path: DocumentPath,
  loop: Exclude<Scope["loop"], "yes">,
): void {
  const why = {
    none: "there is no loop around it",
    parallel: "the items of the `foreach` around it run side by side. Give that `sequential: true`",
    apart: "it would leave one of several things that run side by side",
  };
  const message = `\`${kind}\` has nothing to leave here: ${why[loop]}.`;
  const expected = "a place inside a `while` or a sequential `foreach`";
  checking.report({ at: [...path, "type"], code: "no-loop", message, expected });
}
