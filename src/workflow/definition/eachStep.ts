/**
 * Walks the steps of a definition: the one place that knows which step holds which lists.
 */
import type { Step } from "../workflow.ts";

/** The lists of steps directly inside a step, each with the segment it adds to a definition's address. */
export function innerLists(step: Step): readonly (readonly [string, readonly Step[]])[] {
  const lists: (readonly [string, readonly Step[]])[] = [];
  switch (step.kind) {
    case "condition":
      lists.push(["then", step.then], ["else", step.else]);
      break;
    case "foreach":
      if (step.steps) lists.push(["steps", step.steps]);
      break;
    case "while":
    case "graph":
      lists.push(["steps", step.steps]);
      break;
    case "parallel":
      for (const branch of step.branches) lists.push([branch.id, branch.steps]);
      break;
    case "approve":
      if (step.on_reject) lists.push(["on_reject", step.on_reject]);
      if (step.revise && typeof step.revise !== "string") lists.push(["revise", step.revise]);
      break;
    default:
      break;
  }
  if (Array.isArray(step.on_error)) lists.push(["on_error", step.on_error]);
  if (step.on_cancel) lists.push(["on_cancel", step.on_cancel]);
  return lists;
}

/** Every step of a list and of the lists inside it, outer before inner, in document order. */
export function* eachStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const [, inner] of innerLists(step)) yield* eachStep(inner);
  }
}
