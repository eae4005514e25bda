/** Keys of `execution` that say nothing in its mode, and edges where all steps begin at once. */
import type { Checking } from "../checking.ts";

/** Checks the `execution` of a file against its steps. */
export function checkExecution(checking: Checking): void {
  const { execution, steps, limits } = checking.workflow;
  if (!execution) return;
  const { mode, parallel_limit: width } = execution;
  const at = ["execution", "parallel_limit"];
  if (width !== undefined && mode === "sequential") {
    const message = "`parallel_limit` has no effect with `mode: sequential`.";
    checking.report({ at, part: "key", severity: "warning", code: "no-effect", message });
  }
  const most = limits.max_parallel;
  if (width !== undefined && most !== undefined && width > most) {
    const message = `\`parallel_limit\` is more than \`limits.max_parallel\` allows (${most}) for steps that act.`;
    checking.report({ at, severity: "warning", code: "no-effect", message });
  }
  if (mode !== "parallel") return;
  steps.forEach((step, index) => {
    if (step.depends_on === undefined) return;
    const message =
      "With `mode: parallel` all steps begin at once. Write `mode: dependency-driven` to let them wait.";
    checking.report({ at: ["steps", index, "depends_on"], part: "key", code: "no-graph", message });
  });
}
