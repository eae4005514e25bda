/**
 * A bundle in which every step names its agents by the keys that the run knows them by. One name means different agents
 * in workflows whose settings differ; once bound, nothing that follows has to know which workflow a name comes from.
 */
import { places, replacedAt } from "../place.ts";
import type { Bundle, Workflow } from "../workflow.ts";
import { agentNames } from "./agentNames.ts";

/** The same bundle, its agents' names replaced by their keys; what keeps its names is shared, not copied. */
export function bindAgents(
  bundle: Bundle,
  keyOf: (workflow: string, name: string) => string,
): Bundle {
  const bound = Object.entries(bundle.workflows).map(([key, workflow]): [string, Workflow] => {
    const named = [...places(workflow)].flatMap(({ step, path }) =>
      agentNames(step).map((each) => ({ ...each, path: [...path, ...each.path] })),
    );
    const renamed = named.flatMap(({ name, path }) => {
      const agent = keyOf(key, name);
      return agent === name ? [] : [{ path, value: agent }];
    });
    return [key, replacedAt(workflow, renamed)];
  });
  return { ...bundle, workflows: Object.fromEntries(bound) };
}
