/**
 * The edges of graphs: names that do not exist, cycles, edges that say nothing.
 * What the order lets happen is for the folder `order`.
 */
import { closest } from "../../closest.ts";
import type { DocumentPath } from "../../diagnostic.ts";
import type { Fix } from "../../edit.ts";
import { fixOf } from "../../mend/fixes.ts";
import type { StepList } from "../../place.ts";
import type { Step } from "../../workflow.ts";
import { type Checking, oneOf, reportNoEffect } from "../checking.ts";
import { LARGEST_GRAPH } from "./graphOrder.ts";
import { checkGraphWrites } from "./unordered.ts";

/** False, after a report, when a graph is too large to be looked at pair by pair. */
export function checkSize(checking: Checking, { steps, path }: StepList): boolean {
  if (steps.length <= LARGEST_GRAPH) return true;
  const message =
    `A graph has at most ${LARGEST_GRAPH} steps; this one has ${steps.length}. ` +
    "Put some of them into a workflow of their own, or use a `foreach`.";
  checking.report({ at: path, part: "key", code: "too-large", message });
  return false;
}

/** Checks the steps of a graph against each other. */
export function checkGraph(checking: Checking, list: StepList): void {
  list.steps.forEach((step, index) => {
    checkEdges(checking, list, step, [...list.path, index]);
  });
  checkCycles(checking, list);
  checkGraphWrites(checking, list.steps, ({ depends_on = [] }) => depends_on, list.path);
}

/** Edges have no meaning where the steps stand in an order. */
export function checkOutsideGraph(checking: Checking, step: Step, path: DocumentPath): void {
  for (const key of ["depends_on", "blocked_timeout"] as const) {
    if (step[key] === undefined) continue;
    const message = `\`${key}\` has a meaning only for the steps of a \`graph\`; here each step follows the one before.`;
    checking.report({ at: [...path, key], part: "key", code: "no-graph", message });
  }
}

function checkEdges(checking: Checking, list: StepList, step: Step, path: DocumentPath): void {
  const { depends_on = [] } = step;
  const others = list.steps.flatMap(({ id }) => (id === step.id || id === "" ? [] : [id]));
  depends_on.forEach((id, index) => {
    const at = [...path, "depends_on", index];
    if (id === step.id) {
      const message = `Step \`${id}\` depends on itself: it would never begin.`;
      checking.report({ at, code: "cycle", message, fix: withoutEdge(checking, path, id, index) });
    } else if (!others.includes(id)) {
      checking.report({
        at,
        code: "unknown-dependency",
        message: `There is no step \`${id}\` in this graph.`,
        expected: oneOf(others, "another step of the graph, but this is the only one"),
        suggestion: closest(id, others),
      });
    } else if (depends_on.indexOf(id) < index) {
      const message = `\`${id}\` is already listed.`;
      const fix = withoutEdge(checking, path, id, index);
      checking.report({ at, severity: "hint", code: "no-effect", message, fix });
    }
  });
  if (step.blocked_timeout === undefined || depends_on.length > 0) return;
  const message =
    "`blocked_timeout` has no effect without `depends_on`: the step waits for nothing.";
  reportNoEffect(checking, [...path, "blocked_timeout"], message);
}

function withoutEdge(
  { source }: Checking,
  step: DocumentPath,
  id: string,
  index: number,
): Fix | undefined {
  const edit = source.edits.removeItems([...step, "depends_on"], index, index + 1);
  return fixOf(`Remove \`${id}\` from \`depends_on\``, edit);
}

/** One error a cycle, at the edge that closes it. */
function checkCycles(checking: Checking, list: StepList): void {
  const places = new Map(list.steps.map(({ id }, index) => [id, index]));
  const done = new Set<number>();
  const visit = (index: number, trail: readonly number[]): void => {
    if (done.has(index)) return;
    const way = [...trail, index];
    list.steps[index]?.depends_on?.forEach((id, edge) => {
      const to = places.get(id);
      if (to === undefined || to === index) return;
      const start = way.indexOf(to);
      if (start >= 0) reportCycle(checking, list, way.slice(start), edge);
      else visit(to, way);
    });
    done.add(index);
  };
  list.steps.forEach((_, index) => {
    visit(index, []);
  });
}

function reportCycle(
  checking: Checking,
  list: StepList,
  around: readonly number[],
  edge: number,
): void {
  const [first = 0] = around;
  const way = [...around, first].map((index) => `\`${list.steps[index]?.id}\``).join(" → ");
  const message = `These steps wait for each other, so none of them would ever begin: ${way}.`;
  const at = [...list.path, around.at(-1) ?? first, "depends_on", edge];
  checking.report({ at, code: "cycle", message });
}
