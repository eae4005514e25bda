/**
 * Where a step sends a run: steps that send it where it cannot go.
 */
import { closest } from "../../closest.ts";
import type { GotoStep } from "../../definition/controlSteps.ts";
import type { DocumentPath } from "../../diagnostic.ts";
import type { Step } from "../../workflow.ts";
import { type Checking, oneOf } from "../checking.ts";
import type { Scope } from "../scope.ts";

/** Checks a step that sends the run elsewhere than to the step after it, or limits how often that happens. */
export function checkFlow(checking: Checking, step: Step, path: DocumentPath, scope: Scope): void {
  const { loop } = scope;
  switch (step.kind) {
    case "goto":
      checkTarget(checking, step, path, scope);
      checkIterations(checking, step.max_iterations, path);
      return;
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

function checkTarget(
  checking: Checking,
  { id, target }: GotoStep,
  path: DocumentPath,
  { all, targets }: Scope,
): void {
  if (target === "" || (targets.includes(target) && target !== id)) return;
  const at = [...path, "target"];
  if (target === id) {
    const message = `\`${id}\` goes to itself: it would do nothing else.`;
    checking.report({ at, code: "cycle", message });
    return;
  }
  const others = targets.filter((other) => other !== id);
  const out = all.has(target);
  checking.report({
    at,
    code: out ? "unreachable-target" : "unknown-step-name",
    message: out
      ? `\`${id}\` cannot go to \`${target}\`: the way there leads into another step, or out of an item, branch, graph, task or workflow.`
      : `There is no step \`${target}\`.`,
    expected: oneOf(
      others,
      "a step of the same list or of one around it, but there is none to go to",
    ),
    suggestion: out ? undefined : closest(target, others),
  });
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
