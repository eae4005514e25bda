/**
 * What `execution` stands for: a graph around the steps of a file, and limits of the run.
 * Owns that sugar; nothing after linking knows of it.
 */
import type { GraphStep } from "../definition/controlSteps.ts";
import type { Limits, Workflow } from "../workflow.ts";

/** Id of the step that stands for the steps of a file. */
export const EXECUTION = "execution";

/** Steps at once where nothing is said. */
const PARALLEL_LIMIT = 10;

/** The same workflow with its `execution` written out. */
export function unfoldExecution(workflow: Workflow): Workflow {
  const { execution, steps } = workflow;
  if (!execution) return workflow;
  const limits = limitsOf(workflow);
  if (execution.mode === "sequential" || steps.length === 0) return { ...workflow, limits };
  const graph: GraphStep = {
    kind: "graph",
    id: EXECUTION,
    steps,
    max_parallel: execution.parallel_limit ?? PARALLEL_LIMIT,
    unfolded: true,
  };
  return { ...workflow, limits, steps: [graph] };
}

/** True when the steps of a file are those of a graph. */
export function isGraph({ execution }: Workflow): boolean {
  return execution !== undefined && execution.mode !== "sequential";
}

function limitsOf({ limits, execution }: Workflow): Limits {
  const { timeout, parallel_limit: width = 0 } = execution ?? {};
  const shortest = Math.min(
    timeout ?? Number.POSITIVE_INFINITY,
    limits.timeout ?? Number.POSITIVE_INFINITY,
  );
  // More at once than a run allows that says nothing: then that is what is meant.
  const wider = limits.max_parallel === undefined && width > PARALLEL_LIMIT;
  return {
    ...limits,
    ...(Number.isFinite(shortest) ? { timeout: shortest } : {}),
    ...(wider ? { max_parallel: width } : {}),
  };
}
