/** Tasks of a file that no way through its steps leads to. */
import { removal } from "../../mend/fixes.ts";
import { places } from "../../place.ts";
import type { Workflow } from "../../workflow.ts";
import type { Checking } from "../checking.ts";

/** A hint for each task that neither the main body nor a task that it uses runs. `key`: of the file in its bundle. */
export function checkUnusedTasks(checking: Checking, key: string): void {
  const { workflow, source } = checking;
  const names = Object.keys(workflow.tasks);
  const used = usedTasks(workflow, key);
  const unused = names.filter((name) => !used.has(name));
  for (const name of unused) {
    const whole = unused.length === names.length && unused.length === 1;
    const edit = source.edits.removeKey(whole ? ["tasks"] : ["tasks", name]);
    checking.report({
      at: ["tasks", name],
      part: "key",
      severity: "hint",
      code: "unused-task",
      message: `Nothing runs the task \`${name}\`.`,
      fix: removal(`Remove the task \`${name}\``, edit),
    });
  }
}

function usedTasks(workflow: Workflow, key: string): ReadonlySet<string> {
  const calls = new Map<string | undefined, string[]>();
  for (const { step, task } of places(workflow)) {
    const body =
      step.kind === "foreach" ? step.task : step.kind === "workflow" ? step.workflow : undefined;
    if (body?.task === undefined || body.workflow !== key) continue;
    calls.set(task, [...(calls.get(task) ?? []), body.task]);
  }
  const used = new Set<string>();
  const todo = [...(calls.get(undefined) ?? [])];
  for (let task = todo.pop(); task !== undefined; task = todo.pop()) {
    if (used.has(task)) continue;
    used.add(task);
    todo.push(...(calls.get(task) ?? []));
  }
  return used;
}
