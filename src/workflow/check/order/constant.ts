/**
 * Conditions that always come to the same, whatever the run does.
 * Owns what counts as constant: nothing is read, nothing is asked of the clock, of chance or of the surroundings.
 */
import type { Budget } from "../../../expression/budget.ts";
import { references, uses } from "../../../expression/references.ts";
import { compileExpression, isTruthy, renderTemplate } from "../../../expression/template.ts";

/** What an expression always comes to as a condition; undefined when it depends on anything, or cannot be read. */
export function constantTruth(expression: string | undefined): boolean | undefined {
  if (expression === undefined) return undefined;
  const compiled = compileExpression(expression);
  if (!compiled.ok) return undefined;
  const { template } = compiled;
  const varies = uses(template).some(
    ({ kind, name }) => kind === "function" || (kind === "filter" && name === "random"),
  );
  if (varies || references(template).length > 0) return undefined;
  const result = renderTemplate(template, {
    roots: {},
    at: 0,
    random: () => 0,
    env: () => undefined,
    lenient: false,
    budget: BUDGET,
  });
  return result.ok ? isTruthy(result.value) : undefined;
}

/** A condition that needs more than this is not worth knowing before it runs. */
const BUDGET: Budget = { steps: 500, bytes: 10_000, depth: 10 };
